package io.sluice.console.web;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import io.sluice.console.show.JsonText;
import io.sluice.console.sight.Difference;
import io.sluice.console.sight.EndLine;
import io.sluice.console.sight.Fleet;
import io.sluice.console.sight.History;
import io.sluice.console.sight.Particulars;
import io.sluice.console.sight.Reading;
import io.sluice.console.sight.RouteLine;
import io.sluice.console.sight.Sight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the page is told, as objects for JSON. */
final class State {
    private static final String[] KINDS = {"websocket", "sse", "httpStream", "foreverFrame", "poll", "direct", "other"};

    private static final int SERIES = 90;
    private static final List<String> FLEET_FIGURES = List.of(
            "Version",
            "TableVersion",
            "UptimeSeconds",
            "StreamsActive",
            "ConnectionsActive",
            "RefusedTotal",
            "StickinessViolationsTotal");

    private State() {}

    /** The readings after a moment, the oldest first. */
    static Map<String, Object> readings(Sight sight, long sinceMillis) {
        List<Object> list = new ArrayList<>();
        for (Reading each : sight.history().all()) {
            if (each.atMillis() > sinceMillis) {
                list.add(reading(each));
            }
        }
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("name", sight.name());
        state.put("trouble", sight.trouble());
        state.put("readings", list);
        return state;
    }

    /** Several appliances side by side: each, all together, and what differs. */
    static Map<String, Object> fleet(Fleet fleet) {
        List<Object> appliances = new ArrayList<>();
        fleet.sights().forEach(each -> appliances.add(member(each, fleet.now(each))));
        List<Object> differences = new ArrayList<>();
        for (Difference each : fleet.differences()) {
            differences.add(Map.of(
                    "subject", each.subject().label(),
                    "grave", each.grave(),
                    "sentence", each.sentence(),
                    "advice", each.subject().advice()));
        }
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("now", System.currentTimeMillis());
        state.put("appliances", appliances);
        state.put("differences", differences);
        return state;
    }

    private static Map<String, Object> member(Sight sight, @Nullable Reading now) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", sight.name());
        one.put("connected", now != null);
        one.put("sinceMillis", sight.sinceMillis());
        one.put("trouble", sight.trouble());
        if (now == null) {
            return one;
        }
        Values whole = now.appliance();
        Particulars particulars = now.particulars();
        for (String each : FLEET_FIGURES) {
            one.put(lower(each), whole.raw(each));
        }
        one.put("role", particulars.role());
        one.put("fingerprint", particulars.fingerprint());
        if (particulars.certificateDays() < Particulars.NO_CERTIFICATE) {
            one.put("certificateDays", particulars.certificateDays());
        }
        one.put("inService", now.inService());
        one.put("liberators", now.liberators().size());
        Map<String, Object> kinds = new LinkedHashMap<>();
        for (String each : KINDS) {
            kinds.put(each, now.sum(upper(each) + "Active"));
        }
        one.put("kinds", kinds);
        one.put("behindBytes", now.sum("HeldForClientsBytes"));
        History history = sight.history();
        one.put("newPerSecond", history.perSecond(each -> each.appliance().decimal("StreamsTotal")));
        one.put("toClientsPerSecond", history.perSecond(each -> each.sum("ToClientBytes")));
        one.put("fromClientsPerSecond", history.perSecond(each -> each.sum("FromClientBytes")));
        one.put(
                "series",
                Arrays.stream(history.ratesPerSecond(each -> each.sum("ToClientBytes"), SERIES))
                        .boxed()
                        .toList());
        return one;
    }

    private static Map<String, Object> reading(Reading reading) {
        Values whole = reading.appliance();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("t", reading.atMillis());
        for (String each : whole.names()) {
            json.put(lower(each), whole.raw(each));
        }
        json.put("inService", reading.inService());
        List<Object> liberators = new ArrayList<>();
        reading.liberators().forEach((name, values) -> liberators.add(liberator(name, values, reading)));
        json.put("liberators", liberators);
        List<Object> listeners = new ArrayList<>();
        reading.listeners().forEach((name, values) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", name);
            for (String each : List.of(
                    "Listening",
                    "Bind",
                    "Address",
                    "Kind",
                    "Liberator",
                    "ConnectionsActive",
                    "AcceptedTotal",
                    "RefusedTotal")) {
                one.put(lower(each), values.raw(each));
            }
            listeners.add(one);
        });
        json.put("listeners", listeners);
        return json;
    }

    private static Map<String, Object> liberator(String name, Values values, Reading reading) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", name);
        for (String each : List.of(
                "State",
                "StateReason",
                "Address",
                "StreamsActive",
                "StreamsTotal",
                "ConnectionsActive",
                "FromClientBytes",
                "ToClientBytes",
                "HeldForClientsBytes",
                "DrainRemainingActive",
                "DrainEtaSeconds")) {
            one.put(lower(each), values.raw(each));
        }
        Map<String, Object> kinds = new LinkedHashMap<>();
        for (String each : KINDS) {
            kinds.put(each, values.raw(upper(each) + "Active"));
        }
        one.put("kinds", kinds);
        Values latency = reading.latencies().get(name);
        one.put("latencyOf", latency == null ? "connect" : "message");
        one.put("p50", latency == null ? values.decimal("ConnectMicrosP50") : latency.decimal("P50Micros"));
        one.put("p99", latency == null ? values.decimal("ConnectMicrosP99") : latency.decimal("P99Micros"));
        Map<String, Object> ends = new LinkedHashMap<>();
        for (EndLine each : EndLine.of(values)) {
            long before = ends.get(each.cause()) instanceof Long sum ? sum : 0;
            ends.put(each.cause(), before + each.total());
        }
        one.put("ends", ends);
        return one;
    }

    static List<Object> routes(Appliance appliance) throws Failure {
        List<Object> routes = new ArrayList<>();
        for (RouteLine each : RouteLine.of(appliance)) {
            Map<String, Object> route = object(each.values());
            route.put("streams", each.streams());
            routes.add(route);
        }
        return routes;
    }

    static List<Object> streams(Appliance appliance, String query, int limit) throws Failure {
        return objects(Values.records(appliance.bean("Streams").invoke("list", query, 0, limit)));
    }

    static List<Object> audit(Appliance appliance) throws Failure {
        List<Object> writes = new ArrayList<>();
        for (String each : appliance.bean("Management").say("audit")) {
            writes.add(0, JsonText.object(each));
        }
        return writes;
    }

    private static List<Object> objects(List<Values> records) {
        List<Object> objects = new ArrayList<>();
        for (Values record : records) {
            objects.add(object(record));
        }
        return objects;
    }

    private static Map<String, Object> object(Values record) {
        Map<String, Object> one = new LinkedHashMap<>();
        for (String each : record.names()) {
            one.put(each, record.raw(each));
        }
        return one;
    }

    private static String upper(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static String lower(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
