package io.sluice.route;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether kept connections, those that carry no stream, may leave a Liberator that is being drained, and how many have.
 * Liberators that are drained together share the number of those that may.
 *
 * <p><b>Threading:</b> opened and granted by the drain, taken by the loops.
 */
public final class Departures {
    /** Of those granted: no limit. */
    public static final int ALL = Integer.MAX_VALUE;

    private final AtomicInteger granted;
    private final AtomicInteger taken = new AtomicInteger();
    private volatile boolean open;

    /**
     * Closed at first.
     *
     * @param granted how many may leave by now, counted down here; {@link #ALL} stays
     */
    public Departures(AtomicInteger granted) {
        this.granted = granted;
    }

    /** Whether any may leave this Liberator from now on. */
    public void open(boolean now) {
        open = now;
    }

    /** Whether one may leave now, which then counts as gone. */
    boolean take() {
        boolean may = open && granted.getAndUpdate(now -> now == 0 || now == ALL ? now : now - 1) > 0;
        if (may) {
            taken.incrementAndGet();
        }
        return may;
    }

    /** How many have left. */
    public int taken() {
        return taken.get();
    }
}
