package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Failure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluicectl disable}. */
@Command(
        name = "disable",
        description =
                "Lets no new streams come to a Liberator: they get the onDown of their route. What is open stays.")
final class DisableVerb extends ChangeVerb {
    @Parameters(paramLabel = "LIBERATOR", description = "Its name.")
    private @Nullable String liberator;

    @Override
    Change change(Appliance appliance) throws Failure {
        Service service = Service.of(appliance, liberator, "disable");
        return new Change(
                "disable of " + service.who() + ": new streams would be refused; " + service.streams(appliance)
                        + " that are open would stay",
                () -> service.bean().say("disable"));
    }
}
