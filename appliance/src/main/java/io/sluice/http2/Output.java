package io.sluice.http2;

import io.sluice.loop.EdgeLoop;
import io.sluice.loop.Sent;
import io.sluice.loop.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;

/**
 * The frames on their way to a client: put together in the loop's buffer during a turn, sent in one write at its end.
 *
 * <p><b>Back-pressure:</b> while the client's socket has not taken what was sent before, no stream may add to it
 * ({@link #isBehind}); streams that wait get their turn in order. What must be answered to the client's own frames is
 * added all the same, so whoever reads them stops while {@link #isFull}.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
final class Output {
    /** How much may wait for the socket before the client is no longer read: one turn's frames, and as much again. */
    private static final int FULL_BYTES = 2 * EdgeLoop.BUFFER_BYTES;

    /** The window that every connection starts with (RFC 9113 §6.9.2). */
    private static final int FIRST_WINDOW = 65_535;

    private final Wire wire;
    private final ArrayDeque<StreamWire> waiting = new ArrayDeque<>();
    private ByteBuffer frames = ByteBuffer.allocate(0);
    private int turns;
    private long window = FIRST_WINDOW;
    private boolean lost;

    Output(Wire wire) {
        this.wire = wire;
    }

    /** A turn begins; it may begin within another. {@link #end} must follow. */
    void begin() {
        if (turns++ == 0) {
            frames = wire.loop().frameBuffer();
        }
    }

    /** The turn ends, and the outermost one sends; tells whether this was it. */
    boolean end() {
        if (--turns > 0) {
            return false;
        }
        flush();
        return true;
    }

    private void flush() {
        if (frames.position() > 0 && !lost) {
            lost = wire.send(frames.flip()) == Sent.LOST;
        }
        frames.clear();
    }

    /** The buffer to put frames into, with room for {@code bytes}; within a turn only. */
    ByteBuffer room(int bytes) {
        if (frames.remaining() < bytes) {
            flush();
        }
        return frames;
    }

    /** Whether the client's connection is gone. */
    boolean isLost() {
        return lost;
    }

    /** Whether the client has not taken what was sent before. */
    boolean isBehind() {
        return lost || wire.pendingBytes() > 0;
    }

    /** Whether so much waits that the client's own frames must wait too. */
    boolean isFull() {
        return wire.pendingBytes() > FULL_BYTES;
    }

    /** How many bytes of DATA the client allows on the connection. */
    long window() {
        return window;
    }

    void windowUsed(int bytes) {
        window -= bytes;
    }

    /** The client allows more; false when that is more than there can be (RFC 9113 §6.9.1). */
    boolean windowGrown(int bytes) {
        window += bytes;
        return window <= Integer.MAX_VALUE;
    }

    /** {@code stream} has bytes that must wait. */
    void await(StreamWire stream) {
        waiting.add(stream);
    }

    void forget(StreamWire stream) {
        waiting.remove(stream);
    }

    /** Gives each stream that waits its turn, as long as the socket takes it; within a turn only. */
    void moveWaiting() {
        for (int left = waiting.size(); left > 0 && !isBehind(); left--) {
            Objects.requireNonNull(waiting.poll()).moveWaiting();
        }
    }
}
