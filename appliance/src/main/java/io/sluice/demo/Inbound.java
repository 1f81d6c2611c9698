package io.sluice.demo;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a client sends, kept until they are a whole line or frame. Waiting for the next tick of a stream
 * <em>is</em> reading from its client ({@link #fill}), so one thread is enough for both directions and a client that
 * leaves a quiet stream is noticed at once.
 *
 * <p><b>Threading:</b> the thread of the connection.
 */
final class Inbound {
    enum Fill {
        BYTES,
        QUIET,
        END
    }

    private static final int CAPACITY = 32 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final byte[] bytes = new byte[CAPACITY];
    private int start;
    private int end;

    Inbound(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** Reads once, waiting at most {@code waitMillis} (at least 1). What is already here stays. */
    Fill fill(int waitMillis) throws IOException {
        if (start == end) {
            start = 0;
            end = 0;
        } else if (start > 0) {
            System.arraycopy(bytes, start, bytes, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == bytes.length) {
            throw new BadRequest(413, "more than " + CAPACITY + " bytes in one piece");
        }
        socket.setSoTimeout(Math.max(1, waitMillis));
        try {
            int read = in.read(bytes, end, bytes.length - end);
            if (read < 0) {
                return Fill.END;
            }
            end += read;
            return Fill.BYTES;
        } catch (SocketTimeoutException e) {
            return Fill.QUIET;
        }
    }

    int available() {
        return end - start;
    }

    /** The byte at {@code offset} of those that are here, unsigned; it stays. */
    int peek(int offset) {
        return bytes[start + offset] & 0xff;
    }

    byte[] take(int length) {
        byte[] taken = new byte[length];
        System.arraycopy(bytes, start, taken, 0, length);
        start += length;
        return taken;
    }

    void discard() {
        start = end;
    }

    /** A line without its LF and without a CR before it; null if no whole line is here. */
    @Nullable
    String takeLine(int mostBytes) throws BadRequest {
        int length = 0;
        while (length < available() && peek(length) != '\n') {
            length++;
        }
        if (length > mostBytes) {
            throw new BadRequest(431, "a line is longer than " + mostBytes + " bytes");
        }
        if (length == available()) {
            return null;
        }
        byte[] line = take(length + 1);
        boolean endsWithCr = length > 0 && line[length - 1] == '\r';
        return new String(line, 0, endsWithCr ? length - 1 : length, StandardCharsets.ISO_8859_1);
    }

    /** Waits for a whole line; null if the client left or fell silent before the first byte of it. */
    @Nullable
    String readLine(int mostBytes, int waitMillis) throws IOException {
        while (true) {
            String line = takeLine(mostBytes);
            if (line != null) {
                return line;
            }
            Fill fill = fill(waitMillis);
            if (fill != Fill.BYTES) {
                if (available() == 0) {
                    return null;
                }
                throw fill == Fill.END ? new EOFException("left within a line") : new BadRequest(408, "too slow");
            }
        }
    }

    byte[] readExactly(int length, int waitMillis) throws IOException {
        byte[] read = new byte[length];
        int have = 0;
        while (have < length) {
            if (available() == 0) {
                Fill fill = fill(waitMillis);
                if (fill != Fill.BYTES) {
                    throw fill == Fill.END ? new EOFException("left within a body") : new BadRequest(408, "too slow");
                }
            }
            int part = Math.min(available(), length - have);
            System.arraycopy(bytes, start, read, have, part);
            start += part;
            have += part;
        }
        return read;
    }
}
