package io.sluice.drain;

import io.sluice.account.EndCause;
import io.sluice.account.Ledger;
import io.sluice.account.StreamRecord;
import io.sluice.route.Departures;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The emptying of one Liberator: asks its streams to end politely, at a rate, and ends what is left at a deadline.
 * Drains that were begun together share their {@link Rate} and nothing else.
 *
 * <p>Connections that carry requests, or nothing, come after the last stream: a user's commands go over one of their
 * own, and would be refused on a new one while the stream is still there.
 *
 * <p><b>Threading:</b> a look is {@link #begin}, {@link #meet} for each open stream, {@link #settle}; these, {@link
 * #pause} and {@link #callOff} come one at a time, everything else from any thread.
 */
public final class Drain {
    /** At once, as far as the clients' messages allow. */
    public static final int AT_ONCE = 0;

    private final Ledger ledger;
    private final Rate rate;
    private final long deadlineNanos;
    private final Departures departures;
    private final Set<StreamRecord> asked = Collections.newSetFromMap(new IdentityHashMap<>());
    private final AtomicInteger politely = new AtomicInteger();
    private final AtomicInteger forced = new AtomicInteger();
    private volatile boolean paused;
    private volatile boolean over;
    private volatile int streams;
    private volatile int kept;
    private volatile boolean lastsToDeadline;

    // The look under way.
    private boolean late;
    private boolean allAsked;
    private int met;
    private boolean metSealed;

    /**
     * Asks nobody before the first look.
     *
     * @param ledger the Liberator's
     * @param limit after which what is left is ended
     */
    Drain(Ledger ledger, Rate rate, Duration limit, long nowNanos) {
        this.ledger = ledger;
        this.rate = rate;
        this.deadlineNanos = nowNanos + limit.toNanos();
        this.departures = new Departures(rate.granted());
    }

    /** The name of the Liberator. */
    public String liberator() {
        return ledger.liberator();
    }

    Ledger ledger() {
        return ledger;
    }

    Rate rate() {
        return rate;
    }

    /** By which its kept connections leave. */
    public Departures departures() {
        return departures;
    }

    void begin(long nowNanos) {
        asked.removeIf(this::hasEnded);
        late = nowNanos - deadlineNanos >= 0;
        allAsked = true;
        met = 0;
        metSealed = false;
    }

    /** One of its streams, which is open: asks it, if its turn has come. */
    void meet(StreamRecord stream) {
        met++;
        metSealed |= stream.kind().isSealed();
        if (late) {
            asked.add(stream);
            stream.askToEnd(EndCause.DRAINED);
        } else if (stream.kind().isStream() && !asked.contains(stream)) {
            if (paused || !rate.take()) {
                allAsked = false;
            } else {
                asked.add(stream);
                stream.askToEndPolitely(EndCause.DRAINED);
            }
        }
    }

    /** All have been met: each has a connection of its own to the Liberator, and any others are kept ones. */
    void settle() {
        streams = met;
        kept = Math.max(0, ledger.connectionsActive() - met);
        lastsToDeadline = metSealed;
        departures.open(allAsked && !paused);
    }

    /** Whether the last look found nothing left to do; it is over then. */
    boolean isEmptied() {
        return streams == 0 && asked.isEmpty() && (kept == 0 || late);
    }

    private boolean hasEnded(StreamRecord stream) {
        EndCause end = stream.end();
        if (end == EndCause.DRAINED) {
            (stream.isProperlyEnded() ? politely : forced).incrementAndGet();
        }
        return end != null;
    }

    void pause(boolean now) {
        paused = now;
        if (now) {
            departures.open(false);
        }
    }

    void end() {
        over = true;
    }

    /** It asks nobody any more; who has been asked leaves. */
    void callOff() {
        asked.clear();
        departures.open(false);
        over = true;
    }

    public boolean isPaused() {
        return paused;
    }

    /** Whether the last stream and the last kept connection are gone, or it was called off. */
    public boolean isOver() {
        return over;
    }

    /** Whether it is neither over nor paused. */
    boolean goesOn() {
        return !over && !paused;
    }

    /** Streams that are still open, and {@link #kept}, as of the last look. */
    public int remaining() {
        return over ? 0 : streams + kept;
    }

    /** Connections to the Liberator that carry no stream, as of the last look: their clients may ask again. */
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
     * About how long it takes yet: by the rate, which it shares with those that were begun with it and go on, and at
     * most until the deadline. Until then where a stream is open that cannot be ended before.
     */
    public Duration eta(long nowNanos) {
        if (remaining() == 0) {
            return Duration.ZERO;
        }
        long untilDeadline = Math.max(0, deadlineNanos - nowNanos);
        return Duration.ofNanos(paused || lastsToDeadline ? untilDeadline : Math.min(untilDeadline, rate.etaNanos()));
    }

    /** In a sentence what has come of it. */
    public String outcome() {
        int gone = departures.taken();
        return politely + " ended politely, " + forced + " at the deadline"
                + (gone == 0 ? "" : ", " + gone + " kept connections let go");
    }
}
