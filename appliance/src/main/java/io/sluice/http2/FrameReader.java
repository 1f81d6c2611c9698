package io.sluice.http2;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a client's bytes into frames (RFC 9113 §4.1). DATA, and frames that are not wanted, pass in pieces as they come;
 * any other frame is collected whole, after its header was found acceptable.
 *
 * <p><b>Threading:</b> the loop's thread.
 *
 * <p><b>Buffer:</b> between events a part of one frame that is not DATA, at most.
 */
final class FrameReader {
    /** Who is given the frames. */
    interface Receiver {
        /** Whether nothing more is wanted, now and for ever. */
        boolean isOver();

        /**
         * A frame begins.
         *
         * @return false to skip its payload, of which nothing is told then
         */
        boolean begins(int type, int flags, int stream, int length);

        /** A whole frame other than DATA; the payload is lent. */
        void frame(int type, int flags, int stream, ByteBuffer payload);

        /** Content of a DATA frame, without padding; lent. */
        void data(int stream, ByteBuffer part);

        /** A DATA frame is complete. */
        void dataEnds(int flags, int stream);

        /** The padding of a DATA frame is longer than the frame. */
        void badPadding();
    }

    private enum At {
        HEADER,
        PAYLOAD,
        PAD_LENGTH,
        DATA,
        SKIPPED
    }

    private final Receiver receiver;
    private final ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
    private At at = At.HEADER;
    private long frames;
    private @Nullable ByteBuffer payload;
    private int type;
    private int flags;
    private int stream;
    private int left;
    private int padding;

    FrameReader(Receiver receiver) {
        this.receiver = receiver;
    }

    /** Whether a frame other than DATA has begun to come and not ended. */
    boolean isInFrame() {
        return header.position() > 0 || at == At.PAYLOAD;
    }

    /** How many frames have begun; tells one that {@link #isInFrame} from the next. */
    long frames() {
        return frames;
    }

    /** Reads all of {@code in}, unless the receiver is over before. */
    void read(ByteBuffer in) {
        boolean moved = true;
        while (moved && !receiver.isOver()) {
            moved = switch (at) {
                case HEADER -> readHeader(in);
                case PAYLOAD -> readPayload(in);
                case PAD_LENGTH -> readPadLength(in);
                case DATA -> readData(in);
                case SKIPPED -> skip(in);
            };
        }
    }

    private boolean readHeader(ByteBuffer in) {
        move(in, header);
        if (header.hasRemaining()) {
            return false;
        }
        frames++;
        left = Frame.length(header, 0);
        type = Frame.type(header, 0);
        flags = Frame.flags(header, 0);
        stream = Frame.stream(header, 0);
        header.clear();
        padding = 0;
        if (!receiver.begins(type, flags, stream, left)) {
            at = At.SKIPPED;
        } else if (type != Frame.DATA) {
            at = At.PAYLOAD;
        } else {
            at = (flags & Frame.PADDED) == 0 ? At.DATA : At.PAD_LENGTH;
        }
        return true;
    }

    private boolean readPayload(ByteBuffer in) {
        ByteBuffer collected = payload;
        if (collected == null && in.remaining() >= left) {
            int limit = in.limit();
            int end = in.position() + left;
            at = At.HEADER;
            receiver.frame(type, flags, stream, in.limit(end));
            in.limit(limit).position(end);
            return true;
        }
        if (collected == null) {
            collected = ByteBuffer.allocate(left);
            payload = collected;
        }
        move(in, collected);
        if (collected.hasRemaining()) {
            return false;
        }
        payload = null;
        at = At.HEADER;
        receiver.frame(type, flags, stream, collected.flip());
        return true;
    }

    private boolean readPadLength(ByteBuffer in) {
        if (left == 0) {
            receiver.badPadding();
            return false;
        }
        if (!in.hasRemaining()) {
            return false;
        }
        padding = in.get() & 0xff;
        left--;
        if (padding > left) {
            receiver.badPadding();
            return false;
        }
        left -= padding;
        at = At.DATA;
        return true;
    }

    private boolean readData(ByteBuffer in) {
        int part = Math.min(left, in.remaining());
        if (part > 0) {
            int limit = in.limit();
            int end = in.position() + part;
            receiver.data(stream, in.limit(end));
            in.limit(limit).position(end);
            left -= part;
        }
        if (left > 0) {
            return false;
        }
        int skipped = Math.min(padding, in.remaining());
        in.position(in.position() + skipped);
        padding -= skipped;
        if (padding > 0) {
            return false;
        }
        at = At.HEADER;
        receiver.dataEnds(flags, stream);
        return true;
    }

    private boolean skip(ByteBuffer in) {
        int part = Math.min(left, in.remaining());
        in.position(in.position() + part);
        left -= part;
        if (left > 0) {
            return false;
        }
        at = At.HEADER;
        return true;
    }

    private static void move(ByteBuffer in, ByteBuffer out) {
        int limit = in.limit();
        in.limit(in.position() + Math.min(in.remaining(), out.remaining()));
        out.put(in);
        in.limit(limit);
    }
}
