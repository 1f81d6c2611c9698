package io.sluice.agent;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The times of one stage for one Liberator and one kind of stream, of all threads together, over a rolling window.
 *
 * <p>At the beginning of each slice of the window it is noted what there was until then, so the window is what has
 * come since the oldest note: the window's length, and up to a slice more.
 *
 * <p><b>Threading:</b> any thread. Recording is the {@linkplain Tally tallies'} affair and never waits for the rest,
 * which locks the series.
 *
 * <p><b>Memory:</b> that of its tallies, one for each loop that has recorded, and that of the
 * largest once more for each slice in which something came.
 */
final class Series {
    static final int SLICES = 5;

    private final List<Tally> tallies = new CopyOnWriteArrayList<>();
    private final Counts[] notes = new Counts[SLICES + 1];
    private int oldest;
    private Counts ended = Counts.NONE;
    private Counts forgotten = Counts.NONE;
    private volatile boolean used;
    private final Display display = new Display(() -> Reading.of(window(), sinceReset()));

    Series() {
        Arrays.fill(notes, Counts.NONE);
    }

    /** A tally for the calling thread; the only one of this series it asks for. */
    Tally begun() {
        Tally tally = new Tally();
        tallies.add(tally);
        used = true;
        return tally;
    }

    /** Whether anything has ever been recorded. */
    boolean isUsed() {
        return used;
    }

    /**
     * Explains some of a time that was recorded before.
     *
     * @param collectorNanos how much of it a collector had stopped the process
     * @param stoppedNanos how much of it all threads were stopped at most, for whatever reason
     */
    synchronized void explained(long collectorNanos, long stoppedNanos) {
        if (collectorNanos > 0 || stoppedNanos > 0) {
            ended = ended.plus(Counts.explaining(collectorNanos, stoppedNanos));
        }
    }

    /** Everything since the agent's start, what was reset included. */
    synchronized Counts total() {
        Counts all = ended;
        for (Tally each : tallies) {
            all = all.plus(each.counts());
        }
        return all;
    }

    /** Begins a new slice. */
    synchronized void turn() {
        List<Tally> grown = tallies.stream().filter(Tally::isFinal).toList();
        for (Tally each : grown) {
            ended = ended.plus(each.counts());
        }
        tallies.removeAll(grown);
        Counts newest = notes[Math.floorMod(oldest - 1, notes.length)];
        Counts now = total();
        notes[oldest] = now.isSameAs(newest) ? newest : now;
        oldest = (oldest + 1) % notes.length;
    }

    /** What has come in the window. */
    synchronized Counts window() {
        return total().since(notes[oldest]);
    }

    /** What has come since the last reset. */
    synchronized Counts sinceReset() {
        return total().since(forgotten);
    }

    synchronized void reset() {
        forgotten = total();
        Arrays.fill(notes, forgotten);
        display.refreshed();
    }

    Display display() {
        return display;
    }
}
