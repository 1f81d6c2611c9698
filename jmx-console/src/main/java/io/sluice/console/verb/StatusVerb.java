package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import io.sluice.console.show.Form;
import io.sluice.console.show.Table;
import picocli.CommandLine.Command;

/** {@code sluicectl status}. */
@Command(
        name = "status",
        description = "The appliance in a few lines: what it is, how long it runs, what it carries.",
        footer = {"%nExample:", "  sluicectl --all status"})
final class StatusVerb extends ReadVerb {
    @Override
    Table read(Appliance appliance) throws Failure {
        Values sluice = appliance
                .bean("Appliance")
                .read(
                        "Version",
                        "JavaVersion",
                        "StartedAt",
                        "UptimeSeconds",
                        "ConfigFile",
                        "TableVersion",
                        "StreamsActive",
                        "StreamsTotal",
                        "ConnectionsActive",
                        "ConnectionsLimit",
                        "RefusedTotal",
                        "StickinessViolationsTotal",
                        "DescriptorsActive",
                        "DescriptorsLimit",
                        "DescriptorsLow",
                        "LogFailing");
        int liberators = 0;
        int up = 0;
        for (Bean each : appliance.beans("sluice:type=Liberator,*")) {
            String state = each.read("State").text("State");
            liberators++;
            up += state.equals("UP") || state.equals("UNKNOWN") ? 1 : 0;
        }
        return new Table(
                        column("where", "reached at", Form.TEXT),
                        column("state", "state", Form.STATE),
                        column("version", "version", Form.TEXT),
                        column("java", "java", Form.TEXT),
                        column("uptimeSeconds", "up for", Form.SECONDS),
                        column("startedAt", "started", Form.TEXT),
                        column("config", "configuration", Form.TEXT),
                        column("tableVersion", "table version", Form.NUMBER),
                        column("tableFingerprint", "fingerprint", Form.TEXT),
                        column("liberatorsInService", "in service", Form.NUMBER),
                        column("liberators", "liberators", Form.NUMBER),
                        column("streamsActive", "streams", Form.NUMBER),
                        column("streamsTotal", "opened", Form.NUMBER),
                        column("connectionsActive", "connections", Form.NUMBER),
                        column("connectionsLimit", "limit", Form.NUMBER),
                        column("refusedTotal", "refused", Form.NUMBER),
                        column("descriptorsActive", "descriptors", Form.NUMBER),
                        column("descriptorsLimit", "limit of them", Form.NUMBER),
                        column("stickinessViolationsTotal", "violations", Form.NUMBER))
                .row(
                        appliance.where(),
                        state(sluice, liberators, up),
                        sluice.raw("Version"),
                        sluice.raw("JavaVersion"),
                        sluice.raw("UptimeSeconds"),
                        sluice.raw("StartedAt"),
                        sluice.raw("ConfigFile"),
                        sluice.raw("TableVersion"),
                        appliance.bean("RoutingTable").read("Fingerprint").raw("Fingerprint"),
                        up,
                        liberators,
                        sluice.raw("StreamsActive"),
                        sluice.raw("StreamsTotal"),
                        sluice.raw("ConnectionsActive"),
                        sluice.raw("ConnectionsLimit"),
                        sluice.raw("RefusedTotal"),
                        sluice.raw("DescriptorsActive"),
                        sluice.raw("DescriptorsLimit"),
                        sluice.raw("StickinessViolationsTotal"))
                .oneThing();
    }

    private static String state(Values sluice, int liberators, int up) {
        if (sluice.number("StickinessViolationsTotal") > 0
                || sluice.is("DescriptorsLow")
                || (up == 0 && liberators > 0)) {
            return "critical";
        }
        return up < liberators || sluice.is("LogFailing") ? "warning" : "ok";
    }
}
