package io.sluice.agent;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A reading for those who look: made when one looks and the last is a second old, so that figures nobody looks at cost
 * nothing.
 *
 * <p><b>Threading:</b> any thread. Two that look at the same moment may both make one.
 */
final class Display {
    private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<Reading> source;
    private volatile Shown shown = new Shown(Reading.NONE, System.nanoTime() - RECENT_NANOS);

    private record Shown(Reading reading, long atNanos) {}

    Display(Supplier<Reading> source) {
        this.source = source;
    }

    /** At most a second old. */
    Reading reading() {
        Shown last = shown;
        return System.nanoTime() - last.atNanos() < RECENT_NANOS ? last.reading() : refreshed();
    }

    /** Of this moment. */
    Reading refreshed() {
        long now = System.nanoTime();
        Reading reading = source.get();
        shown = new Shown(reading, now);
        return reading;
    }
}
