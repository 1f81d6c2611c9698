package io.sluice.config;

import io.sluice.config.ForwardedPolicy.XForwarded;
import java.time.Duration;
import java.util.List;

/**
 * All settings that have a default, each with its value in force at one place. Where the file says {@code 0 = none}
 * the Duration is {@link Duration#ZERO}.
 *
 * @param responseHeadTimeout zero: none
 * @param streamIdleTimeout zero: none
 * @param stalledClientTimeout zero: none
 * @param slowClientAfter zero: never
 * @param slowClientTimeout zero: none
 * @param stalledStreamAfter zero: never
 * @param tcpKeepAlive of a client's socket as its listener says, of one to a Liberator as the route says
 * @param denyPaths each stands for itself and everything below it
 */
public record Settings(
        Duration connectTimeout,
        Duration responseHeadTimeout,
        Duration streamIdleTimeout,
        Duration requestHeadTimeout,
        BodyRate requestBodyMinRate,
        Duration tlsHandshakeTimeout,
        Duration stalledClientTimeout,
        Duration slowClientAfter,
        Duration slowClientTimeout,
        Duration stalledStreamAfter,
        int socketSendBufferBytes,
        int socketReceiveBufferBytes,
        TcpKeepAlive tcpKeepAlive,
        int maxRequestHeadBytes,
        int maxUriBytes,
        OnDown onDown,
        ForwardedPolicy forwarded,
        List<String> denyPaths) {
    /** What holds where the file says nothing. */
    public static final Settings DEFAULTS = new Settings(
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ZERO,
            Duration.ofSeconds(20),
            new BodyRate(1, Duration.ofSeconds(30)),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ZERO,
            Duration.ZERO,
            128 * 1024,
            64 * 1024,
            new TcpKeepAlive(Duration.ofSeconds(30), Duration.ofSeconds(10), 3),
            16 * 1024,
            8 * 1024,
            OnDown.SERVICE_UNAVAILABLE_503,
            new ForwardedPolicy(XForwarded.REPLACE, List.of(), false, false),
            List.of("/status", "/diagnostics"));

    /** The keys of the file by which they are given. */
    public static final List<String> KEYS = List.of(
            "connectTimeout",
            "responseHeadTimeout",
            "streamIdleTimeout",
            "requestHeadTimeout",
            "requestBodyMinRate",
            "tlsHandshakeTimeout",
            "stalledClientTimeout",
            "slowClientAfter",
            "slowClientTimeout",
            "stalledStreamAfter",
            "socketSendBuffer",
            "socketReceiveBuffer",
            "tcpKeepAliveIdle",
            "tcpKeepAliveInterval",
            "tcpKeepAliveProbes",
            "maxRequestHead",
            "maxUri",
            "onDown",
            "forwarded",
            "denyPaths");

    public Settings {
        denyPaths = List.copyOf(denyPaths);
    }
}
