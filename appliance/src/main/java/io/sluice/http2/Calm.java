package io.sluice.http2;

import java.util.concurrent.TimeUnit;

/**
 * How much of what costs a server more than a client a connection may still cause: an allowance that fills up with time
 * and that resets and control frames use up.
 *
 * <p>It bounds rapid reset (CVE-2023-44487), the resets a client provokes (CVE-2025-8671) and floods of SETTINGS, PING,
 * PRIORITY, WINDOW_UPDATE, empty and unknown frames (CVE-2019-9511 to 9518).
 *
 * <p><b>Threading:</b> the loop's thread.
 */
final class Calm {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int most;
    private final int perSecond;
    private long left;
    private long filledNanos;

    /**
     * @param most units that may be used at once
     * @param perSecond units that come back each second
     */
    Calm(int most, int perSecond) {
        this.most = most;
        this.perSecond = perSecond;
        this.left = most;
        this.filledNanos = System.nanoTime();
    }

    /** Uses {@code units}; false when there are not that many left. */
    boolean use(int units) {
        if (left < units) {
            fill(System.nanoTime());
        }
        left -= units;
        return left >= 0;
    }

    private void fill(long now) {
        long elapsed = Math.min(now - filledNanos, TimeUnit.HOURS.toNanos(1));
        long earned = elapsed * perSecond / SECOND_NANOS;
        if (earned > 0) {
            left = Math.min(most, left + earned);
            filledNanos = now;
        }
    }

    /** Gives back {@code units}, for work of ours that makes the client send such frames. */
    void earn(int units) {
        left = Math.min(most, left + units);
    }
}
