package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl kill}. */
@Command(
        name = "kill",
        description = "Ends streams at once, both their sockets; a response under way is cut off and never made to look"
                + " complete. Clients may connect again: to take a Liberator out of service, drain it.",
        footer = {
            "%nExamples:",
            "  sluicectl kill 7f3a 7f3b",
            "  sluicectl kill --client 192.0.2.0/24 --dry-run",
            "  sluicectl kill --liberator lib-a --yes"
        })
final class KillVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Steering steering;

    @ArgGroup(exclusive = true, multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Which which;

    /** Which streams. */
    private static final class Which {
        @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids of streams, as in the log and in streams.")
        private @Nullable List<String> ids;

        @Option(names = "--client", paramLabel = "ADDRESS", description = "All of an address or a network.")
        private @Nullable String client;

        @Option(names = "--liberator", paramLabel = "NAME", description = "All of a Liberator.")
        private @Nullable String liberator;
    }

    @Override
    public Integer call() throws Failure {
        try (Appliance appliance = console.connect()) {
            Bean streams = appliance.bean("Streams");
            String client = which.client;
            String liberator = which.liberator;
            List<String> ids = which.ids;
            if (client != null) {
                end(streams, "killClient", List.of(client));
            } else if (liberator != null) {
                end(streams, "killLiberator", List.of(liberator));
            } else if (ids != null) {
                end(streams, "kill", ids);
            }
        }
        return Exit.DONE.code();
    }

    private void end(Bean streams, String operation, List<String> each) throws Failure {
        StringBuilder what = new StringBuilder();
        for (String one : each) {
            what.append(what.isEmpty() ? "" : "\n").append(String.join("\n", streams.say(operation, one, true)));
        }
        if (steering.isWanted(console, what.toString())) {
            for (String one : each) {
                console.printer().print(streams.say(operation, one, false));
            }
        }
    }
}
