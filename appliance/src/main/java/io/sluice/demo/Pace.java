package io.sluice.demo;

/**
 * Says how many messages are due. What could not be sent for a while is forgotten beyond {@code mostSeconds}, as a
 * Liberator conflates for a slow client: prices are worth sending only while they are new.
 *
 * <p><b>Threading:</b> the thread that owns the session.
 */
final class Pace {
    /** Faster streams send several lines at once, as Liberator's burst does. */
    private static final long SHORTEST_WAIT_NANOS = 10_000_000;
    /** A changed rate is seen within this time, however slow the stream was. */
    private static final long LONGEST_WAIT_NANOS = 100_000_000;

    private final double mostSeconds;
    private double credit;
    private long countedNanos;

    /** @param atOnce messages due right away: the image of all prices that a new subscriber gets */
    Pace(int atOnce, double mostSeconds, long nowNanos) {
        this.credit = atOnce;
        this.mostSeconds = mostSeconds;
        this.countedNanos = nowNanos;
    }

    int due(double messagesPerSecond, long nowNanos) {
        double most = Math.max(credit, Math.max(1, messagesPerSecond * mostSeconds));
        credit = Math.min(most, credit + (nowNanos - countedNanos) / 1e9 * messagesPerSecond);
        countedNanos = nowNanos;
        int due = (int) credit;
        credit -= due;
        return due;
    }

    long waitNanos(double messagesPerSecond) {
        double nanos = messagesPerSecond <= 0 ? LONGEST_WAIT_NANOS : (1 - credit) / messagesPerSecond * 1e9;
        return Math.max(SHORTEST_WAIT_NANOS, Math.min(LONGEST_WAIT_NANOS, (long) nanos));
    }
}
