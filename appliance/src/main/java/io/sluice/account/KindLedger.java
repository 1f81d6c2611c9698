package io.sluice.account;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counts of one kind of stream at one Liberator.
 *
 * <p><b>Threading:</b> written by the loops, read by anyone; reading is O(1) and takes no lock.
 */
public final class KindLedger {
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();
    private final LongAdder total = new LongAdder();

    final LongAdder fromClientBytes = new LongAdder();
    final LongAdder toLiberatorBytes = new LongAdder();
    final LongAdder fromLiberatorBytes = new LongAdder();
    final LongAdder toClientBytes = new LongAdder();

    KindLedger() {}

    /** A stream that is open is of this kind, as far as is known. */
    void entered() {
        int now = active.incrementAndGet();
        if (now > peak.get()) {
            peak.accumulateAndGet(now, Math::max);
        }
    }

    void left() {
        active.decrementAndGet();
    }

    /** A stream is of this kind for good. */
    void counted() {
        total.increment();
    }

    public int active() {
        return active.get();
    }

    public int peak() {
        return peak.get();
    }

    public long total() {
        return total.sum();
    }

    public long fromClientBytes() {
        return fromClientBytes.sum();
    }

    public long toLiberatorBytes() {
        return toLiberatorBytes.sum();
    }

    public long fromLiberatorBytes() {
        return fromLiberatorBytes.sum();
    }

    public long toClientBytes() {
        return toClientBytes.sum();
    }
}
