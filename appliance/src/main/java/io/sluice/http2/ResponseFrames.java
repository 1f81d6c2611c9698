package io.sluice.http2;

import io.sluice.relay.ChunkReader;
import io.sluice.relay.Fields;
import io.sluice.relay.Framing;
import io.sluice.relay.HeadEnd;
import io.sluice.relay.ResponseHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The responses to one request on their way out: what a pair writes as HTTP/1.1 becomes HEADERS and DATA. Chunks that
 * come together leave as one DATA frame.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
final class ResponseFrames {
    /** What is due next. */
    private enum Due {
        HEAD,
        BODY,
        TUNNEL,
        NOTHING
    }

    private final int stream;
    private final boolean toHead;
    private final Output output;
    private final Http2Connection connection;
    private long window;
    private Due due = Due.HEAD;
    private Framing framing = Framing.NONE;
    private long left;
    private @Nullable ChunkReader chunks;

    /**
     * @param toHead whether they answer a HEAD request
     * @param window how many bytes of DATA the client allows on the stream
     */
    ResponseFrames(int stream, boolean toHead, int window, Output output, Http2Connection connection) {
        this.stream = stream;
        this.toHead = toHead;
        this.window = window;
        this.output = output;
        this.connection = connection;
    }

    /** Whether END_STREAM was sent. */
    boolean isComplete() {
        return due == Due.NOTHING;
    }

    /** Whether a WebSocket was accepted, so that what follows is bytes. */
    boolean isTunnel() {
        return due == Due.TUNNEL;
    }

    /** Whether the end of the pair's output is the proper end of what was sent. */
    boolean endsWithOutput() {
        return due == Due.TUNNEL || (due == Due.BODY && framing.mode() == Framing.Mode.UNTIL_CLOSE);
    }

    /** The client allows {@code bytes} more, or less; false when that is more than there can be (RFC 9113 §6.9.1). */
    boolean windowGrown(long bytes) {
        window += bytes;
        return window <= Integer.MAX_VALUE;
    }

    /**
     * Turns as much of {@code text} into frames as the windows and the socket allow; within a turn of the output only.
     */
    void move(ByteBuffer text) {
        boolean moved = true;
        while (moved && text.hasRemaining() && !output.isBehind()) {
            moved = switch (due) {
                case HEAD -> moveHead(text);
                case BODY, TUNNEL -> moveContent(text);
                case NOTHING -> false;
            };
        }
    }

    /** Ends the stream in an orderly way, where {@link #endsWithOutput}; within a turn of the output only. */
    void end() {
        due = Due.NOTHING;
        Frame.putHeader(output.room(Frame.HEADER_BYTES), 0, Frame.DATA, Frame.END_STREAM, stream);
    }

    private boolean moveHead(ByteBuffer text) {
        int end = HeadEnd.find(text);
        byte[] bytes = new byte[Math.max(0, end - text.position())];
        text.get(bytes);
        ResponseHead head = end < 0 ? null : ResponseHead.read(bytes, toHead);
        if (head == null) {
            throw new IllegalStateException("a response head that is none");
        }
        boolean tunnel = head.status() == ResponseHead.SWITCHING_PROTOCOLS;
        if (tunnel) {
            due = Due.TUNNEL;
        } else if (!head.isInterim()) {
            startBody(head.framing());
        }
        int most = HpackWriter.MAX_START_BYTES + bytes.length + head.fields().count() * HpackWriter.MAX_FIELD_OVERHEAD;
        ByteBuffer block = output.newBlock(most);
        HpackWriter.status(tunnel ? 200 : head.status(), block);
        HpackWriter.fields(head.fields(), tunnel, block);
        output.putHeaders(stream, block.flip(), due == Due.NOTHING);
        return true;
    }

    private void startBody(Framing told) {
        framing = told;
        left = told.length();
        due = told.mode() == Framing.Mode.NONE ? Due.NOTHING : Due.BODY;
        chunks = told.mode() == Framing.Mode.CHUNKED ? ChunkReader.ofResponse() : null;
    }

    /** Puts one DATA frame together; false when nothing can be moved now. */
    private boolean moveContent(ByteBuffer text) {
        int allowed = (int) Math.max(0, Math.min(Math.min(window, output.window()), Frame.MAX_PAYLOAD));
        int most = Math.min(allowed, text.remaining());
        ByteBuffer frames = output.room(Frame.HEADER_BYTES + most);
        int start = frames.position();
        int before = text.position();
        frames.position(start + Frame.HEADER_BYTES);
        Fields trailers = chunks == null ? movePlain(text, frames, most) : moveChunks(chunks, text, frames, most);
        int moved = frames.position() - start - Frame.HEADER_BYTES;
        boolean ends = due == Due.NOTHING;
        if (moved > 0 || (ends && trailers == null)) {
            Frame.patchHeader(frames, start, Frame.DATA, ends && trailers == null ? Frame.END_STREAM : 0, stream);
            window -= moved;
            output.windowUsed(moved);
            connection.dataSent();
        } else {
            frames.position(start);
        }
        if (trailers != null) {
            putTrailers(trailers);
        }
        return text.position() > before;
    }

    private @Nullable Fields movePlain(ByteBuffer text, ByteBuffer frames, int most) {
        boolean byLength = framing.mode() == Framing.Mode.LENGTH && due == Due.BODY;
        int part = byLength ? (int) Math.min(left, most) : most;
        copy(text, frames, part);
        if (byLength) {
            left -= part;
            due = left == 0 ? Due.NOTHING : due;
        }
        return null;
    }

    /** Moves the content of chunks; returns their trailer fields at the end if there are any. */
    private @Nullable Fields moveChunks(ChunkReader reader, ByteBuffer text, ByteBuffer frames, int most) {
        int room = most;
        while (true) {
            switch (reader.next(text)) {
                case DATA -> {
                    int part = Math.min(room, reader.dataBytes());
                    if (part == 0) {
                        return null;
                    }
                    copy(text, frames, part);
                    reader.took(part);
                    room -= part;
                }
                case MORE -> {
                    return null;
                }
                case END -> {
                    due = Due.NOTHING;
                    return reader.trailers();
                }
                case BROKEN, STOPPED -> throw new IllegalStateException("a chunk that is none");
            }
        }
    }

    private void putTrailers(Fields trailers) {
        ByteBuffer block = output.newBlock(ChunkReader.MAX_TRAILER_BYTES
                + HpackWriter.MAX_START_BYTES
                + trailers.count() * HpackWriter.MAX_FIELD_OVERHEAD);
        HpackWriter.trailers(trailers, block);
        if (block.position() > 0) {
            output.putHeaders(stream, block.flip(), true);
        } else {
            end();
        }
    }

    private static void copy(ByteBuffer from, ByteBuffer to, int bytes) {
        int limit = from.limit();
        to.put(from.limit(from.position() + bytes));
        from.limit(limit);
    }
}
