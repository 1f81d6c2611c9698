package io.sluice.manage;

import io.sluice.account.ListenerLedger;
import io.sluice.account.Refusal;
import io.sluice.account.RefusalLedger;
import io.sluice.account.StreamLog;
import io.sluice.config.Limits;
import io.sluice.config.ListenerConfig;
import io.sluice.config.ListenerKind;
import io.sluice.config.Protocol;
import io.sluice.listen.Listener;
import io.sluice.listen.Listeners;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One listener, from its first table to its last connection.
 *
 * <p><b>Threading:</b> {@link #inTable} and {@link #leftTable} come one at a time; getters from any thread.
 */
final class ListenerBean implements ListenerMXBean {
    private final Listeners listeners;
    private final ListenerLedger ledger;
    private volatile ListenerConfig config;
    private volatile boolean left;

    ListenerBean(ListenerConfig config, Listeners listeners, ListenerLedger ledger) {
        this.config = config;
        this.listeners = listeners;
        this.ledger = ledger;
    }

    void inTable(ListenerConfig now) {
        config = now;
        left = false;
    }

    void leftTable() {
        left = true;
    }

    /** Whether it left the table and its last connection is gone. */
    boolean isOver() {
        return left && ledger.active() == 0;
    }

    private @Nullable InetSocketAddress address() {
        Listener listener = left ? null : listeners.listener(config.name());
        return listener == null ? null : listener.address();
    }

    @Override
    public String getName() {
        return config.name();
    }

    @Override
    public String getBind() {
        return config.bind().toString();
    }

    @Override
    public String getAddress() {
        InetSocketAddress address = address();
        return address == null ? "" : StreamLog.address(address);
    }

    @Override
    public String getKind() {
        return config.kind().label();
    }

    @Override
    public String[] getProtocols() {
        return config.kind() == ListenerKind.HTTP
                ? config.protocols().stream().map(Protocol::label).toArray(String[]::new)
                : new String[0];
    }

    @Override
    public String getLiberator() {
        String liberator = config.liberator();
        return liberator == null ? "" : liberator;
    }

    @Override
    public boolean isListening() {
        return address() != null;
    }

    @Override
    public int getConnectionsActive() {
        return ledger.active();
    }

    @Override
    public int getConnectionsPeak() {
        return ledger.peak();
    }

    @Override
    public int getConnectionsLimit() {
        return config.limits().connections();
    }

    @Override
    public long getAcceptedTotal() {
        return ledger.acceptedTotal();
    }

    @Override
    public long getHttp2ConnectionsTotal() {
        return ledger.http2().connectionsTotal();
    }

    @Override
    public long getHttp2StreamsTotal() {
        return ledger.http2().streamsTotal();
    }

    @Override
    public long getHttp2WebSocketsTotal() {
        return ledger.http2().webSocketsTotal();
    }

    @Override
    public long getRefusedTotal() {
        return ledger.refusals().total();
    }

    @Override
    public String getLastRefusedAt() {
        return TextTable.instant(ledger.refusals().lastAt());
    }

    @Override
    public String[] getRefusals() {
        return RefusalTable.lines(ledger.refusals());
    }

    @Override
    public String[] getLimits() {
        Limits limits = config.limits();
        RefusalLedger refusals = ledger.refusals();
        int ranges = limits.rules().allow().size() + limits.rules().deny().size();
        return new LimitTable()
                .row("connections", limits.connections(), refusals, Refusal.LISTENER_LIMIT)
                .row("per address", limits.connectionsPerAddress(), refusals, Refusal.ADDRESS_LIMIT)
                .row("accept/s", limits.acceptPerSecond(), ledger.slowed())
                .row("allow, deny", ranges == 0 ? "-" : ranges, refusals, Refusal.ADDRESS_DENIED)
                .row("appliance", "-", refusals, Refusal.APPLIANCE_LIMIT)
                .row("descriptors", "-", ledger.exhausted())
                .lines();
    }

    @Override
    public long getSlowedTotal() {
        return ledger.slowed().total();
    }

    @Override
    public long getExhaustedTotal() {
        return ledger.exhausted().total();
    }

    @Override
    public String[] explain(@Nullable String client) {
        String given = Explanation.plain(client);
        InetAddress address = Explanation.address(given);
        if (address == null) {
            return Explanation.noAddress(given);
        }
        Entry entry = Entry.of(config, ledger.active(), isListening(), address);
        List<String> lines = new ArrayList<>(entry.steps());
        lines.add("result     " + Objects.requireNonNullElse(entry.refusal(), "let in"));
        return lines.toArray(String[]::new);
    }
}
