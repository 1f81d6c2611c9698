package io.sluice.account;

import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Whether the log can be written, and what was lost of it.
 *
 * <p>The log belongs to the process, and so does its ledger.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class LogLedger {
    private static final LogLedger OF_PROCESS = new LogLedger();

    private final LongAdder dropped = new LongAdder();
    private volatile @Nullable Instant failedAt;
    private volatile boolean failing;

    public static LogLedger ofProcess() {
        return OF_PROCESS;
    }

    /** A line was not written: its file failed, or too many waited. */
    public void dropped() {
        dropped.increment();
    }

    public void failed() {
        failing = true;
        failedAt = Instant.now();
    }

    public void recovered() {
        failing = false;
    }

    /** Lines that were not written since the start. */
    public long linesDropped() {
        return dropped.sum();
    }

    /** Whether the log cannot be written now. */
    public boolean isFailing() {
        return failing;
    }

    /** When the log last became unwritable; null when it never did. */
    public @Nullable Instant failedAt() {
        return failedAt;
    }
}
