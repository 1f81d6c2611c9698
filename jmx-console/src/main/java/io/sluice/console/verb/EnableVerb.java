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

/** {@code sluicectl enable}. */
@Command(name = "enable", description = "Lets new streams come to a Liberator again, after a disable or a drain.")
final class EnableVerb implements Callable<Integer> {
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
            Service service = Service.of(appliance, liberator, "enable");
            if (steering.isWanted(console, "enable of " + service.who() + ": new streams would come to it again")) {
                service.bean().say("enable").forEach(console::say);
            }
        }
        return Exit.DONE.code();
    }
}
