package io.sluice.http2;

import io.sluice.account.Refusal;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a client may send when, and how much of it (RFC 9113 §4 to §6): each frame is checked here, then handed to its
 * stream, to the connection, or to whoever answers it. All of it within a turn of the output.
 *
 * <p><b>Threading:</b> the loop's thread.
 *
 * <p><b>Bounds:</b> a field block that comes in pieces is held up to {@link #blockLimit}, in at most {@value
 * #MAX_CONTINUATIONS} of them.
 */
final class FrameRules implements FrameReader.Receiver {
    /** CONTINUATION frames behind one HEADERS (VU#421644). */
    static final int MAX_CONTINUATIONS = 8;

    private static final int MAX_SETTINGS = 32;
    private static final int PING_BYTES = 8;
    private static final int PRIORITY_BYTES = 5;
    private static final int NUMBER_BYTES = 4;

    private static final int LARGEST_FRAME = (1 << 24) - 1;

    // What a frame costs of the allowance.
    private static final int COST_SETTINGS = 10;
    private static final int COST_PING = 4;
    private static final int COST_OTHER = 1;

    private final Http2Connection connection;
    private final Streams streams;
    private final Output output;
    private final Farewell farewell;
    private final HpackReader hpack = new HpackReader();
    private final Calm calm = new Calm(1000, 500);
    private final int maxFieldBytes;
    private boolean greeted;

    // The field block under way.
    private int blockStream;
    private int blockFlags;
    private boolean blockDependsOnItself;
    private int continuations;
    private final ByteQueue block = new ByteQueue();

    // The DATA frame under way.
    private @Nullable StreamWire dataStream;
    private int dataLength;
    private int dataSeen;

    /**
     * @param maxFieldBytes the most that the fields of one request may count for (RFC 9113 §10.5.1)
     */
    FrameRules(Http2Connection connection, Streams streams, Output output, Farewell farewell, int maxFieldBytes) {
        this.connection = connection;
        this.streams = streams;
        this.output = output;
        this.farewell = farewell;
        this.maxFieldBytes = maxFieldBytes;
    }

    /** Whether the client's first SETTINGS have come. */
    boolean isGreeted() {
        return greeted;
    }

    /** Whether a field block has begun and not ended. */
    boolean isInBlock() {
        return blockStream != 0;
    }

    /** Coded, a block that is too large must still be decoded for the sake of the next one; there is an end to that. */
    private int blockLimit() {
        return Math.max(2 * maxFieldBytes, Frame.MAX_PAYLOAD);
    }

    /** A DATA frame was sent, which a client may answer with window updates. */
    void dataSent() {
        calm.earn(4 * COST_OTHER);
    }

    @Override
    public boolean isOver() {
        return connection.isOver();
    }

    // ---------------------------------------------------------------- headers of frames

    @Override
    public boolean begins(int type, int flags, int stream, int length) {
        if (length > Frame.MAX_PAYLOAD) {
            return fail(ErrorCode.FRAME_SIZE_ERROR);
        }
        if (!greeted && (type != Frame.SETTINGS || (flags & Frame.ACK) != 0)) {
            connection.fail(ErrorCode.PROTOCOL_ERROR, Refusal.H2_PREFACE);
            return false;
        }
        if (blockStream != 0 && (type != Frame.CONTINUATION || stream != blockStream)) {
            return fail(ErrorCode.PROTOCOL_ERROR);
        }
        return switch (type) {
            case Frame.DATA -> dataBegins(stream, length);
            case Frame.HEADERS -> headersBegin(stream);
            case Frame.PRIORITY ->
                stream == 0
                        ? fail(ErrorCode.PROTOCOL_ERROR)
                        : length == PRIORITY_BYTES ? spend(COST_OTHER) : fail(ErrorCode.FRAME_SIZE_ERROR);
            case Frame.RST_STREAM -> ofStream(stream) && sized(length, NUMBER_BYTES);
            case Frame.SETTINGS -> settingsBegin(flags, stream, length);
            case Frame.PING -> ofConnection(stream) && sized(length, PING_BYTES) && spend(COST_PING);
            case Frame.GOAWAY ->
                ofConnection(stream)
                        && (length >= PING_BYTES || fail(ErrorCode.FRAME_SIZE_ERROR))
                        && spend(COST_SETTINGS);
            case Frame.WINDOW_UPDATE ->
                (stream == 0 || ofStream(stream)) && sized(length, NUMBER_BYTES) && spend(COST_OTHER);
            case Frame.CONTINUATION -> continuationBegins(length);
            case Frame.PUSH_PROMISE -> fail(ErrorCode.PROTOCOL_ERROR);
            default -> {
                spend(COST_OTHER);
                yield false;
            }
        };
    }

    private boolean fail(ErrorCode code) {
        connection.fail(code, Refusal.H2_FRAME);
        return false;
    }

    private boolean spend(int units) {
        if (calm.use(units)) {
            return true;
        }
        connection.fail(ErrorCode.ENHANCE_YOUR_CALM, Refusal.H2_FLOOD);
        return false;
    }

    private boolean sized(int length, int wanted) {
        return length == wanted || fail(ErrorCode.FRAME_SIZE_ERROR);
    }

    private boolean ofConnection(int stream) {
        return stream == 0 || fail(ErrorCode.PROTOCOL_ERROR);
    }

    /** A stream that is or was open; an idle one may only be opened or given a priority (RFC 9113 §5.1). */
    private boolean ofStream(int stream) {
        return (stream != 0 && stream <= streams.last()) || fail(ErrorCode.PROTOCOL_ERROR);
    }

    private boolean headersBegin(int stream) {
        // Even numbers are the server's (RFC 9113 §5.1.1).
        return (stream & 1) == 1 || fail(ErrorCode.PROTOCOL_ERROR);
    }

    private boolean settingsBegin(int flags, int stream, int length) {
        boolean ack = (flags & Frame.ACK) != 0;
        if (!ofConnection(stream)) {
            return false;
        }
        if (length % Setting.BYTES != 0 || (ack && length > 0)) {
            return fail(ErrorCode.FRAME_SIZE_ERROR);
        }
        return spend(length > MAX_SETTINGS * Setting.BYTES ? Integer.MAX_VALUE : COST_SETTINGS);
    }

    private boolean continuationBegins(int length) {
        if (blockStream == 0) {
            return fail(ErrorCode.PROTOCOL_ERROR);
        }
        if (++continuations > MAX_CONTINUATIONS || block.size() + length > blockLimit()) {
            connection.fail(ErrorCode.ENHANCE_YOUR_CALM, Refusal.H2_FIELD_BLOCK);
            return false;
        }
        return true;
    }

    // ---------------------------------------------------------------- DATA

    private boolean dataBegins(int stream, int length) {
        dataStream = null;
        if (!ofStream(stream)) {
            return false;
        }
        if (!connection.allows(length)) {
            return fail(ErrorCode.FLOW_CONTROL_ERROR);
        }
        StreamWire to = streams.open(stream);
        if (to == null) {
            if (streams.departed().how(stream) == Departed.How.RESET_BY_US) {
                spend(COST_OTHER);
                return false;
            }
            return fail(ErrorCode.STREAM_CLOSED);
        }
        if (to.isRequestEnded()) {
            connection.streamError(stream, ErrorCode.STREAM_CLOSED, Refusal.H2_FRAME);
            return false;
        }
        if (!to.allows(length)) {
            connection.streamError(stream, ErrorCode.FLOW_CONTROL_ERROR, Refusal.H2_FRAME);
            return false;
        }
        dataStream = to;
        dataLength = length;
        dataSeen = 0;
        return true;
    }

    @Override
    public void data(int stream, ByteBuffer part) {
        StreamWire to = dataStream;
        if (to == null) {
            return;
        }
        dataSeen += part.remaining();
        if (!to.data(part)) {
            dataStream = null;
            connection.streamError(stream, ErrorCode.PROTOCOL_ERROR, Refusal.H2_MESSAGE);
        }
    }

    @Override
    public void dataEnds(int flags, int stream) {
        StreamWire to = dataStream;
        dataStream = null;
        if (to == null) {
            return;
        }
        boolean ends = (flags & Frame.END_STREAM) != 0;
        if (dataSeen == 0 && !ends && !spend(COST_OTHER)) {
            return;
        }
        if (dataLength > dataSeen) {
            to.padding(dataLength - dataSeen);
        }
        if (ends) {
            requestEnds(to, stream, new byte[0]);
        }
    }

    private void requestEnds(StreamWire to, int stream, byte[] trailers) {
        if (!to.requestEnds(trailers)) {
            connection.streamError(stream, ErrorCode.PROTOCOL_ERROR, Refusal.H2_MESSAGE);
        }
    }

    @Override
    public void badPadding() {
        fail(ErrorCode.PROTOCOL_ERROR);
    }

    // ---------------------------------------------------------------- other frames

    @Override
    public void frame(int type, int flags, int stream, ByteBuffer payload) {
        switch (type) {
            case Frame.HEADERS -> headers(flags, stream, payload);
            case Frame.CONTINUATION -> continuation(flags, payload);
            case Frame.PRIORITY -> priority(stream, payload);
            case Frame.RST_STREAM -> connection.resetByClient(stream, payload.getInt());
            case Frame.SETTINGS -> settings(flags, payload);
            case Frame.PING -> {
                if ((flags & Frame.ACK) == 0) {
                    output.putPingAck(payload);
                } else {
                    farewell.answered(payload);
                }
            }
            case Frame.WINDOW_UPDATE -> windowUpdate(stream, Frame.number(payload));
            default -> {} // GOAWAY: its streams go on, and it will open no more
        }
    }

    private void priority(int stream, ByteBuffer payload) {
        // Deprecated (RFC 9113 §5.3.2), and wrong when a stream depends on itself (RFC 7540 §5.3.1).
        if (Frame.number(payload) == stream) {
            fail(ErrorCode.PROTOCOL_ERROR);
        }
    }

    private void settings(int flags, ByteBuffer payload) {
        greeted = true;
        if ((flags & Frame.ACK) != 0) {
            return;
        }
        while (payload.hasRemaining()) {
            int key = payload.getShort() & 0xffff;
            long value = payload.getInt() & 0xffff_ffffL;
            ErrorCode wrong = setting(key, value);
            if (wrong != null) {
                fail(wrong);
                return;
            }
        }
        output.putSettingsAck();
    }

    /** RFC 9113 §6.5.2; we never send more than the least that any client must take. */
    private @Nullable ErrorCode setting(int key, long value) {
        return switch (key) {
            case Setting.ENABLE_PUSH, Setting.ENABLE_CONNECT_PROTOCOL -> value > 1 ? ErrorCode.PROTOCOL_ERROR : null;
            case Setting.INITIAL_WINDOW_SIZE ->
                value > Integer.MAX_VALUE || !streams.firstWindow((int) value) ? ErrorCode.FLOW_CONTROL_ERROR : null;
            case Setting.MAX_FRAME_SIZE ->
                value < Frame.MAX_PAYLOAD || value > LARGEST_FRAME ? ErrorCode.PROTOCOL_ERROR : null;
            default -> null;
        };
    }

    private void windowUpdate(int stream, int bytes) {
        if (stream == 0) {
            if (bytes == 0) {
                fail(ErrorCode.PROTOCOL_ERROR);
            } else if (!output.windowGrown(bytes)) {
                fail(ErrorCode.FLOW_CONTROL_ERROR);
            }
            return;
        }
        StreamWire to = streams.open(stream);
        if (to == null) {
            return;
        }
        if (bytes == 0) {
            connection.streamError(stream, ErrorCode.PROTOCOL_ERROR, Refusal.H2_FRAME);
        } else if (!to.windowGrown(bytes)) {
            connection.streamError(stream, ErrorCode.FLOW_CONTROL_ERROR, Refusal.H2_FRAME);
        } else {
            to.moveWaiting();
        }
    }

    // ---------------------------------------------------------------- field blocks

    private void headers(int flags, int stream, ByteBuffer payload) {
        int fixed = ((flags & Frame.PADDED) != 0 ? 1 : 0) + ((flags & Frame.PRIORITIZED) != 0 ? PRIORITY_BYTES : 0);
        if (payload.remaining() < fixed) {
            fail(ErrorCode.FRAME_SIZE_ERROR);
            return;
        }
        int padding = (flags & Frame.PADDED) != 0 ? payload.get() & 0xff : 0;
        blockDependsOnItself = false;
        if ((flags & Frame.PRIORITIZED) != 0) {
            blockDependsOnItself = Frame.number(payload) == stream;
            payload.get();
        }
        if (padding > payload.remaining()) {
            fail(ErrorCode.PROTOCOL_ERROR);
            return;
        }
        payload.limit(payload.limit() - padding);
        blockFlags = flags;
        continuations = 0;
        if ((flags & Frame.END_HEADERS) != 0) {
            blockEnds(stream, payload);
        } else {
            blockStream = stream;
            block.append(payload);
        }
    }

    private void continuation(int flags, ByteBuffer payload) {
        block.append(payload);
        if ((flags & Frame.END_HEADERS) != 0) {
            int stream = blockStream;
            blockStream = 0;
            ByteBuffer whole = block.view();
            block.clear();
            blockEnds(stream, whole);
        }
    }

    private void blockEnds(int stream, ByteBuffer coded) {
        RequestFields fields = new RequestFields(maxFieldBytes);
        if (!hpack.read(coded, fields)) {
            connection.fail(ErrorCode.COMPRESSION_ERROR, Refusal.H2_FIELD_BLOCK);
            return;
        }
        boolean ends = (blockFlags & Frame.END_STREAM) != 0;
        StreamWire open = streams.open(stream);
        if (open != null) {
            trailers(open, stream, fields, ends);
        } else if (stream > streams.last()) {
            Refusal wrong = blockDependsOnItself ? Refusal.H2_FRAME : fields.isTooLarge() ? null : fields.check(ends);
            connection.streamBegins(stream, fields, ends, wrong);
        } else {
            onClosedStream(stream);
        }
    }

    private void trailers(StreamWire open, int stream, RequestFields fields, boolean ends) {
        if (open.isRequestEnded()) {
            connection.streamError(stream, ErrorCode.STREAM_CLOSED, Refusal.H2_FRAME);
            return;
        }
        byte[] trailers = ends ? fields.trailers() : null;
        if (trailers == null) {
            connection.streamError(stream, ErrorCode.PROTOCOL_ERROR, Refusal.H2_MESSAGE);
        } else {
            requestEnds(open, stream, trailers);
        }
    }

    private void onClosedStream(int stream) {
        switch (streams.departed().how(stream)) {
            case RESET_BY_US -> spend(COST_OTHER);
            case ENDED -> fail(ErrorCode.STREAM_CLOSED);
            case UNKNOWN -> fail(ErrorCode.PROTOCOL_ERROR);
        }
    }
}
