package io.sluice.account;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One stream from its opening to its end: who, where, how much, why it ended.
 *
 * <p><b>Threading:</b> written by the thread of the stream's loop only. Read by anyone: what changes with each
 * message is written opaquely, so a reader sees whole values that are at most a moment old; what changes seldom is
 * volatile.
 *
 * <p>{@code from} counts what was read from a socket, {@code to} what a socket took. In between stand the backlogs,
 * which exist only while a reader is slow.
 */
public final class StreamRecord {
    private static final VarHandle FROM_CLIENT = number("fromClientBytes");
    private static final VarHandle TO_LIBERATOR = number("toLiberatorBytes");
    private static final VarHandle FROM_LIBERATOR = number("fromLiberatorBytes");
    private static final VarHandle TO_CLIENT = number("toClientBytes");
    private static final VarHandle FROM_CLIENT_NANOS = number("fromClientNanos");
    private static final VarHandle FROM_LIBERATOR_NANOS = number("fromLiberatorNanos");

    private final long id;
    private final Ledger ledger;
    private final Origin origin;
    private final Terms terms;
    private final String host;
    private final long openedNanos;
    private volatile KindLedger counts;
    private volatile Kind kind;
    private volatile Phase phase;
    private volatile int connectMicros = -1;
    private volatile @Nullable Ending ending;
    private volatile @Nullable EndCause end;
    private volatile @Nullable Backlog clientBacklog;
    private volatile @Nullable Backlog liberatorBacklog;
    private volatile boolean proper;
    private boolean counted;

    @SuppressWarnings("UnusedVariable") // through its VarHandle
    private long fromClientBytes;

    @SuppressWarnings("UnusedVariable") // through its VarHandle
    private long toLiberatorBytes;

    @SuppressWarnings("UnusedVariable") // through its VarHandle
    private long fromLiberatorBytes;

    @SuppressWarnings("UnusedVariable") // through its VarHandle
    private long toClientBytes;

    @SuppressWarnings("UnusedVariable") // through its VarHandle
    private long fromClientNanos;

    @SuppressWarnings("UnusedVariable") // through its VarHandle
    private long fromLiberatorNanos;

    /** Whoever carries the stream, and can end it when it is asked to. */
    public interface Ending {
        /** Ends {@code stream} soon, on its own loop; from any thread. Does nothing when it has ended. */
        void endFor(StreamRecord stream, EndCause cause);

        /**
         * Ends {@code stream} for {@code cause} as soon as its client can be shown a proper end: between two messages,
         * or after the response that is under way. It may take for ever; {@link #endFor} hurries it. From any thread;
         * does nothing when it has ended.
         */
        void endPolitely(StreamRecord stream, EndCause cause);

        /** Messages passed on from the client; -1 where the framing does not show them. From any thread. */
        int fromClientMessages();

        /** Messages passed on to the client; -1 where the framing does not show them. From any thread. */
        int toClientMessages();
    }

    StreamRecord(long id, Ledger ledger, Kind kind, Origin origin, Terms terms, String host) {
        this.id = id;
        this.ledger = ledger;
        this.kind = kind;
        this.counts = ledger.kind(kind);
        this.origin = origin;
        this.terms = terms;
        this.host = host;
        this.phase = Phase.ROUTE;
        this.openedNanos = System.nanoTime();
        this.fromClientNanos = openedNanos;
        this.fromLiberatorNanos = openedNanos;
    }

    private static VarHandle number(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(StreamRecord.class, field, long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /**
     * {@code bytes} were read from the client and belong to the stream.
     *
     * @param nowNanos about now, as {@link System#nanoTime}
     */
    public void fromClient(int bytes, long nowNanos) {
        FROM_CLIENT.setOpaque(this, (long) FROM_CLIENT.get(this) + bytes);
        FROM_CLIENT_NANOS.setOpaque(this, nowNanos);
        counts.fromClientBytes.add(bytes);
    }

    /** {@code bytes} were read from the Liberator. */
    public void fromLiberator(int bytes, long nowNanos) {
        FROM_LIBERATOR.setOpaque(this, (long) FROM_LIBERATOR.get(this) + bytes);
        FROM_LIBERATOR_NANOS.setOpaque(this, nowNanos);
        counts.fromLiberatorBytes.add(bytes);
    }

    /**
     * {@code bytes} more were given to the Liberator's wire; 0 when it only went on with what it had.
     *
     * @param pending how many bytes the wire now keeps because the socket has not taken them
     */
    public void toLiberator(int bytes, int pending, long nowNanos) {
        Backlog before = liberatorBacklog;
        int taken = bytes;
        if (pending > 0 || before != null) {
            Backlog now = backlog(before, bytes, pending, nowNanos);
            liberatorBacklog = now;
            taken = bytes + bytes(before) - bytes(now);
            ledger.heldForLiberator(bytes(now) - bytes(before));
        }
        tookLiberator(taken);
    }

    /** {@code bytes} more were given to the client's wire; as {@link #toLiberator}. */
    public void toClient(int bytes, int pending, long nowNanos) {
        Backlog before = clientBacklog;
        int taken = bytes;
        if (pending > 0 || before != null) {
            Backlog now = backlog(before, bytes, pending, nowNanos);
            clientBacklog = now;
            taken = bytes + bytes(before) - bytes(now);
            ledger.heldForClients(bytes(now) - bytes(before));
        }
        tookClient(taken);
    }

    private void tookLiberator(int bytes) {
        TO_LIBERATOR.setOpaque(this, (long) TO_LIBERATOR.get(this) + bytes);
        counts.toLiberatorBytes.add(bytes);
    }

    private void tookClient(int bytes) {
        TO_CLIENT.setOpaque(this, (long) TO_CLIENT.get(this) + bytes);
        counts.toClientBytes.add(bytes);
    }

    /** A TLS wire keeps ciphertext, of which there is a little more than the stream gave it. */
    private static @Nullable Backlog backlog(@Nullable Backlog before, int bytes, int pending, long nowNanos) {
        int held = Math.min(pending, bytes(before) + bytes);
        return held == 0 ? null : new Backlog(held, before == null ? nowNanos : before.sinceNanos());
    }

    private static int bytes(@Nullable Backlog backlog) {
        return backlog == null ? 0 : backlog.bytes();
    }

    public void phase(Phase reached) {
        phase = reached;
    }

    /** The connection to the Liberator took {@code nanos}; 0 for one that was there already. */
    public void connected(long nanos) {
        connectMicros = (int) Math.min(Integer.MAX_VALUE, nanos / 1000);
    }

    /** The stream turned out to be of another kind than it was opened as. */
    public void becomes(Kind actual) {
        if (actual != kind) {
            KindLedger now = ledger.kind(actual);
            counts.left();
            now.entered();
            counts = now;
            kind = actual;
        }
    }

    /** Its kind is known for good: counts it among all of that kind, once. */
    void count() {
        if (!counted) {
            counted = true;
            counts.counted();
        }
    }

    /** Who carries the stream from now on. */
    public void carriedBy(Ending carrier) {
        ending = carrier;
    }

    /** Asks whoever carries the stream to end it; from any thread. */
    public void askToEnd(EndCause cause) {
        Ending carrier = ending;
        if (carrier != null) {
            carrier.endFor(this, cause);
        }
    }

    /** Asks whoever carries the stream to end it where its client sees a proper end; from any thread. */
    public void askToEndPolitely(EndCause cause) {
        Ending carrier = ending;
        if (carrier != null) {
            carrier.endPolitely(this, cause);
        }
    }

    /** Its client is shown a proper end, though the Liberator has given none; called before the end. */
    public void endsProperly() {
        proper = true;
    }

    /** Whether its client was shown a proper end that the Liberator has not given. */
    public boolean isProperlyEnded() {
        return proper;
    }

    /**
     * Ends it for {@code cause}, once: the first one given stays. Whoever sees it ended, finds it counted. On the loop's
     * thread.
     */
    boolean end(EndCause cause) {
        if (end != null) {
            return false;
        }
        ending = null;
        settleBacklogs(cause);
        count();
        counts.left();
        ledger.ended(cause, phase);
        end = cause;
        return true;
    }

    /** What waits at a proper end of a response goes out yet; what waits at any other end is lost. */
    private void settleBacklogs(EndCause cause) {
        int forClient = bytes(clientBacklog);
        int forLiberator = bytes(liberatorBacklog);
        clientBacklog = null;
        liberatorBacklog = null;
        ledger.heldForClients(-forClient);
        ledger.heldForLiberator(-forLiberator);
        if (cause == EndCause.COMPLETED || proper) {
            tookClient(forClient);
            tookLiberator(forLiberator);
        }
    }

    public long id() {
        return id;
    }

    public Ledger ledger() {
        return ledger;
    }

    public Kind kind() {
        return kind;
    }

    public Phase phase() {
        return phase;
    }

    /** Why it ended; null while it is open. */
    public @Nullable EndCause end() {
        return end;
    }

    /** The client connection it belongs to. */
    public Origin origin() {
        return origin;
    }

    /** What it was opened under. */
    public Terms terms() {
        return terms;
    }

    /** The host name asked for; empty where there is none. */
    public String host() {
        return host;
    }

    /** When it was opened, as {@link System#nanoTime}. */
    public long openedNanos() {
        return openedNanos;
    }

    /** Time to connect in microseconds, 0 on a kept connection, -1 before it is connected. */
    public int connectMicros() {
        return connectMicros;
    }

    public long fromClientBytes() {
        return (long) FROM_CLIENT.getOpaque(this);
    }

    public long toLiberatorBytes() {
        return (long) TO_LIBERATOR.getOpaque(this);
    }

    public long fromLiberatorBytes() {
        return (long) FROM_LIBERATOR.getOpaque(this);
    }

    public long toClientBytes() {
        return (long) TO_CLIENT.getOpaque(this);
    }

    /** When bytes last came from the client, as {@link System#nanoTime}; its opening before the first. */
    public long fromClientNanos() {
        return (long) FROM_CLIENT_NANOS.getOpaque(this);
    }

    /** When bytes last came from the Liberator, as {@link System#nanoTime}; its opening before the first. */
    public long fromLiberatorNanos() {
        return (long) FROM_LIBERATOR_NANOS.getOpaque(this);
    }

    /** Messages passed on from the client; -1 where the framing does not show them. */
    public int fromClientMessages() {
        Ending carrier = ending;
        return carrier == null ? -1 : carrier.fromClientMessages();
    }

    /** Messages passed on to the client; -1 where the framing does not show them. */
    public int toClientMessages() {
        Ending carrier = ending;
        return carrier == null ? -1 : carrier.toClientMessages();
    }

    /** What waits for the client's socket; null when nothing does. */
    public @Nullable Backlog clientBacklog() {
        return clientBacklog;
    }

    /** What waits for the Liberator's socket; null when nothing does. */
    public @Nullable Backlog liberatorBacklog() {
        return liberatorBacklog;
    }
}
