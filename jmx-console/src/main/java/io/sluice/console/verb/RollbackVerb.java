package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl rollback}. */
@Command(
        name = "rollback",
        description = "Puts an earlier configuration in force again, as a new version; open streams go on.")
final class RollbackVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Steering steering;

    @Parameters(paramLabel = "VERSION", description = "A version of generations.")
    private long version;

    @Override
    public Integer call() throws Failure {
        try (Appliance appliance = console.connect()) {
            Bean routing = appliance.bean("RoutingTable");
            long now = routing.read("Version").number("Version");
            String what = String.join("\n", routing.say("compare", now, version)) + "\nwould be put in force";
            if (steering.isWanted(console, what)) {
                routing.say("rollback", version).forEach(console::say);
            }
        }
        return Exit.DONE.code();
    }
}
