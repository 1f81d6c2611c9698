package io.sluice;

import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import io.sluice.init.Backend;
import io.sluice.init.Certificate;
import io.sluice.init.Draft;
import io.sluice.init.Layout;
import io.sluice.init.Questions;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice init}: writes a configuration from a list of Liberators. */
@Command(
        name = "init",
        description = "Writes a configuration from a list of Liberators, given by options or, without any, asked for."
                + " What it writes passes the check; nothing is overwritten without --force.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:written",
            " 1:a file is there already, or cannot be written",
            " 2:an option is missing or wrong",
            "78:what was asked for makes no good configuration; nothing was written"
        },
        footer = {
            "",
            "Layout A, two Liberators by host name behind TLS:",
            "  sluice init --certificate tls/a.pem,tls/a.key \\",
            "    --liberator lib-a=10.1.0.1:8080 --host lib-a=a.example.com \\",
            "    --liberator lib-b=10.1.0.2:8080 --host lib-b=b.example.com",
            "Layout B, an address and a process for each:",
            "  sluice init --layout b --instances \\",
            "    --liberator lib-a=10.1.0.1:8080 --listen lib-a=192.0.2.1:8080 \\",
            "    --liberator lib-b=10.1.0.2:8080 --listen lib-b=192.0.2.2:8080",
        })
final class InitCommand implements Callable<Integer> {
    private static final String SERVICE_FOLDER = "/etc/sluice";
    private static final String SERVICE_LOGS = "/var/log/sluice";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--layout",
            paramLabel = "a|b",
            description = "a: by host name behind one address (default). b: an address for each Liberator.")
    private String layout = "a";

    @Option(
            names = "--liberator",
            paramLabel = "NAME=HOST:PORT",
            description = "A Liberator and where it listens for HTTP. Once for each.")
    private Map<String, String> addresses = new LinkedHashMap<>();

    @Option(
            names = "--host",
            paramLabel = "NAME=HOST",
            description = "Layout A: the host name that clients ask for to reach the Liberator.")
    private Map<String, String> hosts = new LinkedHashMap<>();

    @Option(
            names = "--listen",
            paramLabel = "[NAME=]HOST:PORT",
            description = "Where clients connect. Layout A: one address (default 0.0.0.0:443, or 0.0.0.0:8080 without"
                    + " certificates). Layout B: NAME=HOST:PORT for each Liberator.")
    private List<String> listens = new ArrayList<>();

    @Option(
            names = "--direct",
            paramLabel = "NAME=HOST:PORT",
            description = "Where the Liberator takes Direct connections (StreamLink type 1).")
    private Map<String, String> directs = new LinkedHashMap<>();

    @Option(
            names = "--direct-listen",
            paramLabel = "NAME=HOST:PORT",
            description = "Where clients connect for them. Default: the same port on all interfaces.")
    private Map<String, String> directListens = new LinkedHashMap<>();

    @Option(
            names = "--certificate",
            paramLabel = "CHAIN,KEY",
            description = "PEM files of a certificate and its key: TLS towards clients. Several are told apart by the"
                    + " names they are for.")
    private List<String> certificates = new ArrayList<>();

    @Option(
            names = "--instances",
            description = "Layout B: a file NAME.yaml for each Liberator, to be run by sluice@NAME, instead of one"
                    + " sluice.yaml for all.")
    private boolean instances;

    @Option(
            names = "--jmx-port",
            paramLabel = "PORT",
            description = "Port of remote JMX on loopback (default: ${DEFAULT-VALUE}). Instances count up from it.")
    private int jmxPort = 7199;

    @Option(
            names = "--log-folder",
            paramLabel = "DIR",
            description = "Where the logs go. Default: " + SERVICE_LOGS + " for " + SERVICE_FOLDER
                    + ", else standard output.")
    private @Nullable String logFolder;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "The folder to write to (default: ${DEFAULT-VALUE}).")
    private Path output = Path.of(SERVICE_FOLDER);

    @Option(names = "--force", description = "Overwrites files that are there.")
    private boolean force;

    @Option(names = "--dry-run", description = "Prints what would be written, and writes nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
        Logging.quiet();
        Draft draft;
        try {
            draft = addresses.isEmpty() ? asked() : fromOptions();
        } catch (EOFException ended) {
            System.err.println(
                    "nothing written: " + ended.getMessage() + "; or give --liberator and the other options");
            return 2;
        } catch (IOException unreadable) {
            System.err.println("nothing written: " + unreadable.getMessage());
            return 1;
        }
        Map<Path, String> files = new LinkedHashMap<>();
        draft.files().forEach((name, text) -> files.put(output.resolve(name), text));
        int code = check(files);
        if (code != 0) {
            return code;
        }
        if (dryRun) {
            files.forEach((file, text) -> System.out.printf("# %s%n%s%n", file, text));
            return 0;
        }
        try {
            return write(files);
        } catch (IOException unwritable) {
            System.err.println("not written: " + unwritable);
            return 1;
        }
    }

    private Draft asked() throws IOException {
        BufferedReader answers = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintWriter questions = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        return absolute(new Questions(answers, questions).ask(jmxPort, logs()));
    }

    private Draft fromOptions() {
        Layout chosen = switch (layout) {
            case "a", "A" -> Layout.A;
            case "b", "B" -> Layout.B;
            default -> throw wrong("--layout is '" + layout + "' (expected a or b)");
        };
        if (instances && chosen == Layout.A) {
            throw wrong("--instances needs --layout b: in layout A all Liberators share an address");
        }
        named("--host", hosts.keySet());
        named("--direct", directs.keySet());
        named("--direct-listen", directListens.keySet());
        Map<String, String> ownListens = new LinkedHashMap<>();
        String listen = certificates.isEmpty() ? "0.0.0.0:8080" : "0.0.0.0:443";
        if (chosen == Layout.B) {
            listens.forEach(each -> ownListens.put(before(each), after(each)));
            named("--listen", ownListens.keySet());
        } else if (listens.size() > 1) {
            throw wrong("--listen stands " + listens.size() + " times (layout a has one address)");
        } else if (listens.size() == 1) {
            listen = listens.get(0);
        }
        List<Backend> liberators = new ArrayList<>();
        addresses.forEach((name, address) -> liberators.add(new Backend(
                name,
                address,
                chosen == Layout.A ? required("--host", name, hosts) : null,
                chosen == Layout.B ? required("--listen", name, ownListens) : null,
                directs.get(name),
                directListen(name))));
        List<Certificate> pairs = new ArrayList<>();
        for (String each : certificates) {
            String[] files = each.split(",", -1);
            if (files.length != 2) {
                throw wrong("--certificate is '" + each + "' (expected CHAIN,KEY)");
            }
            pairs.add(new Certificate(files[0], files[1]));
        }
        return absolute(new Draft(chosen, liberators, listen, pairs, instances, jmxPort, logs()));
    }

    private String before(String pair) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
            throw wrong("--listen is '" + pair + "' (layout b expects NAME=HOST:PORT)");
        }
        return pair.substring(0, equals);
    }

    private static String after(String pair) {
        return pair.substring(pair.indexOf('=') + 1);
    }

    private @Nullable String directListen(String name) {
        String direct = directs.get(name);
        if (direct == null) {
            if (directListens.containsKey(name)) {
                throw wrong("--direct-listen " + name + " needs --direct " + name + "=HOST:PORT");
            }
            return null;
        }
        String given = directListens.get(name);
        return given != null ? given : "0.0.0.0" + direct.substring(Math.max(0, direct.lastIndexOf(':')));
    }

    private String required(String option, String name, Map<String, String> given) {
        String value = given.get(name);
        if (value == null) {
            throw wrong(option + " " + name + "=... is missing");
        }
        return value;
    }

    private void named(String option, Set<String> names) {
        for (String each : names) {
            if (!addresses.containsKey(each)) {
                throw wrong(option + " names '" + each + "', which is no --liberator (given: "
                        + String.join(", ", addresses.keySet()) + ")");
            }
        }
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    /** Names of files are given from here, and written so that they hold from the folder of the configuration. */
    private Draft absolute(Draft draft) {
        return new Draft(
                draft.layout(),
                draft.liberators(),
                draft.listen(),
                draft.certificates().stream()
                        .map(each -> new Certificate(
                                Path.of(each.chain())
                                        .toAbsolutePath()
                                        .normalize()
                                        .toString(),
                                Path.of(each.key()).toAbsolutePath().normalize().toString()))
                        .toList(),
                draft.instances(),
                draft.jmxPort(),
                draft.logFolder());
    }

    private @Nullable String logs() {
        if (logFolder != null) {
            return Path.of(logFolder).toAbsolutePath().normalize().toString();
        }
        return output.toAbsolutePath().normalize().equals(Path.of(SERVICE_FOLDER)) ? SERVICE_LOGS : null;
    }

    /** All files, before the first is written. */
    private int check(Map<Path, String> files) {
        int code = 0;
        for (Map.Entry<Path, String> each : files.entrySet()) {
            Path file = each.getKey();
            ConfigResult result = ConfigLoader.parse(file.toString(), each.getValue(), output.toAbsolutePath());
            if (result instanceof ConfigResult.Refused refused) {
                CheckCommand.print(refused.problems());
                code = CheckCommand.EXIT_BAD_CONFIG;
            }
            if (!dryRun && !force && Files.exists(file)) {
                System.err.println(file + " is there already; --force overwrites it");
                code = code == 0 ? 1 : code;
            }
        }
        if (code != 0) {
            System.err.println("nothing written");
        }
        return code;
    }

    private int write(Map<Path, String> files) throws IOException {
        Files.createDirectories(output);
        for (Map.Entry<Path, String> each : files.entrySet()) {
            Path draft = Files.createTempFile(output, ".sluice", ".yaml");
            try {
                Files.writeString(draft, each.getValue());
                // The service's user must read it, whatever root's umask; the folder keeps others out.
                Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
                Files.move(draft, each.getKey(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(draft);
            }
            System.out.println("written: " + each.getKey());
        }
        return 0;
    }
}
