package io.sluice.loop;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS over a {@link SocketWire}, by the JDK's engine; towards a client or towards a Liberator, as the engine's mode
 * says.
 *
 * <p>One read of the socket becomes one unwrap for each record in it; one {@link #send} becomes as few records
 * as it needs and one write. It begins with a {@link TlsHandshake}.
 *
 * <p><b>Threading:</b> the loop's thread.
 *
 * <p><b>Buffers:</b> the loop's own. Between events a wire holds the bytes of an incomplete record at most.
 *
 * <p><b>The end:</b> only a close_notify is an orderly one, {@link Wire#END}. A TCP end without it is {@link Wire#LOST}
 * in both roles, because anyone on the way can forge a FIN (RFC 8446 §6.1, RFC 5246 §7.2.1). What that means is for
 * the framing above to say: a response with a length or a last chunk was complete before, whatever end follows; one
 * that ends with its connection is incomplete without the close_notify (RFC 9112 §9.8), and so are the bytes of a
 * tunnel. Clients that never send one (some browsers when a page is left, many health checks of load balancers, some
 * libraries) are counted as lost instead of closed and lose nothing by it. A Liberator, or a TLS proxy before it, that
 * ends close-delimited responses without close_notify shows as lost: it has to be mended, as nobody can tell its
 * complete responses from broken ones.
 *
 * <p><b>Floods:</b> records that carry no data (empty ones, key updates, warnings) cost the sender next to nothing.
 * More than {@value #MOST_QUIET_RECORDS} in a row, or answers to them that the peer does not take, end the wire.
 */
public final class TlsWire extends Wire implements Wire.Handler {
    /** As many as BoringSSL allows. */
    private static final int MOST_QUIET_RECORDS = 32;

    static final ByteBuffer NO_DATA = ByteBuffer.allocate(0);

    private static final int MOST_UNTAKEN_ANSWERS_BYTES = 4 * EdgeLoop.BUFFER_BYTES;

    private static final Logger LOG = LoggerFactory.getLogger(TlsWire.class);

    private final SocketWire socket;
    private final SSLEngine engine;
    private @Nullable Handler handler;
    private @Nullable ByteBuffer incomplete;
    private boolean readPaused = true;
    private boolean outputEnded;
    /** 0 until the peer's end has been read; then {@link #END} or {@link #LOST}. */
    private int peerEnd;

    private int quietRecords;

    /** Is of no use before it is {@link #established}. */
    TlsWire(SocketWire socket, SSLEngine engine) {
        super(socket.loop());
        this.socket = socket;
        this.engine = engine;
    }

    /**
     * The handshake is done: the socket is the wire's from now on, its reading paused.
     *
     * @param early what was read behind the handshake; the wire's from now on; null for nothing
     */
    void established(@Nullable ByteBuffer early) {
        incomplete = early;
        socket.handler(this);
        socket.pauseReading();
    }

    public SSLEngine engine() {
        return engine;
    }

    // ---------------------------------------------------------------- the engine

    /** Sends what the engine still has to say before the end: an alert, a close_notify. */
    void flushEngine() {
        try {
            drainEngine();
        } catch (SSLException again) {
            LOG.debug("no alert", again);
        }
    }

    /**
     * Sends what the engine has to say: a ticket, a key update, an alert.
     *
     * @throws SSLException what a task of the engine's found out, such as a renegotiation that is not allowed; there is
     *     an alert to be sent then
     */
    private void drainEngine() throws SSLException {
        ByteBuffer out = loop().cipherOut();
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            int before = out.position();
            engine.wrap(NO_DATA, out);
            if (out.position() == before) {
                break;
            }
        }
        if (out.flip().hasRemaining()) {
            socket.send(out);
        }
    }

    // ---------------------------------------------------------------- events of the socket

    @Override
    public void onReadable() {
        if (!readPaused && handler != null) {
            handler.onReadable();
        }
    }

    @Override
    public void onDraining() {
        if (handler != null) {
            handler.onDraining();
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
        if (handler != null) {
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
        if (peerEnd != 0) {
            return peerEnd;
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
        if (peerEnd == 0 && read == END) {
            peerEnd = LOST;
        }
        if (peerEnd == 0) {
            keepIncomplete(net);
        }
        int produced = into.position() - start;
        if (produced == 0) {
            return peerEnd;
        }
        if (peerEnd != 0) {
            loop().execute(this::onReadableAgain);
        }
        return produced;
    }

    private void unwrap(ByteBuffer net, ByteBuffer into) throws SSLException {
        while (net.hasRemaining() && peerEnd == 0) {
            SSLEngineResult result = engine.unwrap(net, into);
            switch (result.getStatus()) {
                case OK -> {
                    quietRecords = result.bytesProduced() > 0 ? 0 : quietRecords + 1;
                    if (quietRecords > MOST_QUIET_RECORDS) {
                        throw new SSLException("too many records without data");
                    }
                    answerEngine(result.getHandshakeStatus());
                }
                // Complete records always fit, so "overflow" is the engine's guess about an incomplete one.
                case BUFFER_UNDERFLOW, BUFFER_OVERFLOW -> {
                    return;
                }
                case CLOSED -> peerEnd = END;
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
            if (socket.pendingBytes() > MOST_UNTAKEN_ANSWERS_BYTES) {
                throw new SSLException("peer takes no answers");
            }
            drainEngine();
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
            if (incomplete != null || peerEnd != 0) {
                loop().execute(this::onReadableAgain);
            }
        }
        socket.resumeReading();
    }

    /** Records, or the end, that were read with the ones before are announced too: the socket will not say so again. */
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
    public boolean isPeerSilent() {
        return socket.isPeerSilent();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() {
        if (!outputEnded && socket.isOpen() && socket.pendingBytes() == 0) {
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

    @Override
    public InetSocketAddress localAddress() {
        return socket.localAddress();
    }
}
