package io.sluice.drain;

import io.sluice.account.EndCause;
import io.sluice.account.StreamRecord;
import io.sluice.account.StreamRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The emptying of some Liberators: asks their streams to end politely, at a rate, and ends what is left at a deadline.
 *
 * <p>The rate is kept on average; between two looks it varies by half, so that those who leave do not arrive elsewhere
 * in step.
 *
 * <p><b>Threading:</b> {@link #look} and {@link #spare} come one at a time; everything else from any thread.
 */
public final class Drain {
    /** At once, as far as the clients' messages allow. */
    public static final int AT_ONCE = 0;

    private final StreamRegistry registry;
    private final int perSecond;
    private final long deadlineNanos;
    private final Random jitter = new Random();
    private final Set<StreamRecord> asked = Collections.newSetFromMap(new IdentityHashMap<>());
    private long lookedNanos;
    private double allowance;
    private volatile Set<String> liberators;
    private volatile boolean paused;
    private volatile boolean over;
    private volatile int remaining;
    private final AtomicInteger politely = new AtomicInteger();
    private final AtomicInteger forced = new AtomicInteger();

    /**
     * Starts with the first {@link #look}.
     *
     * @param liberators their names
     * @param perSecond how many streams are asked in a second; {@link #AT_ONCE}
     * @param limit after which what is left is ended
     */
    Drain(StreamRegistry registry, Set<String> liberators, int perSecond, Duration limit, long nowNanos) {
        this.registry = registry;
        this.liberators = Set.copyOf(liberators);
        this.perSecond = perSecond;
        this.deadlineNanos = nowNanos + limit.toNanos();
        this.lookedNanos = nowNanos;
        this.allowance = 1;
        this.remaining = count();
    }

    /** The Liberators it empties, but for those that were spared since. */
    public Set<String> liberators() {
        return liberators;
    }

    /** Asks those whose turn it is; several times a second. */
    void look(long nowNanos) {
        if (over) {
            return;
        }
        asked.removeIf(this::hasEnded);
        boolean late = nowNanos - deadlineNanos >= 0;
        if (!paused) {
            double seconds = (nowNanos - lookedNanos) / (double) TimeUnit.SECONDS.toNanos(1);
            allowance += perSecond * seconds * (0.5 + jitter.nextDouble());
        }
        lookedNanos = nowNanos;
        int left = 0;
        for (StreamRecord stream : registry.streams()) {
            if (liberators.contains(stream.ledger().liberator()) && stream.end() == null) {
                left++;
                ask(stream, late);
            }
        }
        remaining = left;
        over = left == 0 && asked.isEmpty();
    }

    private void ask(StreamRecord stream, boolean late) {
        if (late) {
            asked.add(stream);
            stream.askToEnd(EndCause.DRAINED);
        } else if (!paused && (perSecond == AT_ONCE || allowance >= 1) && asked.add(stream)) {
            allowance -= 1;
            stream.askToEndPolitely(EndCause.DRAINED);
        }
    }

    private boolean hasEnded(StreamRecord stream) {
        EndCause end = stream.end();
        if (end == EndCause.DRAINED) {
            (stream.isProperlyEnded() ? politely : forced).incrementAndGet();
        }
        return end != null;
    }

    private int count() {
        return (int) registry.streams().stream()
                .filter(each -> liberators.contains(each.ledger().liberator()))
                .count();
    }

    void paused(boolean now) {
        paused = now;
    }

    /** Empties {@code liberator} no more; over when there is no other. */
    void spare(String liberator) {
        Set<String> others = new HashSet<>(liberators);
        others.remove(liberator);
        liberators = Set.copyOf(others);
        asked.removeIf(stream -> stream.ledger().liberator().equals(liberator));
        over = others.isEmpty();
    }

    public boolean isPaused() {
        return paused;
    }

    /** Whether the last stream has ended, or no Liberator is left to empty. */
    public boolean isOver() {
        return over;
    }

    /** Streams that are still open, as of the last look. */
    public int remaining() {
        return over ? 0 : remaining;
    }

    /** How many ended where their clients saw a proper end. */
    public int politely() {
        return politely.get();
    }

    /** How many were ended at the deadline. */
    public int forced() {
        return forced.get();
    }

    /** About how long it takes yet: by the rate, at most until the deadline. */
    public Duration eta(long nowNanos) {
        if (remaining() == 0) {
            return Duration.ZERO;
        }
        long untilDeadline = Math.max(0, deadlineNanos - nowNanos);
        long byRate = perSecond == AT_ONCE ? 0 : remaining * TimeUnit.SECONDS.toNanos(1) / perSecond;
        return Duration.ofNanos(paused ? untilDeadline : Math.min(untilDeadline, byRate));
    }

    /** In a sentence what has come of it. */
    public String outcome() {
        return politely + " ended politely, " + forced + " at the deadline";
    }
}
