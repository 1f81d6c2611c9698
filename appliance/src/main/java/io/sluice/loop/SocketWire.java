package io.sluice.loop;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plain TCP socket as a {@link Wire}.
 *
 * <p>Its interest in reading stays set between events and is only changed for back-pressure, so that a
 * message costs one read, one write and no {@code epoll_ctl}. It is {@link Closeable} for its selector, which
 * closes what is open when the loops stop.
 *
 * <p>From the beginning its end is set to be a reset ({@code SO_LINGER} of 0), and {@link #close} takes that back: a
 * stream that nobody has ended looks broken to both sides, also when the process is killed and the kernel closes it.
 */
public final class SocketWire extends Wire implements Selected, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SocketWire.class);
    private static final Handler NOBODY = new Nobody();
    private static final int RESET = 0;
    private static final int ORDERLY = -1;

    private final SocketChannel channel;
    private final SelectionKey key;
    private InetSocketAddress remoteAddress;
    private @Nullable InetSocketAddress announcedLocalAddress;
    private Handler handler = NOBODY;
    private int interest;

    private @Nullable ByteBuffer pending;
    private long pendingSinceNanos;
    private boolean endAfterPending;
    private boolean outputEnded;
    private boolean peerSilent;

    private SocketWire(EdgeLoop loop, SocketChannel channel, SelectionKey key, int interest) throws IOException {
        super(loop);
        this.channel = channel;
        this.key = key;
        this.interest = interest;
        this.remoteAddress = (InetSocketAddress) channel.getRemoteAddress();
    }

    /**
     * Puts a connected, non-blocking {@code channel} on {@code loop}; reading is paused.
     *
     * @throws IOException when the channel is closed or cannot be registered; it is then still the caller's
     */
    public static SocketWire on(EdgeLoop loop, SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, RESET);
        SelectionKey key = channel.register(loop.getSelector(), 0);
        SocketWire wire = new SocketWire(loop, channel, key, 0);
        key.attach(wire);
        return wire;
    }

    @Override
    public void handler(Handler newHandler) {
        handler = newHandler;
    }

    @Override
    public void onSelected(SelectionKey selected) {
        int ready = selected.readyOps();
        if ((ready & SelectionKey.OP_WRITE) != 0 && pending != null) {
            drain(pending);
        }
        if ((ready & interest & SelectionKey.OP_READ) != 0 && channel.isOpen()) {
            handler.onReadable();
        }
    }

    @Override
    public void onFailed(Throwable cause) {
        Handler told = handler;
        reset();
        told.onBroken(cause);
    }

    @Override
    public int read(ByteBuffer into) {
        try {
            return channel.read(into);
        } catch (IOException lost) {
            LOG.debug("read failed", lost);
            peerSilent = isSilence(lost);
            return LOST;
        }
    }

    /**
     * A reset is a {@link java.net.SocketException} and a channel closed by us a class of its own. What else fails a
     * read are the words of the kernel (ETIMEDOUT, EHOSTUNREACH, ENETUNREACH), in the language of the environment.
     */
    private static boolean isSilence(IOException lost) {
        return lost.getClass() == IOException.class;
    }

    @Override
    public boolean isPeerSilent() {
        return peerSilent;
    }

    @Override
    public Sent send(ByteBuffer bytes) {
        try {
            if (pending == null) {
                channel.write(bytes);
                if (!bytes.hasRemaining()) {
                    return Sent.ALL;
                }
                pendingSinceNanos = System.nanoTime();
                interest(interest | SelectionKey.OP_WRITE);
            }
            keep(bytes);
            return Sent.LATER;
        } catch (IOException lost) {
            LOG.debug("write failed", lost);
            return Sent.LOST;
        }
    }

    private void keep(ByteBuffer bytes) {
        ByteBuffer held = pending;
        if (held == null && bytes.remaining() <= EdgeLoop.BUFFER_BYTES) {
            pending = loop().take().put(bytes).flip();
            return;
        }
        // A head with a full buffer behind it, or an own answer after pending bytes: rare, so not pooled.
        int heldBytes = held == null ? 0 : held.remaining();
        ByteBuffer grown = ByteBuffer.allocate(heldBytes + bytes.remaining());
        if (held != null) {
            grown.put(held);
            release(held);
        }
        pending = grown.put(bytes).flip();
    }

    private void release(ByteBuffer held) {
        if (held.isDirect()) {
            loop().giveBack(held);
        }
    }

    private void drain(ByteBuffer held) {
        try {
            if (channel.write(held) > 0) {
                pendingSinceNanos = System.nanoTime();
            }
        } catch (IOException lost) {
            onFailed(lost);
            return;
        }
        if (held.hasRemaining()) {
            handler.onDraining();
            return;
        }
        pending = null;
        release(held);
        interest(interest & ~SelectionKey.OP_WRITE);
        if (endAfterPending) {
            shutdownOutput();
        }
        handler.onDraining();
        handler.onDrained();
    }

    @Override
    public int pendingBytes() {
        ByteBuffer held = pending;
        return held == null ? 0 : held.remaining();
    }

    @Override
    public long pendingSinceNanos() {
        return pendingSinceNanos;
    }

    @Override
    public void pauseReading() {
        interest(interest & ~SelectionKey.OP_READ);
    }

    @Override
    public void resumeReading() {
        interest(interest | SelectionKey.OP_READ);
    }

    private void interest(int wanted) {
        if (wanted != interest) {
            interest = wanted;
            if (key.isValid()) {
                key.interestOps(wanted);
            }
        }
    }

    @Override
    public void endOutput() {
        if (outputEnded) {
            return;
        }
        outputEnded = true;
        if (pending == null) {
            shutdownOutput();
        } else {
            endAfterPending = true;
        }
    }

    private void shutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException gone) {
            LOG.debug("shutdown of output failed", gone);
        }
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        if (pending == null && channel.isOpen()) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, ORDERLY);
            } catch (IOException gone) {
                LOG.debug("SO_LINGER failed", gone);
            }
        }
        shut();
    }

    @Override
    public void reset() {
        shut();
    }

    /** In the way that {@code SO_LINGER} says. */
    private void shut() {
        handler = NOBODY;
        outputEnded = true;
        ByteBuffer held = pending;
        if (held != null) {
            pending = null;
            release(held);
        }
        try {
            channel.close();
        } catch (IOException gone) {
            LOG.debug("close failed", gone);
        }
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public InetSocketAddress localAddress() {
        InetSocketAddress announced = announcedLocalAddress;
        try {
            return announced == null ? (InetSocketAddress) channel.getLocalAddress() : announced;
        } catch (IOException closed) {
            throw new IllegalStateException("asked of a closed wire", closed);
        }
    }

    /**
     * The peer speaks for {@code client}, which connected to {@code destination}: those are the wire's addresses from
     * now on.
     */
    public void announced(InetSocketAddress client, InetSocketAddress destination) {
        remoteAddress = client;
        announcedLocalAddress = destination;
    }

    /** The handler of a wire that has no owner yet, or none any more. */
    private static final class Nobody implements Receiver {
        @Override
        public void onReadable() {}

        @Override
        public void onBroken(Throwable cause) {}
    }
}
