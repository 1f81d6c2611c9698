package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Failure;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code sluicectl undrain}. */
@Command(
        name = "undrain",
        description = "Calls a drain off and puts the Liberator back in service. What has ended stays ended.")
final class UndrainVerb extends ChangeVerb {
    @ArgGroup(exclusive = true, multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Whom whom;

    @Override
    Change change(Appliance appliance) throws Failure {
        Service service = Service.of(appliance, whom.liberator(), "undrain");
        return new Change(
                "undrain of " + service.who() + ": new streams would come to it again",
                () -> service.bean().say("undrain"));
    }
}
