package io.sluice.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Carries a request body upstream as it arrives: told by length it passes as it is, chunked it is decoded and
 * framed anew, so that no chunk extension and no doubtful framing of a client ever reaches a Liberator.
 *
 * <p>Trailer fields pass when they are well-formed and none of them could be taken for framing, routing or a
 * claim about the client (RFC 9110 §6.5.1).
 */
final class RequestBody {
    /** What {@link #feed} came to. */
    enum Progress {
        /** More must come. */
        MORE,
        /** The body is complete; what follows in the input belongs to the next request. */
        DONE,
        /** The body breaks its framing. */
        BROKEN
    }

    private static final int CHUNK_FRAME_BYTES = 8 + 4;
    private static final byte[] LAST_CHUNK = Octets.of("0\r\n");

    /** Room kept for what may follow the content at once: the last chunk with all its trailer fields. */
    private static final int END_ROOM = ChunkReader.MAX_TRAILER_BYTES + Fields.MAX_FIELDS + 8;

    /** Room that the output must have at least: that for the end, and for a chunk before it. */
    static final int MIN_ROOM = END_ROOM + 512;

    private final @Nullable ChunkReader chunks;
    private long left;

    RequestBody(Framing framing) {
        chunks = framing.mode() == Framing.Mode.CHUNKED ? ChunkReader.ofRequest() : null;
        left = framing.length();
    }

    /**
     * Moves what it can from {@code in} to {@code out}; what does not fit stays in {@code in}.
     *
     * @param out with at least {@link #MIN_ROOM} bytes of room
     */
    Progress feed(ByteBuffer in, ByteBuffer out) {
        return chunks == null ? feedLength(in, out) : feedChunks(chunks, in, out);
    }

    /**
     * Whether what has come of a chunked body already breaks its framing, so that the request can be refused before
     * anybody is connected for it; {@code in} is not moved.
     */
    static boolean startsBroken(Framing framing, ByteBuffer in) {
        if (framing.mode() != Framing.Mode.CHUNKED || !in.hasRemaining()) {
            return false;
        }
        ByteBuffer looked = in.duplicate();
        ChunkReader reader = ChunkReader.ofRequest();
        ChunkReader.Step step = reader.next(looked);
        while (step == ChunkReader.Step.DATA) {
            int data = reader.dataBytes();
            looked.position(looked.position() + data);
            reader.took(data);
            step = reader.next(looked);
        }
        return step == ChunkReader.Step.BROKEN;
    }

    private Progress feedLength(ByteBuffer in, ByteBuffer out) {
        int part = (int) Math.min(Math.min(left, in.remaining()), out.remaining());
        move(in, out, part);
        left -= part;
        return left == 0 ? Progress.DONE : Progress.MORE;
    }

    private Progress feedChunks(ChunkReader reader, ByteBuffer in, ByteBuffer out) {
        while (true) {
            switch (reader.next(in)) {
                case MORE -> {
                    return Progress.MORE;
                }
                case BROKEN, STOPPED -> {
                    return Progress.BROKEN;
                }
                case END -> {
                    return endChunks(reader, out);
                }
                case DATA -> {
                    int part = Math.min(reader.dataBytes(), out.remaining() - CHUNK_FRAME_BYTES - END_ROOM);
                    if (part <= 0) {
                        return Progress.MORE;
                    }
                    putChunk(in, out, part);
                    reader.took(part);
                }
            }
        }
    }

    private static void putChunk(ByteBuffer in, ByteBuffer out, int part) {
        out.put(Integer.toHexString(part).getBytes(StandardCharsets.ISO_8859_1));
        out.put((byte) '\r').put((byte) '\n');
        move(in, out, part);
        out.put((byte) '\r').put((byte) '\n');
    }

    private Progress endChunks(ChunkReader reader, ByteBuffer out) {
        out.put(LAST_CHUNK);
        Fields fields = reader.trailers();
        for (int i = 0; fields != null && i < fields.count(); i++) {
            if (fields.name(i) == null) {
                fields.write(i, out);
            }
        }
        out.put((byte) '\r').put((byte) '\n');
        return Progress.DONE;
    }

    private static void move(ByteBuffer in, ByteBuffer out, int bytes) {
        int limit = in.limit();
        in.limit(in.position() + bytes);
        out.put(in);
        in.limit(limit);
    }
}
