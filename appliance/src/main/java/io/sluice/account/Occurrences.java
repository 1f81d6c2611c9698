package io.sluice.account;

import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How often something happened, and when last.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class Occurrences {
    private final LongAdder total = new LongAdder();
    private volatile @Nullable Instant lastAt;

    public void count() {
        total.increment();
        lastAt = Instant.now();
    }

    public long total() {
        return total.sum();
    }

    /** Null when it never happened. */
    public @Nullable Instant lastAt() {
        return lastAt;
    }
}
