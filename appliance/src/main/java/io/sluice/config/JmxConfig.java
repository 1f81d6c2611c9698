package io.sluice.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remote JMX. Beyond loopback there are always TLS and users.
 *
 * @param bind where registry and connector listen, on one port
 * @param hostname the name or address that clients are told to come back to
 * @param tls null: plain, on loopback only
 * @param users empty: whoever reaches the loopback port is an operator
 */
public record JmxConfig(
        HostAndPort bind, String hostname, @Nullable JmxTls tls, List<JmxUser> users) {
    public JmxConfig {
        users = List.copyOf(users);
    }

    /** Plain, without users, on a loopback address. */
    public static JmxConfig on(HostAndPort loopback) {
        return new JmxConfig(loopback, loopback.host(), null, List.of());
    }

    /**
     * PEM files that were there when the configuration was read.
     *
     * @param trust whose client certificates are required; null: none are asked for
     */
    public record JmxTls(Path chain, Path key, @Nullable Path trust) {}
}
