package io.sluice.relay;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chunked transfer coding (RFC 9112 §7.1) as it arrives, strictly: 1 to 15 hexadecimal digits, CR LF
 * only, extensions and trailers bounded and free of control characters, no unclosed quote.
 *
 * <p>It holds no bytes but those of a trailer section, only where in the coding it stands, so it can follow a body
 * that is passed on untouched and decode one that is framed anew.
 *
 * <p><b>Threading:</b> one thread at a time.
 *
 * <p><b>Buffers:</b> those passed in are lent for the call.
 */
public final class ChunkReader {
    /** What {@link #next} came upon. */
    public enum Step {
        /** The buffer is used up. */
        MORE,
        /** {@link #dataBytes} bytes of content stand at the buffer's position; tell {@link #took} before going on. */
        DATA,
        /** The body is complete; what follows in the buffer is not part of it. */
        END,
        /** Between two chunks, where it was to stop. */
        STOPPED,
        /** Not the chunked coding, or larger than allowed. */
        BROKEN
    }

    private enum At {
        SIZE,
        EXTENSION,
        QUOTED,
        QUOTED_PAIR,
        SIZE_LF,
        CONTENT,
        CONTENT_CR,
        CONTENT_LF,
        TRAILER_START(true),
        TRAILER(true),
        TRAILER_LF(true),
        LAST_LF(true),
        DONE;

        private final boolean inTrailers;

        At() {
            this(false);
        }

        At(boolean inTrailers) {
            this.inTrailers = inTrailers;
        }
    }

    private static final int MAX_DIGITS = 15;
    private static final int MAX_EXTENSION_BYTES = 256;
    private static final int MAX_EXTENSION_BYTES_OF_BODY = 16 * 1024;
    public static final int MAX_TRAILER_BYTES = 8 * 1024;

    private final boolean ofResponse;
    private @Nullable ByteArrayOutputStream trailerSection;
    private @Nullable Fields trailers;
    private At at = At.SIZE;
    private long size;
    private int digits;
    private int extensionBytes;
    private int bodyExtensionBytes;
    private int trailerBytes;
    private int dataBytes;
    private int chunks;
    private boolean stopping;

    private ChunkReader(boolean ofResponse) {
        this.ofResponse = ofResponse;
    }

    /** For the body of a response, which may go on for ever. */
    public static ChunkReader ofResponse() {
        return new ChunkReader(true);
    }

    /** For the body of a request, which is framed anew. */
    static ChunkReader ofRequest() {
        return new ChunkReader(false);
    }

    /** The trailer fields, once the body is complete; null when there are none. */
    public @Nullable Fields trailers() {
        return trailers;
    }

    /** Bytes of content at the buffer's position after {@link Step#DATA}. */
    public int dataBytes() {
        return dataBytes;
    }

    /** The caller has used {@code bytes} of the content and moved the position behind them. */
    public void took(int bytes) {
        size -= bytes;
        if (size == 0) {
            at = At.CONTENT_CR;
        }
    }

    /** Goes no further than the next place between two chunks; returns whether it stands at one now. */
    boolean stopAtBoundary() {
        stopping = true;
        return isStopped();
    }

    boolean isStopped() {
        return stopping && at == At.SIZE && digits == 0;
    }

    /** How many chunks with content there were. */
    int chunks() {
        return chunks;
    }

    boolean isDone() {
        return at == At.DONE;
    }

    /** Moves the position over framing until there is content, an end, or nothing left. */
    public Step next(ByteBuffer bytes) {
        while (at != At.DONE) {
            if (isStopped()) {
                return Step.STOPPED;
            }
            if (at == At.CONTENT) {
                dataBytes = (int) Math.min(size, bytes.remaining());
                return dataBytes == 0 ? Step.MORE : Step.DATA;
            }
            if (!bytes.hasRemaining()) {
                return Step.MORE;
            }
            byte b = bytes.get();
            if (at.inTrailers) {
                keepTrailer(b);
            }
            if (!accept(b)) {
                return Step.BROKEN;
            }
        }
        return Step.END;
    }

    private boolean accept(byte b) {
        return switch (at) {
            case SIZE -> sizeByte(b);
            case EXTENSION, QUOTED, QUOTED_PAIR -> extensionByte(b);
            case SIZE_LF -> b == '\n' && sizeEnded();
            case CONTENT_CR -> b == '\r' && go(At.CONTENT_LF);
            case CONTENT_LF -> b == '\n' && nextChunk();
            case TRAILER_START -> b == '\r' ? go(At.LAST_LF) : b != ' ' && b != '\t' && trailerByte(b);
            case TRAILER -> b == '\r' ? go(At.TRAILER_LF) : trailerByte(b);
            case TRAILER_LF -> b == '\n' && go(At.TRAILER_START);
            case LAST_LF -> b == '\n' && trailersEnded();
            case CONTENT, DONE -> false;
        };
    }

    private boolean go(At next) {
        at = next;
        return true;
    }

    private boolean sizeByte(byte b) {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            size = (size << 4) | digit;
            return ++digits <= MAX_DIGITS;
        }
        if (digits == 0) {
            return false;
        }
        return b == '\r' ? go(At.SIZE_LF) : b == ';' && go(At.EXTENSION);
    }

    private boolean extensionByte(byte b) {
        if (b == '\r') {
            return at == At.EXTENSION && go(At.SIZE_LF);
        }
        if (isControl(b) || ++extensionBytes > MAX_EXTENSION_BYTES) {
            return false;
        }
        // A response may go on for ever, and so may its extensions.
        if (!ofResponse && ++bodyExtensionBytes > MAX_EXTENSION_BYTES_OF_BODY) {
            return false;
        }
        if (at == At.QUOTED_PAIR) {
            at = At.QUOTED;
        } else if (b == '"') {
            at = at == At.QUOTED ? At.EXTENSION : At.QUOTED;
        } else if (b == '\\' && at == At.QUOTED) {
            at = At.QUOTED_PAIR;
        }
        return true;
    }

    private boolean trailerByte(byte b) {
        at = At.TRAILER;
        return !isControl(b) && ++trailerBytes <= MAX_TRAILER_BYTES;
    }

    /** Most bodies have no trailer section, and cost no memory for one. */
    private void keepTrailer(byte b) {
        if (trailerSection == null) {
            if (at != At.TRAILER_START || b == '\r') {
                return;
            }
            trailerSection = new ByteArrayOutputStream(128);
        }
        trailerSection.write(b);
    }

    /**
     * Fields like those of a head. A response whose trailers tell a framing is broken: it goes out as it came, and
     * who merges them into its head would read another message (RFC 9110 §6.5.1).
     */
    private boolean trailersEnded() {
        if (trailerSection != null) {
            Fields fields = new Fields(trailerSection.toByteArray());
            if (!fields.parse(0) || (ofResponse && fields.tellFraming())) {
                return false;
            }
            trailers = fields;
        }
        return go(At.DONE);
    }

    private boolean sizeEnded() {
        return go(size == 0 ? At.TRAILER_START : At.CONTENT);
    }

    private boolean nextChunk() {
        chunks++;
        digits = 0;
        extensionBytes = 0;
        return go(At.SIZE);
    }

    private static boolean isControl(byte b) {
        return (b >= 0 && b < ' ' && b != '\t') || b == 127;
    }
}
