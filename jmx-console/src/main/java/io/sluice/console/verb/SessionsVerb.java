package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Failure;
import io.sluice.console.show.Table;
import picocli.CommandLine.Command;

/** {@code sluicectl sessions}. */
@Command(name = "sessions", description = "Who manages the appliance now: sessions of remote JMX.")
final class SessionsVerb extends ReadVerb {
    @Override
    Table read(Appliance appliance) throws Failure {
        return Table.ofLines(appliance.bean("Management").read("Sessions").lines("Sessions"))
                .orSay("no session is open");
    }
}
