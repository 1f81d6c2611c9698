package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Failure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluicectl enable}. */
@Command(name = "enable", description = "Lets new streams come to a Liberator again, after a disable or a drain.")
final class EnableVerb extends ChangeVerb {
    @Parameters(paramLabel = "LIBERATOR", description = "Its name.")
    private @Nullable String liberator;

    @Override
    Change change(Appliance appliance) throws Failure {
        Service service = Service.of(appliance, liberator, "enable");
        return new Change(
                "enable of " + service.who() + ": new streams would come to it again",
                () -> service.bean().say("enable"));
    }
}
