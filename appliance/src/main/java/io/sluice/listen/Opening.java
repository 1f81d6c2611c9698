package io.sluice.listen;

import io.sluice.loop.Deadline;
import io.sluice.loop.EdgeLoop;
import io.sluice.loop.SocketWire;
import io.sluice.loop.Wire;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a connection, collected until they say enough or take too long.
 *
 * <p><b>Threading:</b> the loop's thread.
 *
 * <p><b>Buffers:</b> what has come so far, for as long as {@link #isEnough} wants more.
 */
abstract class Opening extends Deadline implements Wire.Receiver {
    private final SocketWire wire;
    private @Nullable ByteBuffer partial;

    Opening(SocketWire wire) {
        this.wire = wire;
    }

    final SocketWire wire() {
        return wire;
    }

    /**
     * Starts collecting.
     *
     * @param timeoutNanos more than 0
     * @param early what came in so far, read already; lent until this returns
     */
    final void await(long timeoutNanos, ByteBuffer early) {
        wire.handler(this);
        wire.loop().arm(this, timeoutNanos);
        wire.resumeReading();
        if (early.hasRemaining()) {
            look(early);
        }
    }

    /**
     * Looks at all that has come so far, and acts on it when it is enough: the connection has another owner then, or is
     * closed.
     *
     * @param bytes lent until this returns; of {@link EdgeLoop#BUFFER_BYTES} it must be enough
     */
    abstract boolean isEnough(ByteBuffer bytes);

    /** The peer is gone, in the middle or before it sent anything. */
    abstract void left(boolean inTheMiddle);

    /** What every way out begins with: the clock stops, and reading is paused. */
    final void end() {
        cancel();
        wire.pauseReading();
    }

    private void look(ByteBuffer bytes) {
        if (!isEnough(bytes) && bytes.hasRemaining()) {
            partial = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        }
    }

    @Override
    public final void onReadable() {
        ByteBuffer buffer = wire.loop().readBuffer();
        boolean begun = partial != null;
        if (partial != null) {
            buffer.put(partial);
            partial = null;
        }
        if (wire.read(buffer) < 0) {
            left(begun);
        } else {
            look(buffer.flip());
        }
    }

    @Override
    public final void onBroken(Throwable cause) {
        left(partial != null);
    }
}
