package io.sluice.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which Liberator, or which of several, serves a virtual host.
 *
 * @param host lower-case; exact, or {@code *.} in the place of one leading label
 * @param liberator its name; empty for a pool
 * @param pool the Liberators among which its clients are shared out; null for a single one
 * @param listeners the names of those it stands on; empty: all routed ones
 * @param disabled whether its clients get its {@code onDown}, as if the Liberator were down
 */
public record RouteConfig(
        String host,
        String liberator,
        @Nullable PoolConfig pool,
        List<String> listeners,
        boolean disabled,
        Overrides overrides) {
    public RouteConfig {
        listeners = List.copyOf(listeners);
    }

    /** The names of the Liberators that its clients may be served by: one, or those of its pool. */
    public List<String> liberators() {
        return pool == null
                ? List.of(liberator)
                : pool.members().stream().map(PoolConfig.Member::liberator).toList();
    }

    public boolean standsOn(ListenerConfig listener) {
        return listener.isRouted() && (listeners.isEmpty() || listeners.contains(listener.name()));
    }
}
