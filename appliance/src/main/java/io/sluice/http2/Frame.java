package io.sluice.http2;

import java.nio.ByteBuffer;

/** The frames of HTTP/2 as bytes (RFC 9113 §4, §6). */
final class Frame {
    static final int HEADER_BYTES = 9;

    /** The most that a frame's payload may hold, in both directions: the least that every peer must take (§6.5.2). */
    static final int MAX_PAYLOAD = 16_384;

    /** The window with which every connection and every stream begins, in both directions (§6.9.2). */
    static final int FIRST_WINDOW = 65_535;

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int PRIORITIZED = 0x20;

    private static final int ID_BITS = 0x7fff_ffff;

    private Frame() {}

    static void putHeader(ByteBuffer out, int length, int type, int flags, int stream) {
        out.put((byte) (length >> 16)).put((byte) (length >> 8)).put((byte) length);
        out.put((byte) type).put((byte) flags).putInt(stream);
    }

    /** Completes the header at {@code start} of a frame of which everything up to the position is the payload. */
    static void patchHeader(ByteBuffer out, int start, int type, int flags, int stream) {
        int end = out.position();
        out.position(start);
        putHeader(out, end - start - HEADER_BYTES, type, flags, stream);
        out.position(end);
    }

    static int length(ByteBuffer header, int at) {
        return (header.get(at) & 0xff) << 16 | (header.get(at + 1) & 0xff) << 8 | (header.get(at + 2) & 0xff);
    }

    static int type(ByteBuffer header, int at) {
        return header.get(at + 3) & 0xff;
    }

    static int flags(ByteBuffer header, int at) {
        return header.get(at + 4) & 0xff;
    }

    static int stream(ByteBuffer header, int at) {
        return header.getInt(at + 5) & ID_BITS;
    }

    /** A 31-bit number at the buffer's position; its reserved bit is ignored (§4.1, §6.9). */
    static int number(ByteBuffer payload) {
        return payload.getInt() & ID_BITS;
    }
}
