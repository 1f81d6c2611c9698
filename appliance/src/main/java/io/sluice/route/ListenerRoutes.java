package io.sluice.route;

import io.sluice.config.ListenerConfig;
import io.sluice.config.Settings;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of the table that one listener looks at: its routes by host, or its one route for all hosts.
 */
public final class ListenerRoutes {
    private final ListenerConfig config;
    private final Settings settings;
    private final @Nullable Route only;
    private final Map<String, Route> exact = new HashMap<>();
    private final Map<String, Route> wildcards = new HashMap<>();

    ListenerRoutes(ListenerConfig config, Settings settings, @Nullable Route only) {
        this.config = config;
        this.settings = settings;
        this.only = only;
    }

    /** Only while the table is being built. */
    void add(Route route) {
        if (route.host().startsWith("*.")) {
            wildcards.put(route.host().substring(1), route);
        } else {
            exact.put(route.host(), route);
        }
    }

    public ListenerConfig config() {
        return config;
    }

    public Settings settings() {
        return settings;
    }

    /** The one route of a listener that is bound to a Liberator (layout B, Direct); null for routing by host. */
    public @Nullable Route only() {
        return only;
    }

    /**
     * The route for a canonical host name: the listener's only one, else the exact name, else the wildcard
     * that stands for its first label.
     */
    public @Nullable Route find(String host) {
        if (only != null) {
            return only;
        }
        Route route = exact.get(host);
        if (route != null || wildcards.isEmpty()) {
            return route;
        }
        int dot = host.indexOf('.');
        return dot <= 0 ? null : wildcards.get(host.substring(dot));
    }
}
