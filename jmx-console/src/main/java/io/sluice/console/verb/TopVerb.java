package io.sluice.console.verb;

import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Reasons;
import io.sluice.console.reach.Terminals;
import io.sluice.console.reach.Way;
import io.sluice.console.sight.Sight;
import io.sluice.console.top.Top;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl top}. */
@Command(
        name = "top",
        description =
                "A screen that stays open: Liberators, streams, slow clients, ends, listeners, events; drain and kill"
                        + " with confirmation. The key ? shows all keys. With --all, several appliances.",
        footer = {"%nExamples:", "  sluicectl top", "  sluicectl --all top --interval 2"})
final class TopVerb implements Callable<Integer> {
    private static final int READINGS = 600;
    private static final int MILLIS = 1000;
    private static final double SHORTEST_SECONDS = 0.2;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            description = "Between two readings (default: ${DEFAULT-VALUE}).")
    private double intervalSeconds = 1;

    @Option(names = "--ascii", description = "Graphs of ASCII alone; by itself where the locale is not UTF-8.")
    private boolean ascii;

    @Override
    public Integer call() throws Failure {
        if (intervalSeconds < SHORTEST_SECONDS) {
            throw new Failure(
                    Exit.USAGE, "--interval is " + intervalSeconds + " (expected " + SHORTEST_SECONDS + " or more)");
        }
        if (!Terminals.inIsTerminal() || !Terminals.outIsTerminal()) {
            throw new Failure(Exit.USAGE, "top needs a terminal (for a program: sluicectl status -o json, or watch)");
        }
        List<Sight> sights = new ArrayList<>();
        for (Way each : console.ways()) {
            sights.add(new Sight(each, console.keyboard(), console.timeoutMillis(), READINGS));
        }
        // One that is not there is an error; of several, those that are there are shown, and the others when they come.
        for (Sight each : sights) {
            try {
                each.connect();
            } catch (Failure failure) {
                if (sights.size() == 1) {
                    throw failure;
                }
            }
        }
        boolean unicode = !ascii && isUnicode(console.environment());
        try (Top top = Top.onTerminal(sights, (int) Math.round(intervalSeconds * MILLIS), unicode)) {
            top.run();
        } catch (IOException none) {
            throw new Failure(Exit.REFUSED, "this terminal can show no screen: " + Reasons.of(none), none);
        }
        return Exit.DONE.code();
    }

    private static boolean isUnicode(Map<String, String> environment) {
        for (String each : List.of("LC_ALL", "LC_CTYPE", "LANG")) {
            String value = environment.getOrDefault(each, "");
            if (!value.isEmpty()) {
                return value.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8");
            }
        }
        return false;
    }
}
