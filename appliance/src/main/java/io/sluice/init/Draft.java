package io.sluice.init;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration that was asked for. Nothing in it has been checked: that is for whoever reads the text.
 *
 * @param listen layout A: the one address of all Liberators; layout B: not used
 * @param certificates none = plain
 * @param instances one file, and one process, for each Liberator; layout B only
 * @param jmxPort of the first process; the next ones count up from it
 * @param logFolder where the logs go; null = standard output
 */
public record Draft(
        Layout layout,
        List<Backend> liberators,
        String listen,
        List<Certificate> certificates,
        boolean instances,
        int jmxPort,
        @Nullable String logFolder) {

    /** The text of each file by its name, {@code sluice.yaml} or, for instances, the Liberator's. */
    public Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        if (!instances) {
            files.put("sluice.yaml", text(liberators, jmxPort, "sluice"));
            return files;
        }
        int port = jmxPort;
        for (Backend each : liberators) {
            files.put(each.name() + ".yaml", text(List.of(each), port++, "sluice-" + each.name()));
        }
        return files;
    }

    private String text(List<Backend> served, int port, String logName) {
        StringBuilder text = new StringBuilder();
        text.append(
                        "# Written by sluice init. What is left out has its default; sluice check FILE finds every problem.\n")
                .append("version: 1\n\nlisteners:\n");
        if (layout == Layout.A) {
            listener(text, "public", listen, null);
            tls(text);
        }
        for (Backend each : served) {
            if (layout == Layout.B) {
                listener(text, each.name(), each.listen(), each.name());
                text.append("    onDown: refuse               # as the Liberator itself would\n");
                tls(text);
            }
            if (each.direct() != null) {
                listener(text, "direct-" + each.name(), each.directListen(), each.name());
                text.append("    kind: direct\n");
            }
        }
        text.append("\nliberators:\n");
        for (Backend each : served) {
            text.append("  - name: ").append(quoted(each.name())).append('\n');
            text.append("    address: ").append(quoted(each.address())).append('\n');
            if (each.direct() != null) {
                text.append("    direct: ").append(quoted(each.direct())).append('\n');
            }
        }
        if (layout == Layout.A) {
            text.append("\nroutes:\n");
            for (Backend each : served) {
                text.append("  - host: ").append(quoted(each.host())).append('\n');
                text.append("    liberator: ").append(quoted(each.name())).append('\n');
            }
        }
        text.append("\nmanagement:\n  jmx: { bind: \"127.0.0.1:").append(port).append("\" }\n");
        if (logFolder != null) {
            text.append("\nlog:\n  file: ")
                    .append(quoted(logFolder + "/" + logName + ".log"))
                    .append('\n');
        }
        return text.toString();
    }

    private static void listener(StringBuilder text, String name, @Nullable String bind, @Nullable String liberator) {
        text.append("  - name: ").append(quoted(name)).append('\n');
        text.append("    bind: ").append(quoted(bind)).append('\n');
        if (liberator != null) {
            text.append("    liberator: ").append(quoted(liberator)).append('\n');
        }
    }

    private void tls(StringBuilder text) {
        if (certificates.isEmpty()) {
            return;
        }
        text.append("    tls:\n      certificates:\n");
        for (Certificate each : certificates) {
            text.append("        - { chain: ")
                    .append(quoted(each.chain()))
                    .append(", key: ")
                    .append(quoted(each.key()))
                    .append(" }\n");
        }
    }

    /** As a YAML string (1.2, 7.3.1), whatever is in it; what was not given is empty and found by the check. */
    private static String quoted(@Nullable String value) {
        StringBuilder text = new StringBuilder("\"");
        for (char c : (value == null ? "" : value).toCharArray()) {
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                text.append(String.format("\\x%02x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append('"').toString();
    }
}
