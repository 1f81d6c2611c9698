package io.sluice.account;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The ends of one Liberator's streams as they stood each minute of the last day, and at the mark an operator made.
 *
 * <p><b>Threading:</b> any thread; not for loops.
 */
public final class EndHistory {
    private static final int MINUTES_OF_A_DAY = 24 * 60;

    /** How the counts stood at {@code at}. */
    public record Look(Instant at, EndCounts counts) {}

    private final Deque<Look> looks = new ArrayDeque<>();
    private Look mark;

    EndHistory(Instant start) {
        mark = new Look(start, EndCounts.NONE);
        looks.add(mark);
    }

    /** Once a minute. */
    synchronized void look(Instant now, EndCounts counts) {
        EndCounts last = looks.getLast().counts();
        looks.add(new Look(now, counts.equals(last) ? last : counts));
        if (looks.size() > MINUTES_OF_A_DAY) {
            looks.remove();
        }
    }

    synchronized void mark(Instant now, EndCounts counts) {
        mark = new Look(now, counts);
    }

    /** The mark made last; the start before the first. */
    public synchronized Look mark() {
        return mark;
    }

    /** The last look that is no later than {@code time}; the oldest there is when all are. */
    public synchronized Look at(Instant time) {
        Iterator<Look> latestFirst = looks.descendingIterator();
        while (latestFirst.hasNext()) {
            Look look = latestFirst.next();
            if (!look.at().isAfter(time)) {
                return look;
            }
        }
        return looks.getFirst();
    }
}
