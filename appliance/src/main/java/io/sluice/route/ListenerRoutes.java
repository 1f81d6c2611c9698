package io.sluice.route;

import io.sluice.account.Refusal;
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

    /**
     * Decides one request.
     *
     * @param here where it came in; null for a listener that the table no longer has
     * @param serverName the canonical TLS server name; null when there was none
     * @param host the canonical host name asked for
     * @param path the path asked for, without its query, as it came
     */
    public static Decision decide(
            @Nullable ListenerRoutes here, @Nullable String serverName, String host, String path) {
        if (serverName != null && !serverName.equals(host)) {
            return Decision.refused(Refusal.MISDIRECTED);
        }
        Route route = here == null ? null : here.find(host);
        if (route == null) {
            return Decision.refused(Refusal.UNKNOWN_HOST);
        }
        return route.denies(path) ? new Decision(route, Refusal.DENIED_PATH) : route.passed();
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
