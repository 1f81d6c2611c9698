package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl save}. */
@Command(
        name = "save",
        description = "Has the appliance write the configuration in force to its file; the old file stays beside it.")
final class SaveVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Steering steering;

    @Override
    public Integer call() throws Failure {
        try (Appliance appliance = console.connect()) {
            if (steering.isWanted(console, "the configuration in force would be written to the appliance's file")) {
                appliance.bean("RoutingTable").say("save").forEach(console::say);
            }
        }
        return Exit.DONE.code();
    }
}
