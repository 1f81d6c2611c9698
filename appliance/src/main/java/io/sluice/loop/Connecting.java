package io.sluice.loop;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;

/**
 * One attempt to connect a socket on a loop, until it is connected, has failed, has taken too long or is
 * cancelled; its {@link Outcome} is told exactly once, unless cancelled.
 *
 * <p><b>Threading:</b> the loop's thread only.
 */
public final class Connecting implements Selected {
    /** Who asked. */
    public interface Outcome {
        /** The wire is connected, reading is paused, and it is the receiver's to close. */
        void onConnected(SocketWire wire);

        /** No connection within the time given. */
        void onTimeout();

        /** Refused, unreachable, or no socket to be had. */
        void onFailed(IOException cause);
    }

    private final EdgeLoop loop;
    private final SocketChannel channel;
    private final Outcome outcome;
    private boolean over;
    private final Deadline timeout = new Deadline() {
        @Override
        protected void onDeadline() {
            if (finish()) {
                closeChannel();
                outcome.onTimeout();
            }
        }
    };

    private Connecting(EdgeLoop loop, SocketChannel channel, Outcome outcome) {
        this.loop = loop;
        this.channel = channel;
        this.outcome = outcome;
    }

    /**
     * Connects {@code channel} to {@code address}. The outcome may be told before this returns.
     *
     * @param channel non-blocking, not connected; owned by the attempt, closed when it fails
     * @param timeoutNanos more than 0
     */
    public static Connecting start(
            EdgeLoop loop, SocketChannel channel, SocketAddress address, long timeoutNanos, Outcome outcome) {
        Connecting attempt = new Connecting(loop, channel, outcome);
        SocketWire wire;
        try {
            if (!channel.connect(address)) {
                loop.register(channel, SelectionKey.OP_CONNECT, attempt);
                loop.arm(attempt.timeout, timeoutNanos);
                return attempt;
            }
            wire = SocketWire.on(loop, channel);
        } catch (IOException | RuntimeException refused) {
            attempt.onFailed(refused);
            return attempt;
        }
        attempt.finish();
        outcome.onConnected(wire);
        return attempt;
    }

    /**
     * Gives up; the outcome is not told.
     *
     * @return false when the outcome was told already, and nothing was done
     */
    public boolean cancel() {
        boolean first = finish();
        if (first) {
            closeChannel();
        }
        return first;
    }

    @Override
    public void onSelected(SelectionKey key) throws IOException {
        if (!over && channel.finishConnect()) {
            connected();
        }
    }

    private void connected() throws IOException {
        SocketWire wire = SocketWire.on(loop, channel);
        if (finish()) {
            outcome.onConnected(wire);
        }
    }

    @Override
    public void onFailed(Throwable cause) {
        if (finish()) {
            closeChannel();
            outcome.onFailed(cause instanceof IOException io ? io : new IOException(Objects.toString(cause), cause));
        }
    }

    private boolean finish() {
        timeout.cancel();
        boolean first = !over;
        over = true;
        return first;
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException gone) {
            // Closing is all that was wanted.
        }
    }
}
