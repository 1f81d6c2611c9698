package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl diff}. */
@Command(
        name = "diff",
        description =
                "What would change if what is staged were committed, with the routes and open streams it touches; or"
                        + " what differs between two configurations that were in force.")
final class DiffVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Parameters(index = "0", arity = "0..1", paramLabel = "FROM", description = "A version of generations.")
    private @Nullable Long from;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TO", description = "Another.")
    private @Nullable Long to;

    @Override
    public Integer call() throws Failure {
        Long first = from;
        Long second = to;
        if ((first == null) != (second == null)) {
            throw new Failure(Exit.USAGE, "give two versions, or none for what is staged");
        }
        try (Appliance appliance = console.connect()) {
            Bean routing = appliance.bean("RoutingTable");
            List<String> lines;
            if (first != null && second != null) {
                lines = routing.say("compare", first, second);
            } else {
                lines = new ArrayList<>(routing.say("diff"));
                lines.addAll(routing.say("impact"));
            }
            console.printer().print(lines);
        }
        return Exit.DONE.code();
    }
}
