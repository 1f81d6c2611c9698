package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import io.sluice.console.show.Form;
import io.sluice.console.show.Table;
import picocli.CommandLine.Command;

/** {@code sluicectl latency}. */
@Command(
        name = "latency",
        description = "How long each stage takes, by Liberator, over the agent's rolling window; without the agent, how"
                + " long connecting to each Liberator has taken since the start.")
final class LatencyVerb extends ReadVerb {
    @Override
    Table read(Appliance appliance) throws Failure {
        Table table = new Table(
                column("liberator"),
                column("stage"),
                column("count", "count", Form.NUMBER),
                column("p50Micros", "p50", Form.MICROS),
                column("p90Micros", "p90", Form.MICROS),
                column("p99Micros", "p99", Form.MICROS),
                column("p999Micros", "p99.9", Form.MICROS),
                column("maxMicros", "max", Form.MICROS));
        for (Bean each : appliance.beans("sluice:type=Latency,*")) {
            if (each.key("kind").isEmpty()) {
                Values now = each.read("Count", "P50Micros", "P90Micros", "P99Micros", "P999Micros", "MaxMicros");
                table.row(
                        each.key("liberator"),
                        each.key("stage"),
                        now.raw("Count"),
                        now.raw("P50Micros"),
                        now.raw("P90Micros"),
                        now.raw("P99Micros"),
                        now.raw("P999Micros"),
                        now.raw("MaxMicros"));
            }
        }
        if (!appliance.bean("Agent").isThere()) {
            for (Bean each : appliance.beans("sluice:type=Liberator,*")) {
                Values now = each.read("ConnectionsTotal", "ConnectMicrosP50", "ConnectMicrosP99", "ConnectMicrosMax");
                table.row(
                        each.key("name"),
                        "connect",
                        now.raw("ConnectionsTotal"),
                        now.raw("ConnectMicrosP50"),
                        null,
                        now.raw("ConnectMicrosP99"),
                        null,
                        now.raw("ConnectMicrosMax"));
            }
        }
        return table;
    }
}
