package io.sluice.config;

import org.jspecify.annotations.Nullable;

/**
 * A Liberator behind the appliance.
 *
 * @param address for HTTP
 * @param direct for Direct connections; the same as {@code address} if the file gives none
 * @param tls null: plain
 */
public record LiberatorConfig(
        String name,
        HostAndPort address,
        HostAndPort direct,
        @Nullable LiberatorTlsConfig tls,
        int maxConnections,
        HealthConfig health,
        Overrides overrides) {
    public static final int DEFAULT_MAX_CONNECTIONS = 30_000;
}
