package io.sluice.http2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One request on its way in: its head and DATA as the HTTP/1.1 text that a pair reads.
 *
 * <p>A body of a declared length passes as it is, and must have that length (RFC 9113 §8.1.1); any other is chunked, a
 * chunk for each read. Behind an extended CONNECT bytes are bytes, and nobody is shown one before the tunnel is
 * accepted: to who reads HTTP/1.1, what follows a request without a body is the next request.
 *
 * <p><b>Bounds:</b> it holds the head and what the stream's window lets in.
 */
final class RequestText {
    private enum Body {
        LENGTH,
        CHUNKED,
        TUNNEL
    }

    /** Size line, CR LF behind the content. */
    private static final int CHUNK_FRAME_BYTES = 8 + 2 + 2;

    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = "0\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final ByteQueue head = new ByteQueue();
    private final ByteQueue content = new ByteQueue();
    private final ByteQueue tail = new ByteQueue();
    private final Body body;
    private long lengthLeft;
    private boolean ended;
    private boolean endTold;
    private boolean accepted;

    private RequestText(Body body, long length) {
        this.body = body;
        this.lengthLeft = length;
    }

    /**
     * A request.
     *
     * @param ended whether no DATA follows
     */
    static RequestText of(RequestFields fields, boolean ended) {
        long declared = fields.declaredLength();
        Body body = fields.isWebSocket() ? Body.TUNNEL : declared >= 0 || ended ? Body.LENGTH : Body.CHUNKED;
        RequestText text = new RequestText(body, Math.max(0, declared));
        text.head.append(fields.head(ended));
        text.ended = ended;
        text.endTold = ended && body == Body.LENGTH;
        return text;
    }

    /** DATA has come; false when it is more than was declared. */
    boolean data(ByteBuffer part) {
        if (body == Body.LENGTH) {
            lengthLeft -= part.remaining();
            if (lengthLeft < 0) {
                return false;
            }
        }
        content.append(part);
        return true;
    }

    /**
     * The client has sent all.
     *
     * @param trailers the trailer fields as lines; empty for none
     * @return false when it is less than was declared
     */
    boolean end(byte[] trailers) {
        ended = true;
        if (body == Body.LENGTH) {
            endTold = true;
            return lengthLeft == 0;
        }
        if (body == Body.CHUNKED) {
            tail.append(ByteBuffer.wrap(LAST_CHUNK));
            tail.append(ByteBuffer.wrap(trailers));
            tail.append(ByteBuffer.wrap(LINE_END));
        }
        return true;
    }

    /** Whether a tunnel was asked for, so that its end is an end of bytes. */
    boolean isTunnel() {
        return body == Body.TUNNEL;
    }

    /** The tunnel that was asked for is there. */
    void accept() {
        accepted = true;
    }

    /** Whether a tunnel was asked for that is not there. */
    boolean isWithheld() {
        return body == Body.TUNNEL && !accepted;
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether {@link #read} has something to give. */
    boolean isReadable() {
        return !head.isEmpty() || (!isWithheld() && (!content.isEmpty() || !tail.isEmpty() || isAtEnd()));
    }

    /** Whether the client's end of a tunnel is next. */
    boolean isAtEnd() {
        return body == Body.TUNNEL && accepted && ended && !endTold && head.isEmpty() && content.isEmpty();
    }

    /** The end of the tunnel has been told. */
    void endTold() {
        endTold = true;
    }

    /**
     * Moves what it can to {@code into}.
     *
     * @return bytes of DATA among it, which the client may be allowed to send anew
     */
    int read(ByteBuffer into) {
        head.moveTo(into, into.remaining());
        int most = Math.min(content.size(), into.remaining() - CHUNK_FRAME_BYTES);
        int moved = 0;
        if (head.isEmpty() && most > 0 && !isWithheld()) {
            if (body == Body.CHUNKED) {
                into.put(Integer.toHexString(most).getBytes(StandardCharsets.ISO_8859_1))
                        .put(LINE_END);
                moved = content.moveTo(into, most);
                into.put(LINE_END);
            } else {
                moved = content.moveTo(into, most);
            }
        }
        if (head.isEmpty() && content.isEmpty()) {
            tail.moveTo(into, into.remaining());
        }
        return moved;
    }
}
