package io.sluice.http2;

import org.jspecify.annotations.Nullable;

/**
 * How the last streams of a connection ended, so that what a client sent before it knew is told from what it must not
 * send (RFC 9113 §5.1, "closed").
 *
 * <p><b>Bounds:</b> the last {@value #KEPT} streams.
 */
final class Departed {
    /** How a stream ended. */
    enum How {
        /** Both sides had sent all, or the client has reset it. */
        ENDED,
        /** We have reset it: frames may still be under way. */
        RESET_BY_US,
        /** Never opened, or longer ago than can be told. */
        UNKNOWN
    }

    private static final int KEPT = 128;

    /** A ring of stream ids, negative where we have reset the stream; there from the first one on. */
    private int @Nullable [] ids;

    private int next;

    void ended(int stream) {
        add(stream);
    }

    void resetByUs(int stream) {
        add(-stream);
    }

    private void add(int signed) {
        int[] ring = ids;
        if (ring == null) {
            ring = new int[KEPT];
            ids = ring;
        }
        ring[next] = signed;
        next = (next + 1) % KEPT;
    }

    How how(int stream) {
        int[] ring = ids;
        if (ring != null) {
            for (int each : ring) {
                if (each == stream) {
                    return How.ENDED;
                }
                if (each == -stream) {
                    return How.RESET_BY_US;
                }
            }
        }
        return How.UNKNOWN;
    }
}
