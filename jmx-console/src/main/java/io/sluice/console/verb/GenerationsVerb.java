package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import io.sluice.console.show.Form;
import io.sluice.console.show.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluicectl generations}. */
@Command(
        name = "generations",
        description =
                "The configurations that were in force: version, when, by whom, why, and how many open streams each"
                        + " still has; or the text of one.")
final class GenerationsVerb extends ReadVerb {
    @Parameters(paramLabel = "VERSION", arity = "0..1", description = "Show the text of this one.")
    private @Nullable Long version;

    @Override
    Table read(Appliance appliance) throws Failure {
        Long wanted = version;
        if (wanted != null) {
            Table text = new Table(column("line", "configuration " + wanted, Form.TEXT));
            appliance.bean("RoutingTable").say("generation", wanted).forEach(each -> text.row(each));
            return text;
        }
        Values routing = appliance.bean("RoutingTable").read("GenerationTable");
        Table table = new Table(
                column("version", "version", Form.NUMBER),
                column("state", "state", Form.STATE),
                column("at"),
                column("streams", "streams", Form.NUMBER),
                column("by"),
                column("comment"));
        for (Values each : routing.records("GenerationTable")) {
            table.row(
                    each.raw("version"),
                    each.is("current") ? "on" : "",
                    each.text("at"),
                    each.raw("streams"),
                    each.text("by"),
                    each.text("comment"));
        }
        return table;
    }
}
