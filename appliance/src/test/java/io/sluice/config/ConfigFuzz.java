package io.sluice.config;

import io.sluice.account.Accounts;
import io.sluice.account.StreamLog;
import io.sluice.route.RoutingTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;

/**
 * A file of any bytes through the loader: a configuration from which a table can be built, or problems that say where
 * they are; never anything else.
 */
public final class ConfigFuzz {
    private ConfigFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        ConfigResult result = ConfigLoader.parse("sluice.yaml", text, Path.of("/nowhere"));
        if (result instanceof ConfigResult.Refused refused) {
            check(!refused.problems().isEmpty(), "refused for no reason");
            for (Problem problem : refused.problems()) {
                String line = problem.toString();
                boolean placed = line.matches("(?s)sluice\\.yaml:[0-9]+:[0-9]+: .+");
                boolean whole = line.matches("(?s)sluice\\.yaml: (not YAML|holds more than|nested too deeply).*");
                check(placed || whole, "no position in: " + line);
                check(line.indexOf('\n') < 0 && line.indexOf('\u001b') < 0, "more than a line: " + line);
            }
        } else if (result instanceof ConfigResult.Loaded loaded) {
            RoutingTable table = RoutingTable.of(loaded.config(), new Accounts(new StreamLog(Set.of())), null);
            check(table.version() == 1, "no table");
        }
    }

    private static void check(boolean good, String what) {
        if (!good) {
            throw new AssertionError(what);
        }
    }
}
