package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.show.Form;
import io.sluice.console.show.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl doctor}. */
@Command(
        name = "doctor",
        description =
                "Looks for what is wrong or will be: clock, descriptors, ports, certificates, each Liberator, heap"
                        + " and collector, log and audit, the agent, settings that are not safe. Says what to do. With"
                        + " --all, also what differs between the appliances: table, keys, states, software.",
        footer = {"%nExamples:", "  sluicectl doctor", "  sluicectl --all doctor"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing is bad", "1:something is bad"})
final class DoctorVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Override
    public Integer call() throws Failure {
        if (console.isOfAll()) {
            return new FleetExamination(console).call();
        }
        Table table = new Table(
                column("subject"),
                column("state", "state", Form.STATE),
                column("found"),
                column("advice", "what to do", Form.TEXT));
        boolean bad = false;
        try (Appliance appliance = console.connect()) {
            for (Finding each : new Examination(appliance).findings()) {
                table.row(each.subject(), each.state(), each.found(), each.advice());
                bad |= each.isBad();
            }
        }
        console.printer().print(table);
        return (bad ? Exit.REFUSED : Exit.DONE).code();
    }
}
