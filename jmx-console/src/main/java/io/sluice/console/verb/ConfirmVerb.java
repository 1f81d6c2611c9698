package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import picocli.CommandLine.Command;

/** {@code sluicectl confirm}. */
@Command(name = "confirm", description = "Keeps the version in force that waits for its confirmation.")
final class ConfirmVerb extends ChangeVerb {
    @Override
    Change change(Appliance appliance) {
        return new Change(
                "the version in force would stay",
                () -> appliance.bean("RoutingTable").say("confirm"));
    }
}
