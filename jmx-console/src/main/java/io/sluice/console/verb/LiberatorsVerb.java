package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import io.sluice.console.show.Form;
import io.sluice.console.show.Table;
import picocli.CommandLine.Command;

/** {@code sluicectl liberators}. */
@Command(
        name = "liberators",
        description = "The Liberators: state, streams by kind, rates, failures.",
        footer = {"%nExample:", "  sluicectl liberators -o csv"})
final class LiberatorsVerb extends ReadVerb {
    @Override
    Table read(Appliance appliance) throws Failure {
        Table table = new Table(
                column("name", "liberator", Form.TEXT),
                column("state", "state", Form.STATE),
                column("address", "address", Form.TEXT),
                column("streamsActive", "streams", Form.NUMBER),
                column("websocketActive", "ws", Form.NUMBER),
                column("sseActive", "sse", Form.NUMBER),
                column("httpStreamActive", "http", Form.NUMBER),
                column("foreverFrameActive", "frame", Form.NUMBER),
                column("pollActive", "poll", Form.NUMBER),
                column("directActive", "direct", Form.NUMBER),
                column("otherActive", "other", Form.NUMBER),
                column("connectionsActive", "conns", Form.NUMBER),
                column("streamsPerSecond", "new/s", Form.DECIMAL),
                column("toClientBytesPerSecond", "to clients", Form.BYTES_PER_SECOND),
                column("heldForClientsBytes", "behind", Form.BYTES),
                column("connectMicrosP99", "connect p99", Form.MICROS),
                column("connectFailedTotal", "failed", Form.NUMBER),
                column("stateReason", "why", Form.TEXT));
        for (Bean each : appliance.beans("sluice:type=Liberator,*")) {
            Values now = each.read(
                    "Name",
                    "State",
                    "StateReason",
                    "Address",
                    "StreamsActive",
                    "WebsocketActive",
                    "SseActive",
                    "HttpStreamActive",
                    "ForeverFrameActive",
                    "PollActive",
                    "DirectActive",
                    "OtherActive",
                    "ConnectionsActive",
                    "StreamsPerSecond",
                    "ToClientBytesPerSecond",
                    "HeldForClientsBytes",
                    "ConnectMicrosP99",
                    "ConnectFailedTotal");
            table.row(
                    each.key("name"),
                    now.raw("State"),
                    now.raw("Address"),
                    now.raw("StreamsActive"),
                    now.raw("WebsocketActive"),
                    now.raw("SseActive"),
                    now.raw("HttpStreamActive"),
                    now.raw("ForeverFrameActive"),
                    now.raw("PollActive"),
                    now.raw("DirectActive"),
                    now.raw("OtherActive"),
                    now.raw("ConnectionsActive"),
                    now.raw("StreamsPerSecond"),
                    now.raw("ToClientBytesPerSecond"),
                    now.raw("HeldForClientsBytes"),
                    now.raw("ConnectMicrosP99"),
                    now.raw("ConnectFailedTotal"),
                    now.text("StateReason"));
        }
        return table;
    }
}
