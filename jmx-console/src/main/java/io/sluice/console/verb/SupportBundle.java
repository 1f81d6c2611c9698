package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Reasons;
import io.sluice.console.reach.Values;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What goes into a ticket. What cannot be had is said in its place: the figures of an appliance that is in trouble are
 * worth more than none.
 */
final class SupportBundle {
    private static final int LOG_BYTES = 2 << 20;
    private static final int MOST_STREAMS = 1000;
    /** A value of a key that is a secret, should somebody have written one where only its file belongs. */
    private static final Pattern SECRET = Pattern.compile(
            "(?i)([\\w-]*(?:password|passwd|secret|token|passphrase)[\\w-]*[\"']?\\s*:\\s*)[^\\s,}#][^,}#\\n]*");

    private static final Pattern PEM = Pattern.compile("-----BEGIN [^-]+-----[\\s\\S]*?-----END [^-]+-----");

    private final Appliance appliance;
    private final ZipOutputStream zip;

    SupportBundle(Appliance appliance, ZipOutputStream zip) {
        this.appliance = appliance;
        this.zip = zip;
    }

    private interface Part {
        String text() throws Failure, IOException;
    }

    void write(@Nullable Path log) throws IOException {
        part("about.txt", this::about);
        part("configuration.yaml", this::configuration);
        part(
                "doctor.txt",
                () -> new Examination(appliance)
                        .findings().stream()
                                .map(each -> each.state() + "  " + each.subject() + ": " + each.found()
                                        + (each.advice().isEmpty() ? "" : "\n    -> " + each.advice()))
                                .collect(Collectors.joining("\n")));
        part("mbeans.txt", this::everything);
        part("streams.txt", () -> String.join("\n", appliance.bean("Streams").say("table", "", 0, MOST_STREAMS)));
        part("slowest.txt", () -> String.join("\n", appliance.bean("Streams").say("slowest", MOST_STREAMS)));
        part("audit.json", () -> String.join("\n", appliance.bean("Management").say("audit")));
        part("threads.txt", this::threads);
        part("histogram.txt", this::histogram);
        if (log != null) {
            part("log.txt", () -> end(log));
        }
    }

    private void part(String name, Part part) throws IOException {
        String text;
        try {
            text = part.text();
        } catch (Failure | IOException | RuntimeException failed) {
            text = "not to be had: " + Reasons.of(failed);
        }
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.write('\n');
        zip.closeEntry();
    }

    private String about() throws Failure {
        Values runtime =
                appliance.named("java.lang:type=Runtime").read("VmName", "VmVersion", "InputArguments", "Uptime");
        Values system = appliance.named("java.lang:type=OperatingSystem").readAll();
        StringBuilder text = new StringBuilder("taken by sluicectl ")
                .append(Console.VersionText.text())
                .append(" from ")
                .append(appliance.where())
                .append('\n');
        text.append("java: ")
                .append(runtime.text("VmName"))
                .append(' ')
                .append(runtime.text("VmVersion"))
                .append('\n');
        if (runtime.raw("InputArguments") instanceof Object[] arguments) {
            for (Object each : arguments) {
                text.append("flag: ").append(each).append('\n');
            }
        }
        for (String each : system.names()) {
            if (!each.equals("ObjectName")) {
                text.append(each).append(": ").append(system.text(each)).append('\n');
            }
        }
        return text.toString();
    }

    /** As the appliance has it in force where it can say so, else the file, when it is on this host. */
    private String configuration() throws Failure, IOException {
        Bean routing = appliance.bean("RoutingTable");
        if (routing.has("generation")) {
            long version = routing.read("Version").number("Version");
            return withoutSecrets(String.join("\n", routing.say("generation", version)));
        }
        String file = appliance.bean("Appliance").read("ConfigFile").text("ConfigFile");
        return "# " + file + "\n" + withoutSecrets(Files.readString(Path.of(file), StandardCharsets.UTF_8));
    }

    static String withoutSecrets(String text) {
        String withoutKeys = PEM.matcher(text).replaceAll("(removed)");
        return SECRET.matcher(withoutKeys)
                .replaceAll(each -> each.group(1).matches("(?i).*file[\"']?\\s*:\\s*") ? "$0" : "$1(removed)");
    }

    private String everything() throws Failure {
        StringBuilder text = new StringBuilder();
        for (Bean bean : appliance.beans("sluice:*")) {
            text.append(bean.objectName()).append('\n');
            Values values = bean.readAll();
            for (String each : values.names()) {
                List<String> lines = values.lines(each);
                List<Values> records = values.records(each);
                if (!lines.isEmpty()) {
                    text.append("  ").append(each).append('\n');
                    lines.forEach(line -> text.append("    ").append(line).append('\n'));
                } else if (records.isEmpty() && !(values.raw(each) instanceof Object[])) {
                    text.append("  ")
                            .append(each)
                            .append(" = ")
                            .append(values.text(each))
                            .append('\n');
                }
            }
        }
        return text.toString();
    }

    private String threads() throws Failure {
        Bean bean = appliance.named("java.lang:type=Threading");
        Object ids = bean.read("AllThreadIds").raw("AllThreadIds");
        Object result = bean.invoke(
                "getThreadInfo",
                new Object[] {ids == null ? new long[0] : ids, Integer.MAX_VALUE},
                new String[] {long[].class.getName(), "int"});
        List<String> all = new ArrayList<>();
        for (Values thread : Values.records(result)) {
            StringBuilder text = new StringBuilder();
            text.append('"').append(thread.text("threadName")).append("\" ").append(thread.text("threadState"));
            for (Values frame : thread.records("stackTrace")) {
                text.append("\n    at ")
                        .append(frame.text("className"))
                        .append('.')
                        .append(frame.text("methodName"))
                        .append(':')
                        .append(frame.text("lineNumber"));
            }
            all.add(text.toString());
        }
        return String.join("\n\n", all);
    }

    /** Only by attaching: from elsewhere nobody reaches the JVM's own commands. */
    private String histogram() throws Failure {
        Object said = appliance
                .named("com.sun.management:type=DiagnosticCommand")
                .invoke("gcClassHistogram", new Object[] {new String[0]}, new String[] {String[].class.getName()});
        return said == null ? "" : said.toString();
    }

    private static String end(Path log) throws IOException {
        try (FileChannel channel = FileChannel.open(log)) {
            long from = Math.max(0, channel.size() - LOG_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - from));
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
                // until it is full
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        }
    }
}
