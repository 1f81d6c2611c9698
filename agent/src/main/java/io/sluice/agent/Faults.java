package io.sluice.agent;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What went wrong inside the agent. Advice swallows it, so that the appliance never notices, and counts it here; too
 * much of it switches the agent off.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class Faults {
    /** So many are one too many. */
    static final int LIMIT = 20;

    private static final AtomicLong TOTAL = new AtomicLong();
    private static final AtomicLong SINCE_ON = new AtomicLong();
    private static volatile String last = "";

    private Faults() {}

    /** Called by advice with what it caught. */
    public static void caught(Throwable fault) {
        StackTraceElement[] stack = fault.getStackTrace();
        last = stack.length == 0 ? fault.toString() : fault + " at " + stack[0];
        TOTAL.incrementAndGet();
        SINCE_ON.incrementAndGet();
    }

    /** A new start after being switched on. */
    static void forgive() {
        SINCE_ON.set(0);
    }

    static boolean tooMany() {
        return SINCE_ON.get() >= LIMIT;
    }

    static long total() {
        return TOTAL.get();
    }

    /** The last one as text, with where it came from; empty when there was none. */
    static String lastText() {
        return last;
    }
}
