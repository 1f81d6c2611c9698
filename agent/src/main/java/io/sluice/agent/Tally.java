package io.sluice.agent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * How often one thread has recorded each time of one series. It only grows: who wants the times of a window takes two
 * looks and subtracts.
 *
 * <p>Times are counted in cells, those of an HdrHistogram of two digits in units of {@link #UNIT_NANOS}: as wide as the
 * unit up to 25.6 µs, less than 1 % of the time from there on.
 *
 * <p><b>Threading:</b> {@link #record} by the thread that made it and by no other, so that it needs no lock and nothing
 * atomic; the rest by any thread, which sees whole numbers that are at most a moment old.
 *
 * <p><b>Memory:</b> 4 KiB for times up to 0.1 ms and 1 KiB more for each doubling: 11 KiB at 10 ms, 21 KiB at 10 s.
 */
final class Tally {
    /** One tenth of a microsecond. */
    static final long UNIT_NANOS = 100;

    static final int SIGNIFICANT_DIGITS = 2;

    private static final int BITS = 7;
    private static final int HALF = 1 << BITS;
    private static final int LINEAR = 2 * HALF - 1;
    private static final int LINEAR_ZEROS = Long.numberOfLeadingZeros(LINEAR);
    private static final int FIRST_CELLS = 4 * HALF;
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle SUM = sum();

    private final Thread writer = Thread.currentThread();
    private volatile long[] cells = new long[FIRST_CELLS];

    @SuppressWarnings("UnusedVariable") // through its VarHandle
    private long sumNanos;

    private static VarHandle sum() {
        try {
            return MethodHandles.lookup().findVarHandle(Tally.class, "sumNanos", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** The cell in which times of {@code nanos}, 0 or more, are counted. */
    static int cell(long nanos) {
        long units = nanos / UNIT_NANOS;
        int shift = LINEAR_ZEROS - Long.numberOfLeadingZeros(units | LINEAR);
        return (shift << BITS) + (int) (units >>> shift);
    }

    /** The shortest time that {@code cell} counts, in units. */
    static long unitsFrom(int cell) {
        if (cell <= LINEAR) {
            return cell;
        }
        return (long) ((cell & (HALF - 1)) + HALF) << ((cell >>> BITS) - 1);
    }

    /** What is below 0 counts as 0. */
    void record(long nanos) {
        long time = Math.max(0, nanos);
        int cell = cell(time);
        long[] into = cells;
        if (cell >= into.length) {
            into = grown(into, cell);
        }
        CELL.setOpaque(into, cell, (long) CELL.get(into, cell) + 1);
        SUM.setOpaque(this, (long) SUM.get(this) + time);
    }

    private long[] grown(long[] from, int cell) {
        long[] grown = Arrays.copyOf(from, (cell | (HALF - 1)) + 1);
        cells = grown;
        return grown;
    }

    /** Whether nothing can come any more, because its thread has ended. */
    boolean isFinal() {
        return !writer.isAlive();
    }

    /** All that was recorded until now. */
    Counts counts() {
        long[] from = cells;
        long[] copy = new long[from.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = (long) CELL.getOpaque(from, i);
        }
        return new Counts(copy, (long) SUM.getOpaque(this), 0, 0);
    }
}
