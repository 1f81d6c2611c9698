package io.sluice.loop;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of a {@link TlsWire}, in either role: has the socket until both sides agree, or do not.
 *
 * <p>The key work runs on an executor, so that a storm of new clients does not hold up the loop's streams.
 *
 * <p><b>Threading:</b> the loop's thread; only the engine's delegated tasks run elsewhere, while nothing else touches
 * the engine.
 *
 * <p><b>Buffers:</b> the loop's own. Between events it holds the bytes of an incomplete record at most.
 */
public final class TlsHandshake implements Wire.Receiver {
    /** Who asked; told once, unless the handshake is abandoned, perhaps before {@link #start} returns. */
    public interface Outcome {
        /** The handshake is done: the receiver sets the wire's handler and resumes reading. */
        void onEstablished(TlsWire wire);

        /**
         * The handshake failed; the socket is closed.
         *
         * @param cause an {@link SSLException} when the two did not agree, an {@link EOFException} when the peer left,
         *     another {@link IOException} when the connection broke
         */
        void onHandshakeFailed(IOException cause, InetSocketAddress peer);
    }

    private final SocketWire socket;
    private final SSLEngine engine;
    private final TlsWire wire;
    private final Outcome outcome;
    private @Nullable ByteBuffer incomplete;
    private boolean tasksRunning;
    private boolean over;

    private TlsHandshake(SocketWire socket, SSLEngine engine, Outcome outcome) {
        this.socket = socket;
        this.engine = engine;
        this.wire = new TlsWire(socket, engine);
        this.outcome = outcome;
    }

    /**
     * Starts a handshake on {@code socket}, which belongs to it, and then to the new wire.
     *
     * @param engine in its mode, of a server or of a client, and with its parameters set
     * @param early what the peer has sent so far, read already; at most {@link EdgeLoop#BUFFER_BYTES}; lent until this
     *     returns
     */
    public static TlsHandshake start(SocketWire socket, SSLEngine engine, ByteBuffer early, Outcome outcome) {
        TlsHandshake handshake = new TlsHandshake(socket, engine, outcome);
        socket.handler(handshake);
        handshake.keepIncomplete(early);
        try {
            engine.beginHandshake();
            handshake.advance();
        } catch (IOException refused) {
            handshake.failed(refused);
        }
        return handshake;
    }

    /** As {@link Wire#remoteAddress}. */
    public InetSocketAddress remoteAddress() {
        return socket.remoteAddress();
    }

    /** Does what the engine asks for, until it needs bytes of the peer's, a task to be run, or is done. */
    private void advance() throws IOException {
        while (!over) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    runTasks();
                    return;
                }
                case NEED_WRAP -> wrap();
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!unwrap()) {
                        socket.resumeReading();
                        return;
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> established();
            }
        }
    }

    /**
     * Off the loop. The peer has nothing to say meanwhile, so the socket's interest stays, and only a peer that speaks
     * all the same makes it change.
     */
    private void runTasks() {
        tasksRunning = true;
        EdgeLoop loop = socket.loop();
        loop.keyWork().execute(() -> {
            Runnable task = engine.getDelegatedTask();
            while (task != null) {
                task.run();
                task = engine.getDelegatedTask();
            }
            loop.execute(this::tasksDone);
        });
    }

    private void tasksDone() {
        tasksRunning = false;
        if (socket.isOpen()) {
            advanceOrFail();
        }
    }

    private void advanceOrFail() {
        try {
            advance();
        } catch (IOException refused) {
            failed(refused);
        }
    }

    /** Sends all that the engine has to say now as one write: it makes a record of each message of its flight. */
    private void wrap() throws IOException {
        ByteBuffer out = socket.loop().cipherOut();
        SSLEngineResult.Status status;
        do {
            status = engine.wrap(TlsWire.NO_DATA, out).getStatus();
        } while (status == SSLEngineResult.Status.OK && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
        if (out.flip().hasRemaining() && socket.send(out) == Sent.LOST) {
            throw new IOException("connection lost");
        }
        if (status == SSLEngineResult.Status.CLOSED) {
            throw new SSLException("closed during the handshake");
        }
    }

    /** Unwraps one piece of the handshake; false when more bytes are needed. */
    private boolean unwrap() throws IOException {
        ByteBuffer in = incomplete;
        if (in == null) {
            return false;
        }
        int before = in.remaining();
        // No application data can come yet, but the engine wants room for it.
        SSLEngineResult result = engine.unwrap(in, socket.loop().readBuffer());
        if (result.bytesProduced() > 0) {
            throw new SSLException("application data during the handshake");
        }
        if (!in.hasRemaining()) {
            incomplete = null;
        }
        return switch (result.getStatus()) {
            case OK ->
                before != in.remaining()
                        || result.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP
                        || in.hasRemaining();
            case BUFFER_UNDERFLOW -> false;
            case BUFFER_OVERFLOW -> throw new SSLException("handshake record too large");
            case CLOSED -> throw new EOFException("peer closed during the handshake");
        };
    }

    @Override
    public void onReadable() {
        if (tasksRunning) {
            socket.pauseReading();
            return;
        }
        ByteBuffer net = socket.loop().cipherIn();
        ByteBuffer held = incomplete;
        if (held != null) {
            net.put(held);
            incomplete = null;
        }
        int read = socket.read(net);
        if (read < 0) {
            failed(
                    read == Wire.END
                            ? new EOFException("peer left during the handshake")
                            : new IOException("connection lost"));
            return;
        }
        keepIncomplete(net.flip());
        advanceOrFail();
    }

    private void keepIncomplete(ByteBuffer net) {
        if (net.hasRemaining()) {
            incomplete = ByteBuffer.allocate(net.remaining()).put(net).flip();
        }
    }

    @Override
    public void onBroken(Throwable cause) {
        failed(new IOException("connection lost", cause));
    }

    // ---------------------------------------------------------------- how it ends

    private void established() {
        over = true;
        wire.established(incomplete);
        outcome.onEstablished(wire);
    }

    private void failed(IOException cause) {
        over = true;
        wire.flushEngine();
        socket.endOutput();
        socket.close();
        outcome.onHandshakeFailed(cause, socket.remoteAddress());
    }

    /** Gives up, as it takes too long or is no longer wanted; the outcome is not told. */
    public void abandon() {
        over = true;
        wire.close();
    }
}
