package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Failure;
import io.sluice.console.show.Form;
import io.sluice.console.show.Table;
import io.sluice.console.sight.EndLine;
import picocli.CommandLine.Command;

/** {@code sluicectl ends}. */
@Command(
        name = "ends",
        description = "Why streams ended since the start: cause and phase by Liberator. The README says what each cause"
                + " means and what to do.")
final class EndsVerb extends ReadVerb {
    @Override
    Table read(Appliance appliance) throws Failure {
        Table table = new Table(
                        column("liberator"), column("cause"), column("phase"), column("total", "total", Form.NUMBER))
                .orSay("no stream has ended yet");
        for (Bean each : appliance.beans("sluice:type=Liberator,*")) {
            for (EndLine end : EndLine.of(each.read("Ends"))) {
                table.row(each.key("name"), end.cause(), end.phase(), end.total());
            }
        }
        return table;
    }
}
