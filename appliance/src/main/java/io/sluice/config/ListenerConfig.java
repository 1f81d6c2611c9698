package io.sluice.config;

import org.jspecify.annotations.Nullable;

/**
 * An address clients connect to.
 *
 * @param bind port 0: any free port
 * @param tls null: plain
 * @param liberator the Liberator this listener alone serves, whatever the host (always there for
 *     {@link ListenerKind#DIRECT}); null: routes decide
 */
public record ListenerConfig(
        String name,
        HostAndPort bind,
        ListenerKind kind,
        @Nullable TlsConfig tls,
        @Nullable String liberator,
        Limits limits,
        Overrides overrides) {
    /** Whether host names decide where its requests go. */
    public boolean isRouted() {
        return kind == ListenerKind.HTTP && liberator == null;
    }
}
