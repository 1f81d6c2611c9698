package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl undrain}. */
@Command(
        name = "undrain",
        description = "Calls a drain off and puts the Liberator back in service. What has ended stays ended.")
final class UndrainVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Steering steering;

    @Parameters(paramLabel = "LIBERATOR", arity = "0..1", description = "Its name.")
    private @Nullable String liberator;

    @Option(names = "--all-liberators", description = "All of them.")
    private boolean allLiberators;

    @Override
    public Integer call() throws Failure {
        DrainVerb.requireOne(liberator, allLiberators);
        try (Appliance appliance = console.connect()) {
            Service service = Service.of(appliance, liberator, "undrain");
            if (steering.isWanted(console, "undrain of " + service.who() + ": new streams would come to it again")) {
                service.bean().say("undrain").forEach(console::say);
            }
        }
        return Exit.DONE.code();
    }
}
