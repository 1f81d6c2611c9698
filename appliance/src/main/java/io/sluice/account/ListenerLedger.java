package io.sluice.account;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counts of one listener: connections accepted and open, what was refused and why.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class ListenerLedger {
    private final String listener;
    private final LongAdder accepted = new LongAdder();
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();
    private final LongAdder exhausted = new LongAdder();
    private final RefusalLedger refusals = new RefusalLedger();

    ListenerLedger(String listener) {
        this.listener = listener;
    }

    public String listener() {
        return listener;
    }

    /**
     * Takes a place among the listener's connections.
     *
     * @return whether there was one; {@link #gone} gives it back
     */
    public boolean accepted(int limit) {
        accepted.increment();
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

    public void gone() {
        active.decrementAndGet();
    }

    /** Accepting failed because the process had no descriptor left. */
    public void exhausted() {
        exhausted.increment();
    }

    public RefusalLedger refusals() {
        return refusals;
    }

    public long acceptedTotal() {
        return accepted.sum();
    }

    public int active() {
        return active.get();
    }

    public int peak() {
        return peak.get();
    }

    public long exhaustedTotal() {
        return exhausted.sum();
    }
}
