package io.sluice.relay;

import java.nio.ByteBuffer;

/**
 * Follows the lines of one direction of a Direct connection, which LF ends (RTTP).
 *
 * <p>Looks at the last byte of each read only; lines are looked for once it is to stop.
 */
final class LineFollower implements Follower {
    private boolean atLineEnd = true;
    private boolean stopping;
    private boolean surplus;

    @Override
    public int follow(ByteBuffer bytes) {
        int length = bytes.remaining();
        if (stopping) {
            length = isDone() ? 0 : throughLineEnd(bytes);
        } else if (length > 0) {
            atLineEnd = bytes.get(bytes.limit() - 1) == '\n';
        }
        surplus = length < bytes.remaining();
        return length;
    }

    private int throughLineEnd(ByteBuffer bytes) {
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            if (bytes.get(i) == '\n') {
                atLineEnd = true;
                return i + 1 - bytes.position();
            }
        }
        return bytes.remaining();
    }

    @Override
    public boolean isDone() {
        return stopping && atLineEnd;
    }

    @Override
    public boolean hasSurplus() {
        return surplus;
    }

    @Override
    public boolean stopAtBoundary() {
        stopping = true;
        return atLineEnd;
    }

    @Override
    public int messages() {
        return UNSEEN;
    }
}
