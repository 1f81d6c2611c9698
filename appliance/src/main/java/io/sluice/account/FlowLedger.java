package io.sluice.account;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many streams are slow or stalled now, and how often one became so.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class FlowLedger {
    private final AtomicInteger active = new AtomicInteger();
    private final LongAdder total = new LongAdder();

    void entered() {
        active.incrementAndGet();
        total.increment();
    }

    void left() {
        active.decrementAndGet();
    }

    public int active() {
        return active.get();
    }

    public long total() {
        return total.sum();
    }
}
