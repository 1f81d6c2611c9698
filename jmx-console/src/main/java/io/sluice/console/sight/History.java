package io.sluice.console.sight;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The last readings of one appliance, as long as it was not started anew.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class History {
    private static final double NANOS = 1e9;

    private final int most;
    private final Deque<Reading> readings = new ArrayDeque<>();

    /** Keeps at most {@code most}. */
    public History(int most) {
        this.most = most;
    }

    /** Adds the next; after a restart of the appliance its counters begin anew, and so does this. */
    public synchronized void add(Reading next) {
        Reading last = readings.peekLast();
        if (last != null
                && !last.appliance().text("StartedAt").equals(next.appliance().text("StartedAt"))) {
            readings.clear();
        }
        readings.addLast(next);
        if (readings.size() > most) {
            readings.removeFirst();
        }
    }

    public synchronized @Nullable Reading last() {
        return readings.peekLast();
    }

    public synchronized List<Reading> all() {
        return List.copyOf(readings);
    }

    /** How fast a figure that only grows grew between the last two readings; 0 before there are two. */
    public synchronized double perSecond(ToDoubleFunction<Reading> figure) {
        double[] rates = ratesPerSecond(figure, 1);
        return rates.length == 0 ? 0 : rates[0];
    }

    /** The same between any two that follow each other, the oldest first; at most the last {@code count}. */
    public synchronized double[] ratesPerSecond(ToDoubleFunction<Reading> figure, int count) {
        int pairs = Math.max(0, Math.min(count, readings.size() - 1));
        double[] rates = new double[pairs];
        Iterator<Reading> backwards = readings.descendingIterator();
        Reading later = pairs == 0 ? null : backwards.next();
        for (int i = pairs - 1; i >= 0 && later != null; i--) {
            Reading earlier = backwards.next();
            double seconds = Math.max(1, later.nanos() - earlier.nanos()) / NANOS;
            rates[i] = Math.max(0, figure.applyAsDouble(later) - figure.applyAsDouble(earlier)) / seconds;
            later = earlier;
        }
        return rates;
    }

    /** A figure as it was, the oldest first; at most the last {@code count}. */
    public synchronized double[] values(ToDoubleFunction<Reading> figure, int count) {
        return readings.stream()
                .skip(Math.max(0, readings.size() - count))
                .mapToDouble(figure)
                .toArray();
    }
}
