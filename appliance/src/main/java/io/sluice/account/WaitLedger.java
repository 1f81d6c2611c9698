package io.sluice.account;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who waits for a turn now, how many had to, and how long at most.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class WaitLedger {
    private final AtomicInteger waiting = new AtomicInteger();
    private final Occurrences delayed = new Occurrences();
    private final AtomicLong longestNanos = new AtomicLong();

    /** Somebody began to wait. */
    public void entered() {
        waiting.incrementAndGet();
        delayed.count();
    }

    /** Somebody waits no more, {@code nanos} after it began, whatever came of it. */
    public void left(long nanos) {
        waiting.decrementAndGet();
        longestNanos.accumulateAndGet(nanos, Math::max);
    }

    public int waiting() {
        return waiting.get();
    }

    /** All that ever waited. */
    public Occurrences delayed() {
        return delayed;
    }

    public long longestMicros() {
        return TimeUnit.NANOSECONDS.toMicros(longestNanos.get());
    }
}
