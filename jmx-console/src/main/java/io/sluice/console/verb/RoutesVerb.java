package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import io.sluice.console.show.Form;
import io.sluice.console.show.Table;
import picocli.CommandLine.Command;

/** {@code sluicectl routes}. */
@Command(
        name = "routes",
        description = "The routing table in force: which Liberator serves which host. The host * stands for all hosts"
                + " of a listener. Its subcommands change one route at once; open streams go on.",
        subcommands = {
            RouteChange.Add.class,
            RouteChange.Remove.class,
            RouteChange.Set.class,
            RouteChange.Disable.class,
            RouteChange.Enable.class
        })
final class RoutesVerb extends ReadVerb {
    @Override
    Table read(Appliance appliance) throws Failure {
        Table table = new Table(
                column("host"),
                column("state", "state", Form.STATE),
                column("liberator"),
                column("address"),
                column("listeners"),
                column("onDown", "when down", Form.TEXT),
                column("deniedPaths", "denied", Form.TEXT));
        Values routing = appliance.bean("RoutingTable").read("RouteTable");
        for (Values each : routing.records("RouteTable")) {
            table.row(
                    each.text("host"),
                    each.is("disabled") ? "disabled" : "enabled",
                    each.text("liberator"),
                    each.text("address"),
                    each.lines("listeners"),
                    each.text("onDown"),
                    each.lines("deniedPaths"));
        }
        return table;
    }
}
