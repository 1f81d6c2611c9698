package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import io.sluice.console.show.Form;
import io.sluice.console.show.Table;
import picocli.CommandLine.Command;

/** {@code sluicectl listeners}. */
@Command(name = "listeners", description = "The listeners: where they listen, connections, refusals.")
final class ListenersVerb extends ReadVerb {
    @Override
    Table read(Appliance appliance) throws Failure {
        Table table = new Table(
                column("name", "listener", Form.TEXT),
                column("state", "state", Form.STATE),
                column("address", "listens on", Form.TEXT),
                column("kind", "kind", Form.TEXT),
                column("protocols", "protocols", Form.TEXT),
                column("liberator", "liberator", Form.TEXT),
                column("connectionsActive", "conns", Form.NUMBER),
                column("connectionsPeak", "peak", Form.NUMBER),
                column("connectionsLimit", "limit", Form.NUMBER),
                column("acceptedTotal", "accepted", Form.NUMBER),
                column("refusedTotal", "refused", Form.NUMBER),
                column("lastRefusedAt", "last refused", Form.TEXT));
        for (Bean each : appliance.beans("sluice:type=Listener,*")) {
            Values now = each.read(
                    "Listening",
                    "Address",
                    "Bind",
                    "Kind",
                    "Protocols",
                    "Liberator",
                    "ConnectionsActive",
                    "ConnectionsPeak",
                    "ConnectionsLimit",
                    "AcceptedTotal",
                    "RefusedTotal",
                    "LastRefusedAt");
            boolean listening = now.is("Listening");
            table.row(
                    each.key("name"),
                    listening ? "listening" : "down",
                    listening ? now.text("Address") : now.text("Bind"),
                    now.raw("Kind"),
                    now.lines("Protocols"),
                    now.text("Liberator"),
                    now.raw("ConnectionsActive"),
                    now.raw("ConnectionsPeak"),
                    now.raw("ConnectionsLimit"),
                    now.raw("AcceptedTotal"),
                    now.raw("RefusedTotal"),
                    now.text("LastRefusedAt"));
        }
        return table;
    }
}
