package io.sluice.loop;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * One end of a pair: a non-blocking byte stream to a client or to a Liberator, plain or TLS.
 *
 * <p><b>Threading:</b> the thread of its loop only. Never blocks.
 *
 * <p><b>Back-pressure:</b> {@link #send} keeps what the socket does not take, at most {@link
 * EdgeLoop#BUFFER_BYTES} and a head; whoever feeds a wire stops reading its source until {@link
 * Handler#onDrained}.
 *
 * <p><b>Buffers:</b> those passed in stay the caller's. A wire with nothing pending holds none.
 */
public abstract class Wire {
    /** What its owner is told. Calls come from the loop's thread, never from inside {@link #send}. */
    public interface Handler {
        /** Bytes, or the end of the stream, can be read. */
        void onReadable();

        /** The socket has taken some of what {@link Wire#send} kept, perhaps all: {@link #onDrained} comes then. */
        void onDraining();

        /** The socket has taken everything that {@link Wire#send} kept. */
        void onDrained();

        /**
         * The socket failed while it drained, or our own code behind it threw: the peer sees a reset, and the wire is
         * of no further use.
         */
        void onBroken(Throwable cause);
    }

    /** A handler that feeds its wire nothing, so that it need not know what the socket takes. */
    public interface Receiver extends Handler {
        @Override
        default void onDraining() {}

        @Override
        default void onDrained() {}
    }

    /** From {@link #read}: the orderly end of the stream (FIN, close_notify). */
    public static final int END = -1;

    /** From {@link #read}: the peer has reset the connection, or has broken the TLS protocol. */
    public static final int LOST = -2;

    /** The most bytes moved for one wire before its neighbours get their turn. */
    public static final int TURN_BYTES = 256 * 1024;

    private final EdgeLoop loop;

    protected Wire(EdgeLoop loop) {
        this.loop = loop;
    }

    public final EdgeLoop loop() {
        return loop;
    }

    /** Who is told from now on. */
    public abstract void handler(Handler handler);

    /**
     * Reads what is there, up to the room in {@code into}, appending at its position.
     *
     * @return bytes read; 0 when there is nothing now; {@link #END} or {@link #LOST}
     */
    public abstract int read(ByteBuffer into);

    /**
     * Whether {@link #read} found that TCP has given the peer up: it answered no probe of keep-alive, or took nothing,
     * for too long, or no way led to it any more. A reset is a word, and not meant.
     */
    public boolean isPeerSilent() {
        return false;
    }

    /**
     * Whether another read may find more without waiting, after one that returned {@code lastRead} bytes into
     * {@code room}. A short read means drained, which saves the read that only says so.
     */
    public final boolean mayHaveMore(int lastRead, int room) {
        return lastRead == room;
    }

    /**
     * Sends all of {@code bytes} in order: as much as the socket takes now, the rest as it drains.
     *
     * @return {@link Sent#LATER} when {@link Handler#onDrained} will follow
     */
    public abstract Sent send(ByteBuffer bytes);

    /** Bytes accepted by {@link #send} that the socket has not taken. */
    public abstract int pendingBytes();

    /**
     * When the socket last took a byte while others waited, as {@link System#nanoTime}; valid while bytes are pending.
     */
    public abstract long pendingSinceNanos();

    /** Stops {@link Handler#onReadable}, so that the peer is held back by its own socket. */
    public abstract void pauseReading();

    /** Undoes {@link #pauseReading}; what has arrived meanwhile is announced. */
    public abstract void resumeReading();

    /** Ends the outgoing direction in an orderly way, after what is pending. Reading goes on. */
    public abstract void endOutput();

    public abstract boolean isOpen();

    /**
     * Closes at once. If bytes are pending, which are lost, it is a {@link #reset}: the peer must not take a part for
     * the whole. No handler is called any more.
     */
    public abstract void close();

    /** Closes at once with a TCP reset, so that the peer cannot take what it has for complete. */
    public abstract void reset();

    /** The peer's address, as it was when the connection was made; the client's that a proxy announced for it. */
    public abstract InetSocketAddress remoteAddress();

    /** The address that the peer connected to, or that a proxy announced for it; of an open wire. */
    public abstract InetSocketAddress localAddress();
}
