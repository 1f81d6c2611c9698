package io.sluice.manage;

import io.sluice.account.Accounts;
import io.sluice.account.EndCause;
import io.sluice.account.Ledger;
import io.sluice.account.Refusal;
import io.sluice.account.RefusalLedger;
import io.sluice.config.BodyRate;
import io.sluice.config.LiberatorConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.ListenerKind;
import io.sluice.config.Protocol;
import io.sluice.config.ProxyProtocolConfig;
import io.sluice.config.RouteConfig;
import io.sluice.config.SettingSource;
import io.sluice.config.Settings;
import io.sluice.config.SluiceConfig;
import io.sluice.config.TcpKeepAlive;
import io.sluice.relay.HttpPair;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Every deadline as a table for eyes: for each listener its own, then those of each route that stands on it, with the
 * value in force, how often it took effect, and the place that says so.
 *
 * <p>How often is counted where it happens: up to the body of a request by the listener, from connecting on by the
 * Liberator. So routes that share a Liberator show the same number.
 */
final class DeadlineTable {
    private static final String BUILT_IN = "built in";
    private static final String NOT_COUNTED = "-";

    private final TextTable table = new TextTable("<>><", "deadline", "value", "hits", "from");
    private final SluiceConfig config;
    private final Accounts accounts;

    private DeadlineTable(SluiceConfig config, Accounts accounts) {
        this.config = config;
        this.accounts = accounts;
    }

    static String[] of(SluiceConfig config, Accounts accounts) {
        DeadlineTable deadlines = new DeadlineTable(config, accounts);
        config.listeners().forEach(deadlines::listener);
        return deadlines.table.lines();
    }

    private void listener(ListenerConfig listener) {
        heading("listener " + listener.name());
        RefusalLedger refused = accounts.listener(listener.name()).refusals();
        ProxyProtocolConfig proxy = listener.proxyProtocol();
        if (!proxy.isOff()) {
            boolean own = !proxy.timeout().equals(ProxyProtocolConfig.OFF.timeout());
            long hits = refused.count(Refusal.PROXY_TIMEOUT);
            table.row("  proxyProtocol.timeout", text(proxy.timeout()), hits, own ? "listener" : BUILT_IN);
        }
        Places here = new Places(null, null, listener);
        Settings settings = here.settings();
        if (listener.tls() != null || listener.kind() == ListenerKind.TLS_PASSTHROUGH) {
            here.row("tlsHandshakeTimeout", settings.tlsHandshakeTimeout(), refused.count(Refusal.TLS_TIMEOUT));
        }
        if (listener.kind() == ListenerKind.HTTP) {
            here.row("requestHeadTimeout", settings.requestHeadTimeout(), refused.count(Refusal.HEAD_TIMEOUT));
            table.row("  between requests", text(HttpPair.KEEP_ALIVE), NOT_COUNTED, BUILT_IN);
        }
        if (listener.protocols().contains(Protocol.HTTP_2)) {
            here.row("stalledClientTimeout", settings.stalledClientTimeout(), refused.count(Refusal.H2_STALLED));
        }
        here.keepAlive(accounts.listener(listener.name()).fallenSilent());
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
        LiberatorConfig liberator = Objects.requireNonNull(places.liberator);
        heading(" " + host + " to " + liberator.name());
        Ledger ledger = accounts.liberator(liberator.name());
        Settings settings = places.settings();
        if (liberator.newStreamsPerSecond() > 0) {
            boolean own = !liberator.newStreamsMaxWait().equals(LiberatorConfig.DEFAULT_NEW_STREAMS_MAX_WAIT);
            long hits = ledger.refusals().count(Refusal.NEW_STREAM_LIMIT);
            table.row("  newStreamsMaxWait", text(liberator.newStreamsMaxWait()), hits, own ? "liberator" : BUILT_IN);
        }
        places.row("connectTimeout", settings.connectTimeout(), ledger.connectionsTimedOut());
        if (places.listener.kind() == ListenerKind.HTTP) {
            places.row("responseHeadTimeout", settings.responseHeadTimeout(), ledger.ended(EndCause.HEAD_TIMEOUT));
            BodyRate rate = settings.requestBodyMinRate();
            RefusalLedger refused = accounts.listener(places.listener.name()).refusals();
            places.row(
                    "requestBodyMinRate", rate.bytes() + "B/" + text(rate.per()), refused.count(Refusal.BODY_TIMEOUT));
        }
        places.row("streamIdleTimeout", settings.streamIdleTimeout(), ledger.ended(EndCause.IDLE));
        places.row("stalledClientTimeout", settings.stalledClientTimeout(), ledger.ended(EndCause.CLIENT_STALLED));
        places.row("slowClientTimeout", settings.slowClientTimeout(), ledger.ended(EndCause.CLIENT_SLOW));
        places.keepAlive(ledger.fallenSilent());
    }

    private void heading(String text) {
        table.row(text, "", "", "");
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

        void row(String key, Duration value, Object hits) {
            row(key, text(value), hits);
        }

        void row(String key, Object value, Object hits) {
            SettingSource source = config.sourceOf(key, route, liberator, listener);
            table.row("  " + key, value, hits, source);
        }

        /**
         * Of the client's socket, or of the one to the Liberator. The three are one deadline, with one count, which the
         * kernel's patience with a peer that takes nothing (net.ipv4.tcp_retries2) shares with them.
         */
        void keepAlive(long hits) {
            TcpKeepAlive times = settings().tcpKeepAlive();
            row("tcpKeepAliveIdle", times.idle(), hits);
            if (!times.isOff()) {
                row("tcpKeepAliveInterval", times.interval(), NOT_COUNTED);
                row("tcpKeepAliveProbes", times.probes(), NOT_COUNTED);
            }
        }
    }
}
