package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl confirm}. */
@Command(name = "confirm", description = "Keeps the version in force that waits for its confirmation.")
final class ConfirmVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Steering steering;

    @Override
    public Integer call() throws Failure {
        try (Appliance appliance = console.connect()) {
            if (steering.isWanted(console, "the version in force would stay")) {
                appliance.bean("RoutingTable").say("confirm").forEach(console::say);
            }
        }
        return Exit.DONE.code();
    }
}
