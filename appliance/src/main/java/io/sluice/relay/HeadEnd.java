package io.sluice.relay;

import java.nio.ByteBuffer;

/** Finds where a message head ends, and refuses line ends that two parsers could read in two ways. */
public final class HeadEnd {
    /** The head is not complete yet. */
    static final int INCOMPLETE = -1;

    /** A CR or LF that is not part of a CR LF, or a NUL (RFC 9112 §2.2). */
    static final int BROKEN = -2;

    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private HeadEnd() {}

    /**
     * Finds the end of the head that starts at the buffer's position; the position is not moved.
     *
     * @return the index just behind the empty line that ends the head which starts at the buffer's position;
     *     {@link #INCOMPLETE} or {@link #BROKEN}
     */
    public static int find(ByteBuffer bytes) {
        int start = bytes.position();
        int limit = bytes.limit();
        int lineStart = start;
        for (int i = start; i < limit; i++) {
            byte b = bytes.get(i);
            if (b > CR) {
                continue;
            }
            if (b == LF || b == 0) {
                return BROKEN;
            }
            if (b == CR) {
                if (i + 1 == limit) {
                    return INCOMPLETE;
                }
                i++;
                if (bytes.get(i) != LF) {
                    return BROKEN;
                }
                if (i - lineStart == 1 && i > start + 1) {
                    return i + 1;
                }
                lineStart = i + 1;
            }
        }
        return INCOMPLETE;
    }
}
