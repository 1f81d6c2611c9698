package io.sluice.config;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An address clients connect to.
 *
 * @param bind port 0: any free port
 * @param protocols the versions of HTTP it speaks, at least one
 * @param tls null: plain
 * @param liberator the Liberator this listener alone serves, whatever the host (always there for
 *     {@link ListenerKind#DIRECT}); null: routes decide
 * @param proxyProtocol who announces its clients
 */
public record ListenerConfig(
        String name,
        HostAndPort bind,
        ListenerKind kind,
        Set<Protocol> protocols,
        @Nullable TlsConfig tls,
        @Nullable String liberator,
        ProxyProtocolConfig proxyProtocol,
        Limits limits,
        Overrides overrides) {
    public ListenerConfig {
        protocols = Collections.unmodifiableSet(EnumSet.copyOf(protocols));
    }

    /** Whether host names decide where its requests, or its TLS connections, go. */
    public boolean isRouted() {
        return kind != ListenerKind.DIRECT && liberator == null;
    }
}
