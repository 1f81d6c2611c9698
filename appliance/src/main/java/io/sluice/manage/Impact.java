package io.sluice.manage;

import io.sluice.account.StreamRecord;
import io.sluice.config.RouteConfig;
import io.sluice.route.Destination;
import io.sluice.route.ListenerRoutes;
import io.sluice.route.RoutingTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a table that is staged would mean for routes, listeners, and the streams that are open now. */
final class Impact {
    private final RoutingTable before;
    private final RoutingTable after;

    private Impact(RoutingTable before, RoutingTable after) {
        this.before = before;
        this.after = after;
    }

    /** The first line is the answer; the others name what is touched. */
    static String[] of(RoutingTable before, RoutingTable after, Collection<StreamRecord> streams) {
        return new Impact(before, after).lines(streams);
    }

    private String[] lines(Collection<StreamRecord> streams) {
        Map<String, Integer> touched = new TreeMap<>();
        Set<String> routes = new HashSet<>();
        for (String listener : listeners()) {
            for (String host : hosts()) {
                if (differs(listener, host)) {
                    touched.put(name(listener, host), 0);
                    routes.add(route(listener, host));
                }
            }
        }
        int open = 0;
        int keeping = 0;
        for (StreamRecord each : streams) {
            open++;
            if (differs(each.origin().listener(), each.host())) {
                keeping++;
                touched.merge(name(each.origin().listener(), each.host()), 1, Integer::sum);
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add("touches " + count(routes.size(), "route")
                + String.format(Locale.ROOT, ", %,d of %s", keeping, count(open, "stream")));
        lines.add("closes none: open streams keep their route");
        touched.forEach((name, count) -> lines.add(name + ": " + count(count, "stream")));
        return lines.toArray(String[]::new);
    }

    private static String count(int number, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
    }

    private Set<String> listeners() {
        Set<String> names = new LinkedHashSet<>();
        before.listeners().forEach(each -> names.add(each.config().name()));
        after.listeners().forEach(each -> names.add(each.config().name()));
        return names;
    }

    /** Every host of either table, and none, which asks for a listener's only route. */
    private Set<String> hosts() {
        Set<String> hosts = new LinkedHashSet<>(List.of(""));
        for (RoutingTable each : List.of(before, after)) {
            each.config().routes().stream().map(RouteConfig::host).forEach(hosts::add);
        }
        return hosts;
    }

    private String name(String listener, String host) {
        return isOnly(listener)
                ? "listener '" + listener + "'"
                : "listener '" + listener + "', host '" + asConfigured(listener, host) + "'";
    }

    /** What counts as one route however many listeners it stands on. */
    private String route(String listener, String host) {
        return isOnly(listener) ? "listener " + listener : asConfigured(listener, host);
    }

    private boolean isOnly(String listener) {
        ListenerRoutes here = before.listener(listener);
        ListenerRoutes either = here == null ? after.listener(listener) : here;
        return either != null && either.only() != null;
    }

    /** The exact host of a route when either table has one for it, else the wildcard. */
    private String asConfigured(String listener, String host) {
        Destination was = find(before, listener, host);
        Destination is = find(after, listener, host);
        if (was == null || is == null) {
            return was != null ? was.host() : is != null ? is.host() : host;
        }
        return was.host().startsWith("*") ? is.host() : was.host();
    }

    private boolean differs(String listener, String host) {
        Destination was = find(before, listener, host);
        Destination is = find(after, listener, host);
        return (was == null || is == null) ? was != is : !was.isLike(is);
    }

    private static @Nullable Destination find(RoutingTable table, String listener, String host) {
        ListenerRoutes here = table.listener(listener);
        return here == null ? null : here.find(host);
    }
}
