package io.sluice.agent;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
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
    private final LongAdder collectorNanos = new LongAdder();
    private final LongAdder stoppedNanos = new LongAdder();
    private final @Nullable Histogram[] slices = new @Nullable Histogram[SLICES];
    private final long[] collectorSlices = new long[SLICES];
    private final long[] stoppedSlices = new long[SLICES];
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

    /**
     * Explains some of a time that was recorded before.
     *
     * @param collector how much of it a collector had stopped the process
     * @param stopped how much of it all threads were stopped at most, for whatever reason
     */
    void explained(long collector, long stopped) {
        collectorNanos.add(collector);
        stoppedNanos.add(stopped);
    }

    /** Takes in what was recorded since the last time, and makes the reading anew. */
    synchronized void refresh() {
        Recorder from = recorder;
        if (from == null) {
            return;
        }
        interval = from.getIntervalHistogram(interval);
        collectorSlices[slice] += collectorNanos.sumThenReset();
        stoppedSlices[slice] += stoppedNanos.sumThenReset();
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
        reading = Reading.of(window, collectorMillis(), stoppedMillis(), countTotal, sumMillisTotal());
    }

    /** Begins a new slice in the place of the oldest. */
    synchronized void turn() {
        slice = (slice + 1) % SLICES;
        slices[slice] = null;
        collectorSlices[slice] = 0;
        stoppedSlices[slice] = 0;
    }

    synchronized void reset() {
        Recorder used = recorder;
        if (used != null) {
            used.reset();
        }
        collectorNanos.reset();
        stoppedNanos.reset();
        for (int i = 0; i < SLICES; i++) {
            slices[i] = null;
            collectorSlices[i] = 0;
            stoppedSlices[i] = 0;
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

    synchronized double collectorMillis() {
        return LongStream.of(collectorSlices).sum() / 1e6;
    }

    synchronized double stoppedMillis() {
        return LongStream.of(stoppedSlices).sum() / 1e6;
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
