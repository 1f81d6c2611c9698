package io.sluice.relay;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Follows a response body that is passed on untouched, so that its end is known and a truncation never looks
 * like one.
 *
 * <p>Cost per message: a comparison for a body told by length, a few bytes of framing looked at for each
 * chunk; content is never touched.
 */
final class BodyFollower implements Follower {
    private final Framing framing;
    private final @Nullable ChunkReader chunks;
    private final boolean decoding;
    private long left;
    private boolean surplus;

    /**
     * @param decoding whether the chunked coding is taken off, for a client that does not know it (HTTP/1.0)
     */
    BodyFollower(Framing framing, boolean decoding) {
        this.framing = framing;
        this.chunks = framing.mode() == Framing.Mode.CHUNKED ? ChunkReader.ofResponse() : null;
        this.decoding = decoding;
        this.left = framing.length();
    }

    /** {@inheritDoc} When the chunked coding is taken off, the content is moved together there. */
    @Override
    public int follow(ByteBuffer bytes) {
        return switch (framing.mode()) {
            case NONE -> {
                surplus = bytes.hasRemaining();
                yield 0;
            }
            case UNTIL_CLOSE -> bytes.remaining();
            case LENGTH -> {
                int part = (int) Math.min(left, bytes.remaining());
                left -= part;
                surplus = part < bytes.remaining();
                yield part;
            }
            case CHUNKED -> followChunks(Objects.requireNonNull(chunks), bytes);
        };
    }

    private int followChunks(ChunkReader reader, ByteBuffer bytes) {
        int start = bytes.position();
        int contentEnd = start;
        ChunkReader.Step step = reader.next(bytes);
        while (step == ChunkReader.Step.DATA) {
            int data = reader.dataBytes();
            if (decoding) {
                bytes.put(contentEnd, bytes, bytes.position(), data);
                contentEnd += data;
            }
            bytes.position(bytes.position() + data);
            reader.took(data);
            step = reader.next(bytes);
        }
        surplus = bytes.hasRemaining();
        int part = decoding ? contentEnd - start : bytes.position() - start;
        bytes.position(start);
        return step == ChunkReader.Step.BROKEN ? BROKEN : part;
    }

    @Override
    public boolean hasSurplus() {
        return surplus;
    }

    /** Whether the body is complete. A body that only the end of the connection ends never is. */
    @Override
    public boolean isDone() {
        return switch (framing.mode()) {
            case NONE -> true;
            case LENGTH -> left == 0;
            case CHUNKED -> Objects.requireNonNull(chunks).isDone() || isStopped();
            case UNTIL_CLOSE -> false;
        };
    }

    /** Only the chunked coding has boundaries, and only a client that sees it can be told of an end at one. */
    @Override
    public boolean stopAtBoundary() {
        return chunks != null && !decoding && chunks.stopAtBoundary();
    }

    /** Whether it was stopped at a boundary, and a last chunk would end it. */
    boolean isStopped() {
        return chunks != null && chunks.isStopped();
    }

    @Override
    public int messages() {
        return chunks == null ? UNSEEN : chunks.chunks();
    }

    /** Whether the chunked coding is taken off. */
    boolean isDecoding() {
        return decoding;
    }

    /** Whether the end of the Liberator's connection is the proper end of this body. */
    boolean endsWithConnection() {
        return framing.mode() == Framing.Mode.UNTIL_CLOSE;
    }

    /** Whether the client can tell a truncated body from a complete one without a reset. */
    boolean showsTruncation() {
        return framing.mode() != Framing.Mode.UNTIL_CLOSE && !decoding;
    }

    /** Whether the body may go on for ever. */
    boolean isUnbounded() {
        return framing.isUnbounded();
    }
}
