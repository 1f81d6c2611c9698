package io.sluice.http2;

import java.nio.ByteBuffer;

/**
 * Bytes that wait, in order. An empty one holds no buffer; whoever fills it limits it.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
final class ByteQueue {
    private static final byte[] NONE = new byte[0];

    private byte[] bytes = NONE;
    private int from;
    private int to;

    int size() {
        return to - from;
    }

    boolean isEmpty() {
        return from == to;
    }

    /** Takes all that remains in {@code more}. */
    void append(ByteBuffer more) {
        int added = more.remaining();
        if (to + added > bytes.length) {
            makeRoom(added);
        }
        more.get(bytes, to, added);
        to += added;
    }

    private void makeRoom(int added) {
        int size = size();
        byte[] target = size + added <= bytes.length / 2 ? bytes : new byte[grown(size + added)];
        System.arraycopy(bytes, from, target, 0, size);
        bytes = target;
        from = 0;
        to = size;
    }

    private int grown(int needed) {
        return bytes.length == 0 ? needed : Math.max(needed, 2 * bytes.length);
    }

    /** Moves up to {@code most} bytes to {@code into}, which has room for them; returns how many. */
    int moveTo(ByteBuffer into, int most) {
        int moved = Math.min(most, size());
        into.put(bytes, from, moved);
        drop(moved);
        return moved;
    }

    /** The bytes from the first one on, valid until the queue is changed; tell {@link #drop} how many were used. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, from, size());
    }

    void drop(int used) {
        from += used;
        if (from == to) {
            clear();
        }
    }

    void clear() {
        bytes = NONE;
        from = 0;
        to = 0;
    }
}
