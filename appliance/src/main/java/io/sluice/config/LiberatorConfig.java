package io.sluice.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A Liberator behind the appliance.
 *
 * @param address for HTTP
 * @param direct for Direct connections; the same as {@code address} if the file gives none
 * @param tls null: plain
 * @param proxyProtocol how it is told whose connection it gets
 * @param newStreamsPerSecond how many new connections it gets per second, more wait; 0: no limit
 * @param newStreamsMaxWait how long one waits at most
 */
public record LiberatorConfig(
        String name,
        HostAndPort address,
        HostAndPort direct,
        @Nullable LiberatorTlsConfig tls,
        ProxyVersion proxyProtocol,
        int maxConnections,
        int newStreamsPerSecond,
        Duration newStreamsMaxWait,
        HealthConfig health,
        Overrides overrides) {
    public static final int DEFAULT_MAX_CONNECTIONS = 30_000;
    public static final Duration DEFAULT_NEW_STREAMS_MAX_WAIT = Duration.ofSeconds(5);
}
