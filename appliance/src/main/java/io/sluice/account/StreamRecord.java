package io.sluice.account;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One stream from its opening to its end: who, where, how much, why it ended.
 *
 * <p><b>Threading:</b> written by the thread of the stream's loop only. Read by anyone: the byte counts are
 * written opaquely, so a reader sees whole values that are at most a moment old.
 */
public final class StreamRecord {
    private static final VarHandle FROM_CLIENT = counter("fromClientBytes");
    private static final VarHandle TO_LIBERATOR = counter("toLiberatorBytes");
    private static final VarHandle FROM_LIBERATOR = counter("fromLiberatorBytes");
    private static final VarHandle TO_CLIENT = counter("toClientBytes");

    private final long id;
    private final Ledger ledger;
    private final String listener;
    private final String host;
    private final InetSocketAddress client;
    private final long openedNanos;
    private volatile KindLedger counts;
    private volatile Kind kind;
    private volatile Phase phase;
    private volatile int connectMicros = -1;
    private volatile @Nullable Ending ending;
    private @Nullable EndCause end;

    @SuppressWarnings("UnusedVariable") // through its VarHandle
    private long fromClientBytes;

    @SuppressWarnings("UnusedVariable") // through its VarHandle
    private long toLiberatorBytes;

    @SuppressWarnings("UnusedVariable") // through its VarHandle
    private long fromLiberatorBytes;

    @SuppressWarnings("UnusedVariable") // through its VarHandle
    private long toClientBytes;

    /** Whoever carries the stream, and can end it when it is asked to. */
    public interface Ending {
        /** Ends the stream soon, on its own loop; from any thread. Does nothing when it has ended. */
        void endFor(EndCause cause);
    }

    StreamRecord(long id, Ledger ledger, Kind kind, String listener, String host, InetSocketAddress client) {
        this.id = id;
        this.ledger = ledger;
        this.kind = kind;
        this.counts = ledger.kind(kind);
        this.listener = listener;
        this.host = host;
        this.client = client;
        this.phase = Phase.ROUTE;
        this.openedNanos = System.nanoTime();
    }

    private static VarHandle counter(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(StreamRecord.class, field, long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** {@code bytes} were read from the client and belong to the stream. */
    public void fromClient(int bytes) {
        FROM_CLIENT.setOpaque(this, (long) FROM_CLIENT.get(this) + bytes);
        counts.fromClientBytes.add(bytes);
    }

    /** {@code bytes} were given to the Liberator's socket. */
    public void toLiberator(int bytes) {
        TO_LIBERATOR.setOpaque(this, (long) TO_LIBERATOR.get(this) + bytes);
        counts.toLiberatorBytes.add(bytes);
    }

    /** {@code bytes} were read from the Liberator. */
    public void fromLiberator(int bytes) {
        FROM_LIBERATOR.setOpaque(this, (long) FROM_LIBERATOR.get(this) + bytes);
        counts.fromLiberatorBytes.add(bytes);
    }

    /** {@code bytes} were given to the client's socket. */
    public void toClient(int bytes) {
        TO_CLIENT.setOpaque(this, (long) TO_CLIENT.get(this) + bytes);
        counts.toClientBytes.add(bytes);
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
            now.totalMoved(counts);
            counts = now;
            kind = actual;
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
            carrier.endFor(cause);
        }
    }

    /** Sets the cause of the end, once: the first one given stays. */
    boolean end(EndCause cause) {
        if (end != null) {
            return false;
        }
        end = cause;
        ending = null;
        counts.left();
        ledger.ended(cause, phase);
        return true;
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

    public String listener() {
        return listener;
    }

    /** The host name asked for; empty where there is none. */
    public String host() {
        return host;
    }

    public InetSocketAddress client() {
        return client;
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
}
