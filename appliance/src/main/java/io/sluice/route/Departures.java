package io.sluice.route;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many kept connections, those that carry no stream, may leave Liberators that are being drained.
 *
 * <p><b>Threading:</b> granted by the drain, taken by the loops.
 */
public final class Departures {
    /** No limit. */
    public static final int ALL = Integer.MAX_VALUE;

    private final AtomicInteger granted = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();

    /**
     * So many more may leave.
     *
     * @param most that wait to be taken; what is granted above it is lost; {@link #ALL}: from now on all may leave
     */
    public void grant(int more, int most) {
        granted.updateAndGet(now -> most == ALL ? ALL : Math.min(most, now + more));
    }

    /** Nobody may leave until more is granted. */
    public void withdraw() {
        granted.set(0);
    }

    /** Whether one may leave now, which then counts as gone. */
    boolean take() {
        boolean may = granted.getAndUpdate(now -> now == 0 || now == ALL ? now : now - 1) > 0;
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
