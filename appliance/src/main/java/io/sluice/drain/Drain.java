package io.sluice.drain;

import io.sluice.account.EndCause;
import io.sluice.account.Ledger;
import io.sluice.account.StreamRecord;
import io.sluice.account.StreamRegistry;
import io.sluice.route.Departures;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * The emptying of some Liberators: asks their streams to end politely, at a rate, and ends what is left at a deadline.
 *
 * <p>Connections that carry requests, or nothing, come after the last stream: a user's commands go over one of their
 * own, and would be refused on a new one while the stream is still there.
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
    private final Departures departures = new Departures();
    private volatile Set<Ledger> ledgers;
    private volatile boolean paused;
    private volatile boolean over;
    private volatile int streams;
    private volatile int kept;
    private volatile boolean lastsToDeadline;
    private final AtomicInteger politely = new AtomicInteger();
    private final AtomicInteger forced = new AtomicInteger();

    /**
     * Starts with the first {@link #look}.
     *
     * @param ledgers those of the Liberators
     * @param perSecond how many streams are asked in a second; {@link #AT_ONCE}
     * @param limit after which what is left is ended
     */
    Drain(StreamRegistry registry, Set<Ledger> ledgers, int perSecond, Duration limit, long nowNanos) {
        this.registry = registry;
        this.ledgers = Set.copyOf(ledgers);
        this.perSecond = perSecond;
        this.deadlineNanos = nowNanos + limit.toNanos();
        this.lookedNanos = nowNanos;
        this.allowance = 1;
        count(open());
    }

    /** The names of the Liberators it empties, but for those that were spared since. */
    public Set<String> liberators() {
        return ledgers.stream().map(Ledger::liberator).collect(Collectors.toUnmodifiableSet());
    }

    /** By which kept connections leave. */
    public Departures departures() {
        return departures;
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
            allowance = Math.min(perSecond + 1, allowance + perSecond * seconds * (0.5 + jitter.nextDouble()));
        }
        lookedNanos = nowNanos;
        List<StreamRecord> open = open();
        boolean streamsAsked = true;
        for (StreamRecord each : open) {
            streamsAsked &= (!late && !each.kind().isStream()) || ask(each, late);
        }
        if (streamsAsked) {
            letGo();
        }
        count(open);
        over = streams == 0 && asked.isEmpty() && (kept == 0 || late);
    }

    private List<StreamRecord> open() {
        return registry.streams().stream()
                .filter(each -> ledgers.contains(each.ledger()) && each.end() == null)
                .toList();
    }

    /** Whether it has been asked by now. */
    private boolean ask(StreamRecord stream, boolean late) {
        if (late) {
            asked.add(stream);
            stream.askToEnd(EndCause.DRAINED);
        } else if (!asked.contains(stream)) {
            if (paused || (perSecond != AT_ONCE && allowance < 1)) {
                return false;
            }
            allowance -= 1;
            asked.add(stream);
            stream.askToEndPolitely(EndCause.DRAINED);
        }
        return true;
    }

    /** What the streams leave of the allowance is for connections that carry requests, or nothing. */
    private void letGo() {
        if (paused) {
            return;
        }
        if (perSecond == AT_ONCE) {
            departures.grant(0, Departures.ALL);
        } else if (allowance >= 1) {
            departures.grant((int) allowance, perSecond);
            allowance -= (int) allowance;
        }
    }

    /** Each stream has a connection of its own to its Liberator; any others are kept ones. */
    private void count(List<StreamRecord> open) {
        int connections = ledgers.stream().mapToInt(Ledger::connectionsActive).sum();
        streams = open.size();
        lastsToDeadline = open.stream().anyMatch(each -> each.kind().isSealed());
        kept = Math.max(0, connections - open.size());
    }

    private boolean hasEnded(StreamRecord stream) {
        EndCause end = stream.end();
        if (end == EndCause.DRAINED) {
            (stream.isProperlyEnded() ? politely : forced).incrementAndGet();
        }
        return end != null;
    }

    void paused(boolean now) {
        paused = now;
        if (now) {
            departures.withdraw();
        }
    }

    /** Empties {@code liberator} no more; over when there is no other. */
    void spare(String liberator) {
        Set<Ledger> others = ledgers.stream()
                .filter(each -> !each.liberator().equals(liberator))
                .collect(Collectors.toSet());
        ledgers = Set.copyOf(others);
        asked.removeIf(stream -> !others.contains(stream.ledger()));
        over = others.isEmpty();
    }

    public boolean isPaused() {
        return paused;
    }

    /** Whether the last stream and the last kept connection are gone, or no Liberator is left to empty. */
    public boolean isOver() {
        return over;
    }

    /** Streams that are still open, and {@link #kept}, as of the last look. */
    public int remaining() {
        return over ? 0 : streams + kept;
    }

    /** Connections to the Liberators that carry no stream, as of the last look: their clients may ask again. */
    public int kept() {
        return over ? 0 : kept;
    }

    /** How many ended where their clients saw a proper end. */
    public int politely() {
        return politely.get();
    }

    /** How many were ended at the deadline. */
    public int forced() {
        return forced.get();
    }

    /**
     * About how long it takes yet: by the rate, at most until the deadline. Until then where a stream is open that
     * cannot be ended before.
     */
    public Duration eta(long nowNanos) {
        if (remaining() == 0) {
            return Duration.ZERO;
        }
        long untilDeadline = Math.max(0, deadlineNanos - nowNanos);
        long byRate = perSecond == AT_ONCE ? 0 : remaining() * TimeUnit.SECONDS.toNanos(1) / perSecond;
        return Duration.ofNanos(paused || lastsToDeadline ? untilDeadline : Math.min(untilDeadline, byRate));
    }

    /** In a sentence what has come of it. */
    public String outcome() {
        int gone = departures.taken();
        return politely + " ended politely, " + forced + " at the deadline"
                + (gone == 0 ? "" : ", " + gone + " kept connections let go");
    }
}
