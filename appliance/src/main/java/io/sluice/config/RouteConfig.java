package io.sluice.config;

import java.util.List;

/**
 * Which Liberator serves a virtual host.
 *
 * @param host lower-case; exact, or {@code *.} in the place of one leading label
 * @param listeners the names of those it stands on; empty: all routed ones
 */
public record RouteConfig(String host, String liberator, List<String> listeners, Overrides overrides) {
    public RouteConfig {
        listeners = List.copyOf(listeners);
    }

    public boolean standsOn(ListenerConfig listener) {
        return listener.isRouted() && (listeners.isEmpty() || listeners.contains(listener.name()));
    }
}
