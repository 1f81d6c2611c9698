package io.sluice.agent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines about what was slow: the last {@value #KEPT} for consoles, and all of them in the log as {@code sluice.traces}.
 *
 * <p>At most {@value #PER_SECOND} a second; more are counted and dropped, so that a bad minute costs no more than a
 * good one.
 *
 * <p><b>Threading:</b> {@link #offer} from any thread, wait-free; formatting and logging on the agent's thread.
 */
final class Traces {
    static final int KEPT = 100;
    static final int PER_SECOND = 20;

    /** A collector's pause is known a moment after it is over. */
    private static final long SETTLING_NANOS = 150_000_000L;

    private final Queue<Trace> offered = new ConcurrentLinkedQueue<>();
    private final AtomicInteger budget = new AtomicInteger(PER_SECOND);
    private final LongAdder dropped = new LongAdder();
    private final LongAdder total = new LongAdder();
    private final Deque<String> last = new ArrayDeque<>(KEPT);
    private final Pauses pauses;

    Traces(Pauses pauses) {
        this.pauses = pauses;
    }

    /** Whether another one may be made in this second; counts it as dropped if not. */
    boolean mayOffer() {
        if (budget.get() > 0 && budget.getAndDecrement() > 0) {
            return true;
        }
        dropped.increment();
        return false;
    }

    void offer(Trace trace) {
        offered.add(trace);
    }

    /** A new second. */
    void refill() {
        budget.set(PER_SECOND);
    }

    /** Writes those of which everything is known by now. */
    void write() {
        long settled = System.nanoTime() - SETTLING_NANOS;
        Trace next = offered.peek();
        while (next != null && next.startNanos() + next.totalNanos() - settled < 0) {
            offered.remove();
            String line = next.json(pauses.during(next.startNanos(), next.startNanos() + next.totalNanos()));
            Log.LOG.info("trace {}", line);
            total.increment();
            keep(line);
            next = offered.peek();
        }
    }

    /** Made when there is something to log, long after the appliance has set up its logging. */
    private static final class Log {
        private static final Logger LOG = LoggerFactory.getLogger("sluice.traces");
    }

    private void keep(String line) {
        synchronized (last) {
            if (last.size() == KEPT) {
                last.removeFirst();
            }
            last.addLast(line);
        }
    }

    /** The last ones, newest first. */
    String[] lines() {
        List<String> lines = new ArrayList<>(KEPT);
        synchronized (last) {
            last.descendingIterator().forEachRemaining(lines::add);
        }
        return lines.toArray(new String[0]);
    }

    void clear() {
        synchronized (last) {
            last.clear();
        }
    }

    long total() {
        return total.sum();
    }

    long dropped() {
        return dropped.sum();
    }
}
