package io.sluice.manage;

import io.sluice.config.AffinityConfig;
import io.sluice.config.LiberatorConfig;
import io.sluice.config.LiberatorTlsConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.RouteConfig;
import io.sluice.config.Settings;
import io.sluice.config.SluiceConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether two appliances have the same table: a hash over one line for each Liberator, and for each way from a
 * listener to a Liberator with the settings in force on it.
 *
 * <p>What belongs to the host alone is left out: addresses to listen on, certificates, where files stand, limits of
 * the process. So are the keys of cookies, which change without the table and have fingerprints of their own.
 */
final class TableFingerprint {
    private static final int BYTES = 8;

    private final SluiceConfig config;
    /** Sorted: the order of entries decides nothing. */
    private final SortedSet<String> lines = new TreeSet<>();

    private TableFingerprint(SluiceConfig config) {
        this.config = config;
    }

    /** Eight bytes in hexadecimal. */
    static String of(SluiceConfig config) {
        TableFingerprint table = new TableFingerprint(config);
        config.liberators().forEach(table::liberator);
        config.listeners().forEach(table::listener);
        return table.hash();
    }

    private void liberator(LiberatorConfig each) {
        LiberatorTlsConfig tls = each.tls();
        line(
                "liberator",
                each.name(),
                each.address(),
                each.direct(),
                tls == null ? "plain" : tls.verified() + " " + tls.serverName(),
                each.proxyProtocol(),
                each.maxConnections(),
                each.newStreamsPerSecond(),
                each.newStreamsMaxWait(),
                each.health());
    }

    private void listener(ListenerConfig listener) {
        line("listener", listener.name(), listener.kind(), listener.protocols(), listener.liberator());
        String only = listener.liberator();
        if (only != null) {
            line("only", listener.name(), only, settings(null, only, listener));
        }
        for (RouteConfig route : config.routes()) {
            if (route.standsOn(listener)) {
                route(listener, route);
            }
        }
    }

    private void route(ListenerConfig listener, RouteConfig route) {
        for (String each : route.liberators()) {
            line("route", listener.name(), route.host(), each, route.disabled(), settings(route, each, listener));
        }
        PoolConfig pool = route.pool();
        if (pool != null) {
            pool.members().forEach(each -> line("member", listener.name(), route.host(), each));
            line("affinity", listener.name(), route.host(), affinity(pool.affinity()));
        }
    }

    private Settings settings(@Nullable RouteConfig route, String liberator, ListenerConfig listener) {
        return config.settingsFor(route, Objects.requireNonNull(config.liberator(liberator)), listener);
    }

    private static String affinity(AffinityConfig affinity) {
        if (!(affinity instanceof AffinityConfig.Cookie cookie)) {
            return affinity.toString();
        }
        return joined(
                cookie.name(),
                cookie.path(),
                cookie.domain(),
                cookie.sameSite(),
                cookie.secure(),
                cookie.partitioned(),
                cookie.maxAge(),
                cookie.forged(),
                cookie.releaseDownFor(),
                cookie.releaseRemoved());
    }

    private void line(@Nullable Object... values) {
        lines.add(joined(values));
    }

    private static String joined(@Nullable Object... values) {
        StringBuilder line = new StringBuilder();
        for (Object each : values) {
            line.append(each).append('\t');
        }
        return line.toString();
    }

    private String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            lines.forEach(each -> digest.update((each + '\n').getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
