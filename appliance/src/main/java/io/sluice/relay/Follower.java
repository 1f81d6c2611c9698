package io.sluice.relay;

import java.nio.ByteBuffer;

/**
 * Follows the framing of bytes that are passed on untouched, so that it is known where they may end.
 *
 * <p>Content is never looked at and nothing is kept but where in the framing it stands; following a message
 * allocates nothing.
 *
 * <p><b>Threading:</b> the loop's thread; {@link #messages} any.
 */
interface Follower {
    /** From {@link #follow}: the bytes break their framing. */
    int BROKEN = -1;

    /** From {@link #messages}: the framing does not show them. */
    int UNSEEN = -1;

    /**
     * How many of the buffer's bytes are to be passed on, from its position on; the position is not moved.
     *
     * @return the number, or {@link #BROKEN}
     */
    int follow(ByteBuffer bytes);

    /** Whether nothing more is to be passed on. */
    boolean isDone();

    /** Whether the last buffer held bytes that are not to be passed on. */
    boolean hasSurplus();

    /**
     * Nothing is to be passed on from the next boundary on.
     *
     * @return whether it stands at one now
     */
    boolean stopAtBoundary();

    /** Messages passed on so far, or {@link #UNSEEN}. A moment old when read on another thread. */
    int messages();
}
