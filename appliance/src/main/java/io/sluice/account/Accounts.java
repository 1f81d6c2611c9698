package io.sluice.account;

import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * All ledgers by name, and the Dropwizard registry behind rates and histograms.
 *
 * <p>A ledger is made when its Liberator or listener first appears in a table and lives as long as the
 * process, so that no reload loses a count.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class Accounts {
    private final MetricRegistry metrics = new MetricRegistry();
    private final ConcurrentMap<String, Ledger> ledgers = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, ListenerLedger> listenerLedgers = new ConcurrentHashMap<>();
    private final Places clients = new Places();
    private final ConcurrentMap<String, PoolLedger> poolLedgers = new ConcurrentHashMap<>();
    private final StreamRegistry streams;

    public Accounts(StreamLog log) {
        streams = new StreamRegistry(log);
    }

    public Ledger liberator(String name) {
        return ledgers.computeIfAbsent(name, this::open);
    }

    public ListenerLedger listener(String name) {
        return listenerLedgers.computeIfAbsent(name, ListenerLedger::new);
    }

    /** The ledger of the pool whose route stands for {@code host}. */
    public PoolLedger pool(String host) {
        return poolLedgers.computeIfAbsent(host, PoolLedger::new);
    }

    private Ledger open(String liberator) {
        HdrReservoir connectMicros = new HdrReservoir();
        Histogram histogram = metrics.register(
                MetricRegistry.name("liberator", liberator, "connectMicros"), new Histogram(connectMicros));
        return new Ledger(liberator, histogram, connectMicros);
    }

    public Collection<PoolLedger> pools() {
        return poolLedgers.values();
    }

    public Collection<Ledger> liberators() {
        return ledgers.values();
    }

    public Collection<ListenerLedger> listeners() {
        return listenerLedgers.values();
    }

    /** Deliveries that were compared with what had been decided, of all Liberators since the start. */
    public long stickinessChecks() {
        return ledgers.values().stream().mapToLong(Ledger::stickinessChecks).sum();
    }

    /** Those that differed and were stopped. */
    public long stickinessViolations() {
        return ledgers.values().stream().mapToLong(Ledger::stickinessViolations).sum();
    }

    /** The places that client connections take, all listeners together. */
    public Places clients() {
        return clients;
    }

    public StreamRegistry streams() {
        return streams;
    }

    public MetricRegistry metrics() {
        return metrics;
    }
}
