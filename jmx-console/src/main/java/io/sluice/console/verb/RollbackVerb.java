package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluicectl rollback}. */
@Command(
        name = "rollback",
        description = "Puts an earlier configuration in force again, as a new version; open streams go on.")
final class RollbackVerb extends ChangeVerb {
    @Parameters(paramLabel = "VERSION", description = "A version of generations.")
    private long version;

    @Override
    Change change(Appliance appliance) throws Failure {
        Bean routing = appliance.bean("RoutingTable");
        long now = routing.read("Version").number("Version");
        return new Change(
                String.join("\n", routing.say("compare", now, version)) + "\nwould be put in force",
                () -> routing.say("rollback", version));
    }
}
