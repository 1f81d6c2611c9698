package io.sluice.agent;

import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Reservoir;
import com.codahale.metrics.SharedMetricRegistries;
import com.codahale.metrics.Snapshot;
import io.sluice.account.HdrSnapshot;
import java.util.HashSet;
import java.util.Set;

/**
 * The agent's series in the Dropwizard registry that the appliance shares, for whatever reporter reads it: {@code
 * liberator.NAME.latency.STAGE.KIND.micros}, of the rolling window. Does nothing while no registry is shared.
 *
 * <p><b>Threading:</b> one call at a time; reporters read from any thread.
 */
final class SharedHistograms implements AutoCloseable {
    private static final String SHARED = "sluice";

    private final Set<String> registered = new HashSet<>();

    /** Returns whether it is there now. */
    boolean show(String liberator, String stage, String kind, Series series) {
        if (!SharedMetricRegistries.names().contains(SHARED)) {
            return false;
        }
        String name = MetricRegistry.name("liberator", liberator, "latency", stage, kind, "micros");
        if (registered.add(name)) {
            SharedMetricRegistries.getOrCreate(SHARED).register(name, new OfSeries(series));
        }
        return true;
    }

    @Override
    public void close() {
        if (SharedMetricRegistries.names().contains(SHARED)) {
            registered.forEach(SharedMetricRegistries.getOrCreate(SHARED)::remove);
        }
        registered.clear();
    }

    /** Its count is of all times since the agent came, as Dropwizard's are; its snapshot is of the window. */
    private static final class OfSeries extends Histogram {
        private final Series series;

        OfSeries(Series series) {
            super(new Window(series));
            this.series = series;
        }

        @Override
        public long getCount() {
            return series.total().count();
        }
    }

    private record Window(Series series) implements Reservoir {
        @Override
        public int size() {
            return getSnapshot().size();
        }

        @Override
        public void update(long value) {
            throw new UnsupportedOperationException("only the agent records here");
        }

        @Override
        public Snapshot getSnapshot() {
            return new HdrSnapshot(series.window().histogram(), Tally.UNIT_NANOS / 1e3);
        }
    }
}
