package io.sluice.manage;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The metric families of one scrape, filled value by value; a family is made by its first value.
 *
 * <p><b>Threading:</b> one thread at a time.
 */
public final class Families {
    private final Map<String, CounterSnapshot.Builder> counters = new LinkedHashMap<>();
    private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
    private final List<MetricSnapshot> others = new ArrayList<>();
    private final List<MetricSnapshot> guests = new ArrayList<>();

    /**
     * A value that only grows.
     *
     * @param name without {@code _total}
     * @param labels names and values in turn
     */
    public void counter(String name, String help, double value, String... labels) {
        counters.computeIfAbsent(
                        name, each -> CounterSnapshot.builder().name(each).help(help))
                .dataPoint(CounterDataPointSnapshot.builder()
                        .value(value)
                        .labels(Labels.of(labels))
                        .build());
    }

    /** The same for what is counted in whole numbers. */
    public void counter(String name, String help, long value, String... labels) {
        counter(name, help, (double) value, labels);
    }

    /** A value of now. */
    public void gauge(String name, String help, double value, String... labels) {
        gauges.computeIfAbsent(name, each -> GaugeSnapshot.builder().name(each).help(help))
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .value(value)
                        .labels(Labels.of(labels))
                        .build());
    }

    /** The same for what is counted in whole numbers. */
    public void gauge(String name, String help, long value, String... labels) {
        gauge(name, help, (double) value, labels);
    }

    /** Whether something is so, as 1 or 0. */
    public void flag(String name, String help, boolean value, String... labels) {
        gauge(name, help, value ? 1 : 0, labels);
    }

    /** A family of another type. */
    public void add(Supplier<? extends MetricSnapshot> family) {
        others.add(family.get());
    }

    /** Somebody else's families; one whose name is taken is left out. */
    void guests(MetricSnapshots families) {
        families.forEach(guests::add);
    }

    /** All of them. */
    public MetricSnapshots snapshots() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        counters.values().forEach(each -> all.metricSnapshot(each.build()));
        gauges.values().forEach(each -> all.metricSnapshot(each.build()));
        others.forEach(all::metricSnapshot);
        for (MetricSnapshot each : guests) {
            if (!all.containsMetricName(each.getMetadata().getName())) {
                all.metricSnapshot(each);
            }
        }
        return all.build();
    }
}
