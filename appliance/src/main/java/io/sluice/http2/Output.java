package io.sluice.http2;

import io.sluice.loop.EdgeLoop;
import io.sluice.loop.Sent;
import io.sluice.loop.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;

/**
 * The frames on their way to a client: put together in the loop's buffer during a turn, sent in one write at its end.
 *
 * <p><b>Back-pressure:</b> while the client's socket has not taken what was sent before, no stream may add to it
 * ({@link #isBehind}); streams that wait get their turn in order. What must be answered to the client's own frames is
 * added all the same, so whoever reads them stops while {@link #isFull}.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
final class Output {
    /** How much may wait for the socket before the client is no longer read: one turn's frames, and as much again. */
    private static final int FULL_BYTES = 2 * EdgeLoop.BUFFER_BYTES;

    private final Wire wire;
    private final ArrayDeque<StreamWire> waiting = new ArrayDeque<>();
    private ByteBuffer frames = ByteBuffer.allocate(0);
    private int turns;
    private long window = Frame.FIRST_WINDOW;
    private boolean lost;
    private boolean tableRenounced;

    Output(Wire wire) {
        this.wire = wire;
    }

    /** A turn begins; it may begin within another. {@link #end} must follow. */
    void begin() {
        if (turns++ == 0) {
            frames = wire.loop().frameBuffer();
        }
    }

    /** The turn ends, and the outermost one sends; tells whether this was it. */
    boolean end() {
        if (--turns > 0) {
            return false;
        }
        flush();
        return true;
    }

    private void flush() {
        if (frames.position() > 0 && !lost) {
            lost = wire.send(frames.flip()) == Sent.LOST;
        }
        frames.clear();
    }

    /** The buffer to put frames into, with room for {@code bytes}; within a turn only. */
    ByteBuffer room(int bytes) {
        if (frames.remaining() < bytes) {
            flush();
        }
        return frames;
    }

    /** Whether the client's connection is gone. */
    boolean isLost() {
        return lost;
    }

    /** Whether the client has not taken what was sent before. */
    boolean isBehind() {
        return lost || wire.pendingBytes() > 0;
    }

    /** Whether so much waits that the client's own frames must wait too. */
    boolean isFull() {
        return wire.pendingBytes() > FULL_BYTES;
    }

    /** How many bytes of DATA the client allows on the connection. */
    long window() {
        return window;
    }

    void windowUsed(int bytes) {
        window -= bytes;
    }

    /** The client allows more; false when that is more than there can be (RFC 9113 §6.9.1). */
    boolean windowGrown(int bytes) {
        window += bytes;
        return window <= Integer.MAX_VALUE;
    }

    /** {@code stream} has bytes that must wait. */
    void await(StreamWire stream) {
        waiting.add(stream);
    }

    void forget(StreamWire stream) {
        waiting.remove(stream);
    }

    /** Gives each stream that waits its turn, as long as the socket takes it; within a turn only. */
    void moveWaiting() {
        for (int left = waiting.size(); left > 0 && !isBehind(); left--) {
            Objects.requireNonNull(waiting.poll()).moveWaiting();
        }
    }

    // ---------------------------------------------------------------- frames, within a turn only

    /** Our first SETTINGS. */
    void putSettings(int maxStreams, int maxFieldBytes) {
        int length = 3 * Setting.BYTES;
        ByteBuffer out = room(Frame.HEADER_BYTES + length);
        Frame.putHeader(out, length, Frame.SETTINGS, 0, 0);
        putSetting(Setting.MAX_CONCURRENT_STREAMS, maxStreams, out);
        putSetting(Setting.MAX_HEADER_LIST_SIZE, maxFieldBytes, out);
        putSetting(Setting.ENABLE_CONNECT_PROTOCOL, 1, out);
    }

    private static void putSetting(int identifier, int value, ByteBuffer out) {
        out.putShort((short) identifier).putInt(value);
    }

    void putSettingsAck() {
        Frame.putHeader(room(Frame.HEADER_BYTES), 0, Frame.SETTINGS, Frame.ACK, 0);
    }

    void putPing(long payload) {
        ByteBuffer out = room(Frame.HEADER_BYTES + Long.BYTES);
        Frame.putHeader(out, Long.BYTES, Frame.PING, 0, 0);
        out.putLong(payload);
    }

    void putPingAck(ByteBuffer payload) {
        ByteBuffer out = room(Frame.HEADER_BYTES + payload.remaining());
        Frame.putHeader(out, payload.remaining(), Frame.PING, Frame.ACK, 0);
        out.put(payload);
    }

    /**
     * @param stream 0 for the connection
     */
    void putWindowUpdate(int stream, int bytes) {
        putNumber(Frame.WINDOW_UPDATE, stream, bytes);
    }

    void putReset(int stream, ErrorCode code) {
        putNumber(Frame.RST_STREAM, stream, code.code());
    }

    private void putNumber(int type, int stream, int number) {
        ByteBuffer out = room(Frame.HEADER_BYTES + 4);
        Frame.putHeader(out, 4, type, 0, stream);
        out.putInt(number);
    }

    void putGoAway(int lastStream, ErrorCode code) {
        ByteBuffer out = room(Frame.HEADER_BYTES + 8);
        Frame.putHeader(out, 8, Frame.GOAWAY, 0, 0);
        out.putInt(lastStream).putInt(code.code());
    }

    /** A buffer for a field block of up to {@code bytes}, started as the connection's first one must be. */
    ByteBuffer newBlock(int bytes) {
        ByteBuffer block = ByteBuffer.allocate(bytes);
        if (!tableRenounced) {
            tableRenounced = true;
            HpackWriter.noTable(block);
        }
        return block;
    }

    /** Sends a field block in as many frames as it needs. */
    void putHeaders(int stream, ByteBuffer block, boolean ends) {
        int type = Frame.HEADERS;
        int flags = ends ? Frame.END_STREAM : 0;
        do {
            int length = Math.min(block.remaining(), Frame.MAX_PAYLOAD);
            int last = length == block.remaining() ? Frame.END_HEADERS : 0;
            ByteBuffer out = room(Frame.HEADER_BYTES + length);
            Frame.putHeader(out, length, type, flags | last, stream);
            out.put(block.slice().limit(length));
            block.position(block.position() + length);
            type = Frame.CONTINUATION;
            flags = 0;
        } while (block.hasRemaining());
    }
}
