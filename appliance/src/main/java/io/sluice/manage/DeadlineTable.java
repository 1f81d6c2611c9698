package io.sluice.manage;

import io.sluice.config.BodyRate;
import io.sluice.config.LiberatorConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.ListenerKind;
import io.sluice.config.ProxyProtocolConfig;
import io.sluice.config.RouteConfig;
import io.sluice.config.SettingSource;
import io.sluice.config.Settings;
import io.sluice.config.SluiceConfig;
import io.sluice.connect.SocketTuning;
import io.sluice.relay.HttpPair;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Every deadline as a table for eyes: for each listener its own, then those of each route that stands on it, with the
 * value in force and the place that says so.
 */
final class DeadlineTable {
    private static final String BUILT_IN = "built in";

    private final TextTable table = new TextTable("<><", "deadline", "value", "from");
    private final SluiceConfig config;

    private DeadlineTable(SluiceConfig config) {
        this.config = config;
    }

    static String[] of(SluiceConfig config) {
        DeadlineTable deadlines = new DeadlineTable(config);
        config.listeners().forEach(deadlines::listener);
        deadlines.sockets();
        return deadlines.table.lines();
    }

    private void listener(ListenerConfig listener) {
        heading("listener " + listener.name());
        ProxyProtocolConfig proxy = listener.proxyProtocol();
        if (!proxy.isOff()) {
            boolean own = !proxy.timeout().equals(ProxyProtocolConfig.OFF.timeout());
            table.row("  proxyProtocol.timeout", text(proxy.timeout()), own ? "listener" : BUILT_IN);
        }
        Places here = new Places(null, null, listener);
        if (listener.tls() != null || listener.kind() == ListenerKind.TLS_PASSTHROUGH) {
            here.row("tlsHandshakeTimeout", Settings::tlsHandshakeTimeout);
        }
        if (listener.kind() == ListenerKind.HTTP) {
            here.row("requestHeadTimeout", Settings::requestHeadTimeout);
            table.row("  between requests", text(HttpPair.KEEP_ALIVE), BUILT_IN);
        }
        if (listener.liberator() != null) {
            route(new Places(null, config.liberator(listener.liberator()), listener), "*");
        }
        for (RouteConfig each : config.routes()) {
            if (each.standsOn(listener)) {
                each.liberators()
                        .forEach(name -> route(new Places(each, config.liberator(name), listener), each.host()));
            }
        }
    }

    private void route(Places places, String host) {
        heading(" " + host + " to " + Objects.requireNonNull(places.liberator).name());
        places.row("connectTimeout", Settings::connectTimeout);
        if (places.listener.kind() == ListenerKind.HTTP) {
            places.row("responseHeadTimeout", Settings::responseHeadTimeout);
            BodyRate rate = places.settings().requestBodyMinRate();
            places.row("requestBodyMinRate", rate.bytes() + "B/" + text(rate.per()));
        }
        places.row("streamIdleTimeout", Settings::streamIdleTimeout);
        places.row("stalledClientTimeout", Settings::stalledClientTimeout);
    }

    private void sockets() {
        heading("TCP keep-alive");
        table.row("  probed when silent for", text(SocketTuning.KEEP_ALIVE_IDLE), BUILT_IN);
        table.row("  then every", text(SocketTuning.KEEP_ALIVE_INTERVAL), BUILT_IN);
        table.row("  lost after probes", SocketTuning.KEEP_ALIVE_PROBES, BUILT_IN);
    }

    private void heading(String text) {
        table.row(text, "", "");
    }

    /** As it is written in the file; 0 for none. */
    private static String text(Duration time) {
        long millis = time.toMillis();
        return millis == 0 ? "0" : millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    /** Where the settings of a route are looked for, the narrowest first. */
    private final class Places {
        private final @Nullable RouteConfig route;
        private final @Nullable LiberatorConfig liberator;
        private final ListenerConfig listener;

        Places(@Nullable RouteConfig route, @Nullable LiberatorConfig liberator, ListenerConfig listener) {
            this.route = route;
            this.liberator = liberator;
            this.listener = listener;
        }

        Settings settings() {
            return config.settingsFor(route, liberator, listener);
        }

        void row(String key, Function<Settings, Duration> value) {
            row(key, text(value.apply(settings())));
        }

        void row(String key, String value) {
            SettingSource source = config.sourceOf(key, route, liberator, listener);
            table.row("  " + key, value, source);
        }
    }
}
