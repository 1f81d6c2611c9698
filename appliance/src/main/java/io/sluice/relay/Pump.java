package io.sluice.relay;

import io.sluice.account.StreamRecord;
import io.sluice.loop.EdgeLoop;
import io.sluice.loop.Wire;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Carries bytes one way, from {@code source} to {@code sink}, until the source ends, a side fails or what it
 * follows is complete.
 *
 * <p><b>Threading:</b> the loop's thread. Never blocks.
 *
 * <p><b>Back-pressure:</b> the source is not read again until the sink has taken the bytes before.
 *
 * <p><b>Buffer:</b> the loop's own, lent for each read; an idle pump holds none, so ten thousand silent streams
 * cost no buffer memory. What the sink does not take is kept by the sink.
 */
final class Pump {
    /** Why {@link #run} stopped. */
    enum Outcome {
        /** There is nothing more to read now. */
        WAITING,
        /** The sink has not taken everything; go on when it is drained. */
        BEHIND,
        /** The source has ended in an orderly way. */
        SOURCE_ENDED,
        /** The source was reset or failed. */
        SOURCE_LOST,
        /** The sink was reset or failed. */
        SINK_LOST,
        /** What is followed is complete. */
        COMPLETE,
        /** What is followed is complete, and bytes came behind it that belong to nothing. */
        SURPLUS,
        /** What is followed breaks its framing; nothing of the broken part was sent. */
        BROKEN
    }

    private final EdgeLoop loop;
    private final Wire source;
    private final Wire sink;
    private final StreamRecord stream;
    private final boolean toClient;

    /**
     * @param toClient whether the sink is the client
     */
    Pump(Wire source, Wire sink, StreamRecord stream, boolean toClient) {
        this.loop = source.loop();
        this.source = source;
        this.sink = sink;
        this.stream = stream;
        this.toClient = toClient;
    }

    /** Moves what is there, up to a fair share of the loop. */
    Outcome run(@Nullable Follower followed) {
        int moved = 0;
        while (moved < Wire.TURN_BYTES) {
            ByteBuffer buffer = loop.readBuffer();
            int room = buffer.remaining();
            int read = source.read(buffer);
            if (read <= 0) {
                return read == 0 ? Outcome.WAITING : read == Wire.END ? Outcome.SOURCE_ENDED : Outcome.SOURCE_LOST;
            }
            buffer.flip();
            countIn(read);
            Outcome outcome = pass(buffer, followed);
            if (outcome != Outcome.WAITING || !source.mayHaveMore(read, room)) {
                return outcome;
            }
            moved += read;
        }
        return Outcome.WAITING;
    }

    /** Sends what was read, as far as it is to be passed on; {@link Outcome#WAITING} when all of it is gone. */
    private Outcome pass(ByteBuffer buffer, @Nullable Follower followed) {
        if (followed == null) {
            return send(buffer);
        }
        int part = followed.follow(buffer);
        if (part == Follower.BROKEN) {
            return Outcome.BROKEN;
        }
        boolean surplus = followed.hasSurplus();
        buffer.limit(buffer.position() + part);
        Outcome outcome = send(buffer);
        if (!followed.isDone() || outcome == Outcome.SINK_LOST) {
            return outcome;
        }
        return surplus ? Outcome.SURPLUS : Outcome.COMPLETE;
    }

    /** Sends bytes that came in some other way, such as glued to a head. */
    Outcome send(ByteBuffer bytes) {
        int length = bytes.remaining();
        return switch (sink.send(bytes)) {
            case ALL -> {
                countOut(length);
                yield Outcome.WAITING;
            }
            case LATER -> {
                countOut(length);
                yield Outcome.BEHIND;
            }
            case LOST -> Outcome.SINK_LOST;
        };
    }

    /** The sink's socket has taken some of what waited for it. */
    void sinkDrains() {
        countOut(0);
    }

    private void countIn(int bytes) {
        if (toClient) {
            stream.fromLiberator(bytes, loop.turnNanos());
        } else {
            stream.fromClient(bytes, loop.turnNanos());
        }
    }

    private void countOut(int bytes) {
        if (toClient) {
            stream.toClient(bytes, sink.pendingBytes(), loop.turnNanos());
        } else {
            stream.toLiberator(bytes, sink.pendingBytes(), loop.turnNanos());
        }
    }
}
