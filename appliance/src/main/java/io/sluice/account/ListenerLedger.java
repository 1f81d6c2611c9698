package io.sluice.account;

import java.util.concurrent.atomic.LongAdder;

/**
 * The counts of one listener: connections accepted and open, what was refused and why.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class ListenerLedger {
    private final String listener;
    private final LongAdder accepted = new LongAdder();
    private final Places connections = new Places();
    private final LongAdder silent = new LongAdder();
    private final Occurrences exhausted = new Occurrences();
    private final Occurrences slowed = new Occurrences();
    private final RefusalLedger refusals = new RefusalLedger();
    private final Http2Ledger http2 = new Http2Ledger();

    ListenerLedger(String listener) {
        this.listener = listener;
    }

    public String listener() {
        return listener;
    }

    /** A connection was accepted, to be let in or refused. */
    public void accepted() {
        accepted.increment();
    }

    /** The places that open connections take. */
    public Places connections() {
        return connections;
    }

    /** TCP gave a client up that no longer answered. */
    public void fellSilent() {
        silent.increment();
    }

    /** How often accepting paused because the process had no descriptor to spare. */
    public Occurrences exhausted() {
        return exhausted;
    }

    /** How often accepting paused because connections came faster than {@code acceptPerSecond}. */
    public Occurrences slowed() {
        return slowed;
    }

    public RefusalLedger refusals() {
        return refusals;
    }

    public Http2Ledger http2() {
        return http2;
    }

    public long acceptedTotal() {
        return accepted.sum();
    }

    /** How many clients TCP gave up because they no longer answered. */
    public long fallenSilent() {
        return silent.sum();
    }

    public int active() {
        return connections.active();
    }

    public int peak() {
        return connections.peak();
    }
}
