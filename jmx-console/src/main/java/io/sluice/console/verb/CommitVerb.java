package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl commit}. */
@Command(
        name = "commit",
        description =
                "Puts what is staged in force; open streams go on. With --confirm-within, the version before comes back"
                        + " unless sluicectl confirm follows in time.")
final class CommitVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Steering steering;

    @Option(
            names = {"-m", "--comment"},
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Why, for generations.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String comment;

    @Option(names = "--confirm-within", paramLabel = "SECONDS", description = "Until when confirm is expected.")
    private int seconds;

    @Override
    public Integer call() throws Failure {
        try (Appliance appliance = console.connect()) {
            Bean routing = appliance.bean("RoutingTable");
            String what = String.join("\n", routing.say("diff")) + "\n" + String.join("\n", routing.say("impact"))
                    + "\nwould be put in force";
            if (steering.isWanted(console, what)) {
                (seconds > 0 ? routing.say("commitWithin", comment, seconds) : routing.say("commit", comment))
                        .forEach(console::say);
            }
        }
        return Exit.DONE.code();
    }
}
