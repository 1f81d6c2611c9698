package io.sluice.account;

import com.codahale.metrics.Reservoir;
import com.codahale.metrics.Snapshot;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * A Dropwizard reservoir over an HdrHistogram recorder, for all values since the start.
 *
 * <p>Dropwizard's own sampling reservoir loses rare long values altogether; this keeps every one within
 * 1 %.
 *
 * <p><b>Threading:</b> recording is wait-free; taking a snapshot locks only other snapshots.
 */
public final class HdrReservoir implements Reservoir {
    private static final int SIGNIFICANT_DIGITS = 2;

    private final Recorder recorder = new Recorder(SIGNIFICANT_DIGITS);
    private final Histogram all = new Histogram(SIGNIFICANT_DIGITS);

    @Override
    public int size() {
        return getSnapshot().size();
    }

    @Override
    public void update(long value) {
        recorder.recordValue(Math.max(0, value));
    }

    @Override
    public synchronized Snapshot getSnapshot() {
        all.add(recorder.getIntervalHistogram());
        return new HdrSnapshot(all.copy());
    }

    private static final class HdrSnapshot extends Snapshot {
        private final Histogram histogram;

        HdrSnapshot(Histogram histogram) {
            this.histogram = histogram;
        }

        @Override
        public double getValue(double quantile) {
            return histogram.getTotalCount() == 0 ? 0 : histogram.getValueAtPercentile(quantile * 100);
        }

        /** Not the values themselves, which a histogram does not keep, but one per recorded bucket. */
        @Override
        public long[] getValues() {
            return java.util.stream.StreamSupport.stream(
                            histogram.recordedValues().spliterator(), false)
                    .mapToLong(each -> each.getValueIteratedTo())
                    .toArray();
        }

        @Override
        public int size() {
            return (int) Math.min(Integer.MAX_VALUE, histogram.getTotalCount());
        }

        @Override
        public long getMax() {
            return histogram.getMaxValue();
        }

        @Override
        public double getMean() {
            return histogram.getTotalCount() == 0 ? 0 : histogram.getMean();
        }

        @Override
        public long getMin() {
            return histogram.getTotalCount() == 0 ? 0 : histogram.getMinValue();
        }

        @Override
        public double getStdDev() {
            return histogram.getTotalCount() == 0 ? 0 : histogram.getStdDeviation();
        }

        @Override
        public void dump(OutputStream output) {
            try (PrintWriter out = new PrintWriter(output, false, StandardCharsets.UTF_8)) {
                for (long value : getValues()) {
                    out.println(value);
                }
            }
        }
    }
}
