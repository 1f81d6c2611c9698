package io.sluice.relay;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that came before they are wanted, in a heap buffer of their own; no buffer while there are none. Whoever fills
 * it sets its limit.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
final class Held {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private @Nullable ByteBuffer bytes;

    /** Holds what remains of {@code now}, and nothing else. */
    void set(ByteBuffer now) {
        bytes = now.hasRemaining()
                ? ByteBuffer.allocate(now.remaining()).put(now).flip()
                : null;
    }

    /** Holds what remains of {@code more} too. */
    void add(ByteBuffer more) {
        if (bytes == null) {
            set(more);
        } else {
            bytes = takeBefore(more);
        }
    }

    /** What was held, which may be nothing; it is the caller's, and nothing is held any more. */
    ByteBuffer take() {
        ByteBuffer taken = bytes == null ? NOTHING : bytes;
        bytes = null;
        return taken;
    }

    /** What was held with {@code more} behind it; {@code more} itself when nothing was. */
    ByteBuffer takeBefore(ByteBuffer more) {
        if (bytes == null) {
            return more;
        }
        ByteBuffer first = take();
        return ByteBuffer.allocate(first.remaining() + more.remaining())
                .put(first)
                .put(more)
                .flip();
    }

    void clear() {
        bytes = null;
    }

    boolean isEmpty() {
        return bytes == null;
    }

    /** In bytes. */
    int length() {
        return bytes == null ? 0 : bytes.remaining();
    }
}
