package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluicectl commit}. */
@Command(
        name = "commit",
        description =
                "Puts what is staged in force; open streams go on. With --confirm-within, the version before comes back"
                        + " unless sluicectl confirm follows in time.")
final class CommitVerb extends ChangeVerb {
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
    Change change(Appliance appliance) throws Failure {
        Bean routing = appliance.bean("RoutingTable");
        return new Change(
                String.join("\n", routing.say("diff")) + "\n" + String.join("\n", routing.say("impact"))
                        + "\nwould be put in force",
                () -> seconds > 0 ? routing.say("commitWithin", comment, seconds) : routing.say("commit", comment));
    }
}
