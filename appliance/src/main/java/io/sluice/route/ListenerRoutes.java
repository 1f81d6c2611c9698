package io.sluice.route;

import io.sluice.account.Refusal;
import io.sluice.config.ListenerConfig;
import io.sluice.config.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of the table that one listener looks at: its routes by host, or its one route for all hosts. Immutable once
 * the table is built.
 */
public final class ListenerRoutes {
    private final ListenerConfig config;
    private final Settings settings;
    private final @Nullable Route only;
    private final Map<String, Destination> exact = new HashMap<>();
    private final Map<String, Destination> wildcards = new HashMap<>();

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
     * @param asked the rest of the request
     */
    public static Decision decide(
            @Nullable ListenerRoutes here, @Nullable String serverName, String host, Asked asked) {
        if (serverName != null && !serverName.equals(host)) {
            return Decision.refused(Refusal.MISDIRECTED);
        }
        Destination destination = here == null ? null : here.find(host);
        return destination == null ? Decision.refused(Refusal.UNKNOWN_HOST) : destination.decide(asked);
    }

    /** Only while the table is being built. */
    void add(Destination destination) {
        if (destination.host().startsWith("*.")) {
            wildcards.put(destination.host().substring(1), destination);
        } else {
            exact.put(destination.host(), destination);
        }
    }

    /** All that it leads to by host. */
    Stream<Destination> destinations() {
        return Stream.concat(exact.values().stream(), wildcards.values().stream());
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
     * Where a canonical host name leads: the listener's only one, else the exact name, else the wildcard
     * that stands for its first label.
     */
    public @Nullable Destination find(String host) {
        if (only != null) {
            return only;
        }
        Destination named = exact.get(host);
        if (named != null || wildcards.isEmpty()) {
            return named;
        }
        int dot = host.indexOf('.');
        return dot <= 0 ? null : wildcards.get(host.substring(dot));
    }
}
