package io.sluice.agent;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * What was recorded in a series until one moment, or between two: how often each {@linkplain Tally#cell cell} was
 * counted, and how much time that was. Immutable.
 */
final class Counts {
    static final Counts NONE = new Counts(new long[0], 0, 0, 0);

    private final long[] cells;
    private final long count;
    private final long sumNanos;
    private final long collectorNanos;
    private final long stoppedNanos;

    /**
     * @param cells not changed any more
     * @param collectorNanos for how much of the time a collector had stopped the process
     * @param stoppedNanos for how much of it all threads were stopped at most, for whatever reason
     */
    Counts(long[] cells, long sumNanos, long collectorNanos, long stoppedNanos) {
        this.cells = cells;
        this.sumNanos = sumNanos;
        this.collectorNanos = collectorNanos;
        this.stoppedNanos = stoppedNanos;
        this.count = Arrays.stream(cells).sum();
    }

    /** Explains some of the time. */
    static Counts explaining(long collectorNanos, long stoppedNanos) {
        return new Counts(NONE.cells, 0, collectorNanos, stoppedNanos);
    }

    Counts plus(Counts other) {
        if (other == NONE) {
            return this;
        }
        return this == NONE ? other : combined(other, 1);
    }

    /** What has come since {@code earlier}, which this must have grown from. */
    Counts since(Counts earlier) {
        return earlier == NONE ? this : combined(earlier, -1);
    }

    private Counts combined(Counts other, int sign) {
        long[] sums = Arrays.copyOf(cells, Math.max(cells.length, other.cells.length));
        for (int i = 0; i < other.cells.length; i++) {
            sums[i] += sign * other.cells[i];
        }
        return new Counts(
                sums,
                sumNanos + sign * other.sumNanos,
                collectorNanos + sign * other.collectorNanos,
                stoppedNanos + sign * other.stoppedNanos);
    }

    /** Whether nothing has come since {@code earlier}, which this must have grown from. */
    boolean isSameAs(Counts earlier) {
        return count == earlier.count
                && collectorNanos == earlier.collectorNanos
                && stoppedNanos == earlier.stoppedNanos;
    }

    long count() {
        return count;
    }

    /** How many took less than {@code nanos}; exact where a cell begins there. */
    long countBelow(long nanos) {
        return Arrays.stream(cells, 0, Math.min(cells.length, Tally.cell(nanos)))
                .sum();
    }

    double sumMillis() {
        return sumNanos / 1e6;
    }

    double collectorMillis() {
        return collectorNanos / 1e6;
    }

    double stoppedMillis() {
        return stoppedNanos / 1e6;
    }

    /** The same times in units of {@link Tally#UNIT_NANOS}. */
    Histogram histogram() {
        Histogram histogram = new Histogram(Tally.SIGNIFICANT_DIGITS);
        for (int i = 0; i < cells.length; i++) {
            if (cells[i] > 0) {
                histogram.recordValueWithCount(Tally.unitsFrom(i), cells[i]);
            }
        }
        return histogram;
    }
}
