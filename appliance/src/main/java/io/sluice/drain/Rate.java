package io.sluice.drain;

import io.sluice.route.Departures;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How fast clients are asked to leave, by all drains that were begun together: streams first, kept connections with
 * what these leave of it. A drain that is paused or over leaves its part to the others.
 *
 * <p>It is kept on average; between two looks it varies by half, so that those who leave do not arrive elsewhere in
 * step.
 *
 * <p><b>Threading:</b> {@link #begin}, {@link #take} and {@link #letGo} come one at a time; everything else from any
 * thread.
 */
final class Rate {
    private final int perSecond;
    private final Random jitter = new Random();
    private final AtomicInteger granted = new AtomicInteger();
    private final List<Drain> drains = new CopyOnWriteArrayList<>();
    private long lookedNanos;
    private double allowance = 1;

    /**
     * @param perSecond how many are asked in a second, all drains together; {@link Drain#AT_ONCE}
     */
    Rate(int perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.lookedNanos = nowNanos;
    }

    /** {@code drain} goes by it from now on. */
    void join(Drain drain) {
        drains.add(drain);
    }

    /** Another look begins: so much more may be asked. While no drain goes on, nothing is saved up. */
    void begin(long nowNanos) {
        if (drains.stream().anyMatch(Drain::goesOn)) {
            double seconds = (nowNanos - lookedNanos) / (double) TimeUnit.SECONDS.toNanos(1);
            allowance = Math.min(perSecond + 1, allowance + perSecond * seconds * (0.5 + jitter.nextDouble()));
        }
        lookedNanos = nowNanos;
    }

    /** Whether one more stream may be asked now; it is meant to be then. */
    boolean take() {
        if (perSecond == Drain.AT_ONCE) {
            return true;
        }
        boolean may = allowance >= 1;
        if (may) {
            allowance -= 1;
        }
        return may;
    }

    /** The look is over: what the streams have left is for kept connections. What waits there is a second's at most. */
    void letGo() {
        if (perSecond == Drain.AT_ONCE) {
            granted.set(Departures.ALL);
        } else if (allowance >= 1) {
            int more = (int) allowance;
            granted.updateAndGet(now -> Math.min(perSecond, now + more));
            allowance -= more;
        }
    }

    /** How many kept connections may leave, all drains together. */
    AtomicInteger granted() {
        return granted;
    }

    /** How long it takes until the last of the drains that go on is over, if no client keeps it waiting. */
    long etaNanos() {
        if (perSecond == Drain.AT_ONCE) {
            return 0;
        }
        long remaining = drains.stream()
                .filter(Drain::goesOn)
                .mapToLong(Drain::remaining)
                .sum();
        return remaining * TimeUnit.SECONDS.toNanos(1) / perSecond;
    }
}
