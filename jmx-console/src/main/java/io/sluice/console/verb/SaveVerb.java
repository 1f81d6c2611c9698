package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import picocli.CommandLine.Command;

/** {@code sluicectl save}. */
@Command(
        name = "save",
        description = "Has the appliance write the configuration in force to its file; the old file stays beside it.")
final class SaveVerb extends ChangeVerb {
    @Override
    Change change(Appliance appliance) {
        return new Change(
                "the configuration in force would be written to the appliance's file",
                () -> appliance.bean("RoutingTable").say("save"));
    }
}
