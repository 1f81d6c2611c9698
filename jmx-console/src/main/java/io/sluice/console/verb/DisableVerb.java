package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl disable}. */
@Command(
        name = "disable",
        description =
                "Lets no new streams come to a Liberator: they get the onDown of their route. What is open stays.")
final class DisableVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Steering steering;

    @Parameters(paramLabel = "LIBERATOR", description = "Its name.")
    private @Nullable String liberator;

    @Override
    public Integer call() throws Failure {

        try (Appliance appliance = console.connect()) {
            Service service = Service.of(appliance, liberator, "disable");
            if (steering.isWanted(
                    console,
                    "disable of " + service.who() + ": new streams would be refused; " + service.streams(appliance)
                            + " that are open would stay")) {
                service.bean().say("disable").forEach(console::say);
            }
        }
        return Exit.DONE.code();
    }
}
