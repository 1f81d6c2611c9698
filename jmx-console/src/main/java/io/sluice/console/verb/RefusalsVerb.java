package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Failure;
import io.sluice.console.show.Table;
import picocli.CommandLine.Command;

/** {@code sluicectl refusals}. */
@Command(
        name = "refusals",
        description = "What was refused since the start, by listener or Liberator and reason: HTTP status, how often,"
                + " how long ago it was last.")
final class RefusalsVerb extends ReadVerb {
    @Override
    Table read(Appliance appliance) throws Failure {
        return LineTables.of(appliance, "Refusals", "sluice:type=Listener,*", "sluice:type=Liberator,*")
                .orSay("nothing was refused");
    }
}
