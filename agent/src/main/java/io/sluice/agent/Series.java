package io.sluice.agent;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * The times of one stage for one Liberator and one kind of stream, over a rolling window.
 *
 * <p>The window is made of slices, of which the oldest is dropped as a new one begins: figures cover the window and up
 * to a slice more.
 *
 * <p><b>Threading:</b> {@link #record} and {@link #explained} from any thread, wait-free. The rest locks the series,
 * never for long.
 */
final class Series {
    /** One tenth of a microsecond: a histogram of 1 % then holds 1 µs to an hour in a few KiB. */
    static final long UNIT_NANOS = 100;

    static final int SLICES = 5;
    static final int SIGNIFICANT_DIGITS = 2;

    private volatile @Nullable Recorder recorder;
    private final LongAdder explainedNanos = new LongAdder();
    private final @Nullable Histogram[] slices = new @Nullable Histogram[SLICES];
    private final long[] explainedSlices = new long[SLICES];
    private @Nullable Histogram interval;
    private int slice;
    private long countTotal;
    private double unitsTotal;
    private volatile Reading reading = Reading.NONE;

    void record(long nanos) {
        Recorder into = recorder;
        (into == null ? begun() : into).recordValue(Math.max(0, nanos) / UNIT_NANOS);
    }

    /** A series that nothing was recorded in needs hardly any memory. */
    private synchronized Recorder begun() {
        Recorder begun = recorder;
        if (begun == null) {
            begun = new Recorder(SIGNIFICANT_DIGITS);
            recorder = begun;
        }
        return begun;
    }

    /** Whether anything has ever been recorded. */
    boolean isUsed() {
        return recorder != null;
    }

    /** Of a time recorded before, {@code nanos} are explained by a collector's pause. */
    void explained(long nanos) {
        explainedNanos.add(nanos);
    }

    /** Takes in what was recorded since the last time, and makes the reading anew. */
    synchronized void refresh() {
        Recorder from = recorder;
        if (from == null) {
            return;
        }
        interval = from.getIntervalHistogram(interval);
        explainedSlices[slice] += explainedNanos.sumThenReset();
        if (interval.getTotalCount() > 0) {
            Histogram current = slices[slice];
            if (current == null) {
                current = new Histogram(SIGNIFICANT_DIGITS);
                slices[slice] = current;
            }
            current.add(interval);
            countTotal += interval.getTotalCount();
            unitsTotal += interval.getMean() * interval.getTotalCount();
        }
        Histogram window = new Histogram(SIGNIFICANT_DIGITS);
        addWindow(window);
        reading = Reading.of(window, explainedMillis(), countTotal, sumMillisTotal());
    }

    /** Begins a new slice in the place of the oldest. */
    synchronized void turn() {
        slice = (slice + 1) % SLICES;
        slices[slice] = null;
        explainedSlices[slice] = 0;
    }

    synchronized void reset() {
        Recorder used = recorder;
        if (used != null) {
            used.reset();
        }
        explainedNanos.reset();
        for (int i = 0; i < SLICES; i++) {
            slices[i] = null;
            explainedSlices[i] = 0;
        }
        countTotal = 0;
        unitsTotal = 0;
        reading = Reading.NONE;
    }

    /** Adds the window's times to {@code sum}. */
    synchronized void addWindow(Histogram sum) {
        for (Histogram each : slices) {
            if (each != null) {
                sum.add(each);
            }
        }
    }

    synchronized double explainedMillis() {
        long nanos = 0;
        for (long each : explainedSlices) {
            nanos += each;
        }
        return nanos / 1e6;
    }

    synchronized long countTotal() {
        return countTotal;
    }

    synchronized double sumMillisTotal() {
        return unitsTotal * UNIT_NANOS / 1e6;
    }

    /** The last one made; O(1), no lock. */
    Reading reading() {
        return reading;
    }
}
