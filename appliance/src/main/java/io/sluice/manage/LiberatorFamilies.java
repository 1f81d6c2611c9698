package io.sluice.manage;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.sluice.account.EndCause;
import io.sluice.account.HdrReservoir;
import io.sluice.account.Kind;
import io.sluice.account.KindLedger;
import io.sluice.account.Ledger;
import io.sluice.account.Phase;
import io.sluice.account.Refusal;
import io.sluice.route.Liberator;
import io.sluice.route.LiberatorState;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What {@link Exposition} shows of one Liberator, which is the first label of each value. */
final class LiberatorFamilies {
    /** Ends of buckets of the histogram itself, so that each count is exact: 127 µs to 67 s. */
    private static final int FIRST_BUCKET_BITS = 7;

    private static final int LAST_BUCKET_BITS = 26;
    private static final double MICROS = 1_000_000;
    private static final String LABEL = "liberator";

    private final String name;
    private final Families families;

    LiberatorFamilies(String name, Families families) {
        this.name = name;
        this.families = families;
    }

    private void counter(String family, String help, long value, String... labels) {
        families.counter(family, help, value, labelled(labels));
    }

    private void gauge(String family, String help, long value, String... labels) {
        families.gauge(family, help, value, labelled(labels));
    }

    private String[] labelled(String... labels) {
        String[] all = new String[labels.length + 2];
        all[0] = LABEL;
        all[1] = name;
        System.arraycopy(labels, 0, all, 2, labels.length);
        return all;
    }

    // ---------------------------------------------------------------- its ledger

    void add(Ledger ledger) {
        for (Kind each : Kind.values()) {
            kind(each.label(), ledger.kind(each));
        }
        ends(ledger);
        gauge("sluice_liberator_connections_active", "Connections to the Liberator.", ledger.connectionsActive());
        connectFailures(ledger);
        for (Refusal each : Refusal.values()) {
            long count = ledger.refusals().count(each);
            counter("sluice_liberator_refused", "Refused, by reason.", count, "reason", each.label());
        }
        held("to_client", ledger.heldForClientsBytes());
        held("to_liberator", ledger.heldForLiberatorBytes());
        gauge(
                "sluice_new_streams_waiting",
                "New streams that wait for newStreamsPerSecond.",
                ledger.newStreams().waiting());
        counter(
                "sluice_new_streams_delayed",
                "New streams that had to wait.",
                ledger.newStreams().delayed().total());
        counter(
                "sluice_stickiness_checks",
                "Streams whose Liberator was checked once more.",
                ledger.stickinessChecks());
        counter(
                "sluice_stickiness_violations",
                "Streams on a wrong Liberator. Must be 0.",
                ledger.stickinessViolations());
    }

    private void kind(String kind, KindLedger counts) {
        gauge("sluice_streams_active", "Open streams.", counts.active(), "kind", kind);
        counter("sluice_streams", "Streams opened.", counts.total(), "kind", kind);
        bytes(kind, "from_client", counts.fromClientBytes());
        bytes(kind, "to_liberator", counts.toLiberatorBytes());
        bytes(kind, "from_liberator", counts.fromLiberatorBytes());
        bytes(kind, "to_client", counts.toClientBytes());
    }

    private void bytes(String kind, String direction, long bytes) {
        String help = "Bytes of streams, read and written.";
        counter("sluice_stream_bytes", help, bytes, "kind", kind, "direction", direction);
    }

    private void ends(Ledger ledger) {
        String help = "Streams that ended, by cause and by how far they came.";
        for (EndCause cause : EndCause.values()) {
            for (Phase phase : Phase.values()) {
                long ended = ledger.endedIn(cause, phase);
                if (ended > 0 || phase == Phase.RELAY) {
                    counter("sluice_streams_ended", help, ended, "cause", cause.label(), "phase", phase.label());
                }
            }
        }
    }

    private void connectFailures(Ledger ledger) {
        Map<String, Long> failures = new TreeMap<>(Map.of(
                "refused", ledger.connectionsRefused(),
                "timeout", ledger.connectionsTimedOut(),
                "tls", ledger.connectionsTlsFailed(),
                "unresolved", ledger.connectionsUnresolved(),
                "limit", ledger.connectionsLimited()));
        String help = "Connections to the Liberator that were not made.";
        failures.forEach((reason, count) -> counter("sluice_connect_failures", help, count, "reason", reason));
    }

    private void held(String direction, long bytes) {
        gauge("sluice_held_bytes", "Bytes that wait for a socket.", bytes, "direction", direction);
    }

    /** One family of all Liberators. */
    static HistogramSnapshot connectSeconds(Collection<Ledger> ledgers) {
        HistogramSnapshot.Builder family =
                HistogramSnapshot.builder().name("sluice_connect_seconds").help("Time to connect to the Liberator.");
        for (Ledger each : ledgers) {
            HdrReservoir.Distribution micros = each.connectMicrosDistribution();
            ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
            long below = 0;
            for (int bits = FIRST_BUCKET_BITS; bits <= LAST_BUCKET_BITS; bits++) {
                long end = (1L << bits) - 1;
                long upTo = micros.countUpTo(end);
                buckets.bucket(end / MICROS, upTo - below);
                below = upTo;
            }
            buckets.bucket(Double.POSITIVE_INFINITY, micros.count() - below);
            family.dataPoint(HistogramDataPointSnapshot.builder()
                    .classicHistogramBuckets(buckets.build())
                    .sum(micros.sum() / MICROS)
                    .labels(Labels.of(LABEL, each.liberator()))
                    .build());
        }
        return family.build();
    }

    // ---------------------------------------------------------------- its place in the table

    void add(Liberator liberator) {
        LiberatorState now = liberator.state().state();
        for (LiberatorState each : LiberatorState.values()) {
            gauge(
                    "sluice_liberator_state",
                    "1 for the state that the Liberator is in.",
                    each == now ? 1 : 0,
                    "state",
                    each.name().toLowerCase(Locale.ROOT));
        }
        gauge(
                "sluice_liberator_connections_limit",
                "Most connections to the Liberator: maxConnections.",
                liberator.config().maxConnections());
    }
}
