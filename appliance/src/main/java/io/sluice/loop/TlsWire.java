package io.sluice.loop;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS over a {@link SocketWire}, by the JDK's engine.
 *
 * <p>One read of the socket becomes one unwrap for each record in it; one {@link #send} becomes as few records
 * as it needs and one write. The key work of a handshake runs on an executor, so that a storm of new clients
 * does not hold up the loop's streams.
 *
 * <p><b>Threading:</b> the loop's thread; only the engine's delegated tasks run elsewhere, while nothing else
 * touches the engine.
 *
 * <p><b>Buffers:</b> the loop's own. Between events a wire holds the bytes of an incomplete record at most.
 */
public final class TlsWire extends Wire implements Wire.Handler {
    /** What becomes of a handshake. */
    public interface Handshake {
        /** The handshake is done: the receiver sets the wire's handler and resumes reading. */
        void onEstablished(TlsWire wire);

        /** The handshake failed, or the peer left; the wire is closed. */
        void onHandshakeFailed(String reason, InetSocketAddress peer);
    }

    private static final Logger LOG = LoggerFactory.getLogger(TlsWire.class);

    private final SocketWire socket;
    private final SSLEngine engine;
    private final Executor executor;
    private @Nullable Handshake handshake;
    private @Nullable Handler handler;
    private @Nullable ByteBuffer incomplete;
    private boolean readPaused = true;
    private boolean peerEnded;
    private boolean outputEnded;

    private TlsWire(SocketWire socket, SSLEngine engine, Executor executor, Handshake handshake) {
        super(socket.loop());
        this.socket = socket;
        this.engine = engine;
        this.executor = executor;
        this.handshake = handshake;
    }

    /**
     * Starts a handshake on {@code socket}, which belongs to the new wire from then on.
     *
     * @param engine in its mode and with its parameters set
     * @param executor for the handshake's key work
     */
    public static TlsWire start(SocketWire socket, SSLEngine engine, Executor executor, Handshake handshake) {
        TlsWire wire = new TlsWire(socket, engine, executor, handshake);
        socket.handler(wire);
        try {
            engine.beginHandshake();
            wire.advance();
        } catch (SSLException refused) {
            wire.handshakeFailed(refused);
        }
        return wire;
    }

    public SSLEngine engine() {
        return engine;
    }

    // ---------------------------------------------------------------- the handshake

    /** Does what the engine asks for, until it needs bytes of the peer's, a task to be run, or is done. */
    private void advance() throws SSLException {
        while (handshake != null) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    runTasks();
                    return;
                }
                case NEED_WRAP -> {
                    if (!wrapHandshake()) {
                        return;
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!unwrapHandshake()) {
                        socket.resumeReading();
                        return;
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> established();
            }
        }
    }

    private void runTasks() {
        socket.pauseReading();
        executor.execute(() -> {
            Runnable task = engine.getDelegatedTask();
            while (task != null) {
                task.run();
                task = engine.getDelegatedTask();
            }
            loop().execute(this::tasksDone);
        });
    }

    private void tasksDone() {
        if (!socket.isOpen()) {
            return;
        }
        try {
            advance();
        } catch (SSLException refused) {
            handshakeFailed(refused);
        }
    }

    private boolean wrapHandshake() throws SSLException {
        ByteBuffer out = loop().cipherOut();
        SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), out);
        out.flip();
        if (out.hasRemaining() && socket.send(out) == Sent.LOST) {
            throw new SSLException("connection lost");
        }
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new SSLException("closed during the handshake");
        }
        return true;
    }

    /** Unwraps one piece of the handshake; false when more bytes are needed. */
    private boolean unwrapHandshake() throws SSLException {
        ByteBuffer in = incomplete;
        if (in == null) {
            return false;
        }
        int before = in.remaining();
        // No application data can come yet, but the engine wants room for it.
        SSLEngineResult result = engine.unwrap(in, loop().readBuffer());
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
            case CLOSED -> throw new SSLException("peer closed during the handshake");
        };
    }

    private void established() {
        Handshake told = handshake;
        handshake = null;
        socket.pauseReading();
        if (told != null) {
            told.onEstablished(this);
        }
    }

    private void handshakeFailed(Exception cause) {
        Handshake told = handshake;
        handshake = null;
        flushEngine();
        socket.endOutput();
        socket.close();
        if (told != null) {
            told.onHandshakeFailed(String.valueOf(cause.getMessage()), remoteAddress());
        }
    }

    /** Sends what the engine has to say: an alert, a close_notify, a ticket, a key update. */
    private void flushEngine() {
        try {
            ByteBuffer out = loop().cipherOut();
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                int before = out.position();
                engine.wrap(ByteBuffer.allocate(0), out);
                if (out.position() == before) {
                    break;
                }
            }
            if (out.flip().hasRemaining()) {
                socket.send(out);
            }
        } catch (SSLException again) {
            LOG.debug("no alert", again);
        }
    }

    /** Gives up a handshake that takes too long; {@link Handshake#onHandshakeFailed} is not called. */
    public void abandonHandshake() {
        handshake = null;
        close();
    }

    // ---------------------------------------------------------------- events of the socket

    @Override
    public void onReadable() {
        if (handshake == null) {
            if (!readPaused && handler != null) {
                handler.onReadable();
            }
            return;
        }
        ByteBuffer net = loop().cipherIn();
        takeIncomplete(net);
        int read = socket.read(net);
        if (read < 0) {
            handshakeFailed(new SSLException("peer left during the handshake"));
            return;
        }
        keepIncomplete(net.flip());
        try {
            advance();
        } catch (SSLException refused) {
            handshakeFailed(refused);
        }
    }

    @Override
    public void onDrained() {
        if (handler != null) {
            handler.onDrained();
        }
    }

    @Override
    public void onBroken(Throwable cause) {
        if (handshake != null) {
            handshakeFailed(new SSLException("connection lost"));
        } else if (handler != null) {
            handler.onBroken(cause);
        }
    }

    // ---------------------------------------------------------------- the wire

    @Override
    public void handler(Handler newHandler) {
        handler = newHandler;
    }

    /** {@inheritDoc} {@code into} must have room for {@link EdgeLoop#BUFFER_BYTES}, the most that one read decrypts. */
    @Override
    public int read(ByteBuffer into) {
        if (peerEnded) {
            return END;
        }
        ByteBuffer net = loop().cipherIn();
        takeIncomplete(net);
        int read = socket.read(net);
        if (read == LOST) {
            return LOST;
        }
        net.flip();
        int start = into.position();
        try {
            unwrap(net, into);
        } catch (SSLException broken) {
            LOG.debug("TLS broken", broken);
            flushEngine();
            return LOST;
        }
        keepIncomplete(net);
        int produced = into.position() - start;
        peerEnded |= read == END;
        if (produced == 0) {
            return peerEnded ? END : 0;
        }
        if (peerEnded) {
            loop().execute(this::onReadableAgain);
        }
        return produced;
    }

    private void unwrap(ByteBuffer net, ByteBuffer into) throws SSLException {
        while (net.hasRemaining() && !peerEnded) {
            SSLEngineResult result = engine.unwrap(net, into);
            switch (result.getStatus()) {
                case OK -> answerEngine(result.getHandshakeStatus());
                // Complete records always fit, so "overflow" is the engine's guess about an incomplete one.
                case BUFFER_UNDERFLOW, BUFFER_OVERFLOW -> {
                    return;
                }
                case CLOSED -> peerEnded = true;
            }
        }
    }

    /** After the handshake the engine may still want a word: tickets, key updates. */
    private void answerEngine(HandshakeStatus status) throws SSLException {
        HandshakeStatus now = status;
        while (now == HandshakeStatus.NEED_TASK) {
            Runnable task = engine.getDelegatedTask();
            while (task != null) {
                task.run();
                task = engine.getDelegatedTask();
            }
            now = engine.getHandshakeStatus();
        }
        if (now == HandshakeStatus.NEED_WRAP) {
            flushEngine();
        }
    }

    private void takeIncomplete(ByteBuffer net) {
        ByteBuffer held = incomplete;
        if (held != null) {
            net.put(held);
            incomplete = null;
        }
    }

    private void keepIncomplete(ByteBuffer net) {
        if (net.hasRemaining()) {
            incomplete = ByteBuffer.allocate(net.remaining()).put(net).flip();
        }
    }

    @Override
    public Sent send(ByteBuffer bytes) {
        try {
            ByteBuffer out = loop().cipherOut();
            while (bytes.hasRemaining()) {
                SSLEngineResult result = engine.wrap(bytes, out);
                if (result.getStatus() != SSLEngineResult.Status.OK) {
                    LOG.debug("wrap: {}", result.getStatus());
                    return Sent.LOST;
                }
            }
            return socket.send(out.flip());
        } catch (SSLException broken) {
            LOG.debug("wrap failed", broken);
            return Sent.LOST;
        }
    }

    @Override
    public int pendingBytes() {
        return socket.pendingBytes();
    }

    @Override
    public long pendingSinceNanos() {
        return socket.pendingSinceNanos();
    }

    @Override
    public void pauseReading() {
        readPaused = true;
        socket.pauseReading();
    }

    @Override
    public void resumeReading() {
        if (readPaused) {
            readPaused = false;
            if (incomplete != null) {
                loop().execute(this::onReadableAgain);
            }
        }
        socket.resumeReading();
    }

    /** Records that were read with the ones before are announced too: the socket will not say so again. */
    private void onReadableAgain() {
        if (socket.isOpen()) {
            onReadable();
        }
    }

    @Override
    public void endOutput() {
        if (!outputEnded) {
            outputEnded = true;
            engine.closeOutbound();
            flushEngine();
            socket.endOutput();
        }
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() {
        if (!outputEnded && socket.isOpen() && handshake == null && socket.pendingBytes() == 0) {
            endOutput();
        }
        handler = null;
        socket.close();
    }

    @Override
    public void reset() {
        handler = null;
        socket.reset();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return socket.remoteAddress();
    }
}
