package io.sluice.console.sight;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A route of the table in force.
 *
 * @param values its record
 * @param streams how many open streams came by it through each of its listeners; empty where there are too many routes
 *     to ask for each
 */
public record RouteLine(Values values, Map<String, Integer> streams) {
    private static final int MOST_COUNTED = 40;

    /** All of them, in the order of the table. */
    public static List<RouteLine> of(Appliance appliance) throws Failure {
        List<RouteLine> routes = new ArrayList<>();
        List<Values> records = appliance.bean("RoutingTable").read("RouteTable").records("RouteTable");
        for (Values each : records) {
            Map<String, Integer> streams = new LinkedHashMap<>();
            for (String listener : records.size() <= MOST_COUNTED ? each.lines("listeners") : List.<String>of()) {
                String query =
                        "listener=" + listener + " route=" + each.text("host") + " liberator=" + each.text("liberator");
                if (appliance.bean("Streams").invoke("count", query) instanceof Integer count) {
                    streams.put(listener, count);
                }
            }
            routes.add(new RouteLine(each, streams));
        }
        return routes;
    }
}
