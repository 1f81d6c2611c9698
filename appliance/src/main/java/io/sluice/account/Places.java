package io.sluice.account;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many of something there are at a time, with the most there ever were.
 *
 * <p><b>Threading:</b> any thread; takes no lock.
 */
public final class Places {
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();

    /**
     * Takes one.
     *
     * @param limit the most at a time
     * @return whether there was one; {@link #giveBack} gives it back
     */
    public boolean take(int limit) {
        int now = active.incrementAndGet();
        if (now > limit) {
            active.decrementAndGet();
            return false;
        }
        if (now > peak.get()) {
            peak.accumulateAndGet(now, Math::max);
        }
        return true;
    }

    public void giveBack() {
        active.decrementAndGet();
    }

    public int active() {
        return active.get();
    }

    public int peak() {
        return peak.get();
    }
}
