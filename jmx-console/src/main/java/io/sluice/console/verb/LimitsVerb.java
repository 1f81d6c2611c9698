package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Failure;
import io.sluice.console.show.Table;
import picocli.CommandLine.Command;

/** {@code sluicectl limits}. */
@Command(
        name = "limits",
        description = "The limits of listeners and Liberators: value (0 = none), how often each took effect, and when"
                + " last.")
final class LimitsVerb extends ReadVerb {
    @Override
    Table read(Appliance appliance) throws Failure {
        return LineTables.of(appliance, "Limits", "sluice:type=Listener,*", "sluice:type=Liberator,*");
    }
}
