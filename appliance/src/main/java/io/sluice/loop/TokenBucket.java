package io.sluice.loop;

/**
 * Lets through so many a second and no more than a tenth of that at once.
 *
 * <p>Times are those of {@link System#nanoTime}. The rate is given with each call, because a reload may change it.
 *
 * <p><b>Threading:</b> one thread at a time.
 */
public final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double BURST_SECONDS = 0.1;

    private double tokens = Double.MAX_VALUE;
    private long filledNanos;

    /**
     * Takes a token if there is one.
     *
     * @param perSecond more than 0
     */
    public boolean take(int perSecond, long nowNanos) {
        fill(perSecond, nowNanos);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /** Undoes a {@link #take}. */
    public void putBack() {
        tokens++;
    }

    private void fill(int perSecond, long nowNanos) {
        double most = Math.max(1, perSecond * BURST_SECONDS);
        tokens = Math.min(most, tokens + (nowNanos - filledNanos) / NANOS_PER_SECOND * perSecond);
        filledNanos = nowNanos;
    }

    /** How long after the last call, which found none, the next token comes. */
    public long nanosToNext(int perSecond) {
        return (long) Math.ceil((1 - tokens) / perSecond * NANOS_PER_SECOND);
    }
}
