package io.sluice.account;

import com.codahale.metrics.Reservoir;
import com.codahale.metrics.Snapshot;
import java.util.concurrent.atomic.LongAdder;
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
    private final LongAdder sum = new LongAdder();

    @Override
    public int size() {
        return getSnapshot().size();
    }

    @Override
    public void update(long value) {
        long counted = Math.max(0, value);
        recorder.recordValue(counted);
        sum.add(counted);
    }

    @Override
    public Snapshot getSnapshot() {
        return new HdrSnapshot(recorded(), 1);
    }

    /** The same with what Dropwizard's snapshot has no room for. */
    public Distribution distribution() {
        return new Distribution(recorded(), sum.sum());
    }

    private synchronized Histogram recorded() {
        all.add(recorder.getIntervalHistogram());
        return all.copy();
    }

    /** All values since the start, at one moment. */
    public static final class Distribution {
        private final Histogram histogram;
        private final long sum;

        private Distribution(Histogram histogram, long sum) {
            this.histogram = histogram;
            this.sum = sum;
        }

        public long count() {
            return histogram.getTotalCount();
        }

        /** Of the values themselves, not of the buckets they are kept in. */
        public long sum() {
            return sum;
        }

        /**
         * How many values were at most {@code value}. Exact for one less than a power of two, where a bucket ends;
         * elsewhere those of the whole bucket count.
         */
        public long countUpTo(long value) {
            return histogram.getTotalCount() == 0 ? 0 : histogram.getCountBetweenValues(0, value);
        }
    }
}
