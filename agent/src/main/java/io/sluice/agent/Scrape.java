package io.sluice.agent;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sluice.account.Kind;
import io.sluice.manage.Families;

/**
 * The agent's figures on the page of metrics: registered where Prometheus' library has things registered by default,
 * which the appliance's page shows without knowing whose they are.
 *
 * <p>What is counted there is counted since the agent came; a {@code reset()} over JMX does not touch it.
 *
 * <p><b>Threading:</b> any thread; the loops have no part in it.
 */
final class Scrape implements MultiCollector, AutoCloseable {
    /** Ends of buckets are ends of {@linkplain Tally#cell cells}, so that each count is exact: 1.6 µs to 26.8 s. */
    private static final int FIRST_BUCKET_BITS = 4;

    private static final int LAST_BUCKET_BITS = 28;
    private static final double MICROS = 1e6;
    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;

    private final Agent agent;

    private Scrape(Agent agent) {
        this.agent = agent;
    }

    static Scrape open(Agent agent) {
        Scrape scrape = new Scrape(agent);
        PrometheusRegistry.defaultRegistry.register(scrape);
        return scrape;
    }

    @Override
    public void close() {
        PrometheusRegistry.defaultRegistry.unregister(this);
    }

    /** What fails here costs the agent's figures alone. */
    @Override
    public MetricSnapshots collect() {
        try {
            return look();
        } catch (RuntimeException fault) {
            Faults.caught(fault);
            return new MetricSnapshots();
        }
    }

    private MetricSnapshots look() {
        Families families = new Families();
        self(families);
        HistogramSnapshot.Builder times = HistogramSnapshot.builder()
                .name("sluice_latency_seconds")
                .help("How long each stage took, and each message.");
        boolean timed = false;
        for (Figures.OfLiberator each : agent.figures().liberators()) {
            for (Stage stage : Stage.values()) {
                for (Kind kind : each.timedKinds(stage)) {
                    Labels labels = Labels.of("liberator", each.name(), "stage", stage.label(), "kind", kind.label());
                    times.dataPoint(histogram(each.series(stage, kind).total(), labels));
                    window(each.reading(stage, kind), families, each.name(), stage.label(), kind.label());
                    timed = true;
                }
            }
        }
        if (timed) {
            families.add(times::build);
        }
        return families.snapshots();
    }

    private void self(Families families) {
        Observer observer = agent.observer();
        families.flag("sluice_agent_on", "1: the latency agent is on.", observer != null);
        families.counter("sluice_agent_faults", "Faults of the latency agent itself.", Faults.total());
        families.counter(
                "sluice_agent_traces",
                "Lines written about what was slow.",
                agent.traces().total());
        families.counter(
                "sluice_agent_traces_dropped",
                "Lines about what was slow that were too many.",
                agent.traces().dropped());
        families.gauge(
                "sluice_agent_clients_waited_for",
                "Clients whose sockets are full.",
                observer == null ? 0 : observer.waits().clients());
        families.counter(
                "sluice_agent_collector_pauses",
                "Times a collector has stopped the process while the agent was on.",
                agent.pauses().count());
        families.counter(
                "sluice_agent_collector_seconds",
                "How long collectors have stopped the process while the agent was on.",
                agent.pauses().totalMillis() / MILLIS);
    }

    private static HistogramDataPointSnapshot histogram(Counts counts, Labels labels) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long below = 0;
        for (int bits = FIRST_BUCKET_BITS; bits <= LAST_BUCKET_BITS; bits++) {
            long end = (1L << bits) * Tally.UNIT_NANOS;
            long upTo = counts.countBelow(end);
            buckets.bucket(end / NANOS, upTo - below);
            below = upTo;
        }
        buckets.bucket(Double.POSITIVE_INFINITY, counts.count() - below);
        return HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.build())
                .sum(counts.sumMillis() / MILLIS)
                .labels(labels)
                .build();
    }

    private static void window(Reading reading, Families families, String liberator, String stage, String kind) {
        quantile(families, reading.p50(), "0.5", liberator, stage, kind);
        quantile(families, reading.p90(), "0.9", liberator, stage, kind);
        quantile(families, reading.p99(), "0.99", liberator, stage, kind);
        quantile(families, reading.p999(), "0.999", liberator, stage, kind);
        quantile(families, reading.max(), "1", liberator, stage, kind);
    }

    private static void quantile(
            Families families, double micros, String quantile, String liberator, String stage, String kind) {
        families.gauge(
                "sluice_latency_window_seconds",
                "Percentiles of the agent's rolling window; quantile 1 is the longest.",
                micros / MICROS,
                "liberator",
                liberator,
                "stage",
                stage,
                "kind",
                kind,
                "quantile",
                quantile);
    }
}
