package io.sluice.http2;

import io.sluice.loop.Deadline;
import io.sluice.loop.EdgeLoop;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * How a connection is told to bring no more streams, so that none is lost that was on its way when it was told (RFC 9113
 * §6.8): first a GOAWAY that excludes no stream, with a PING behind it. Once that comes back the client has read the
 * GOAWAY, and everything it sent before has been read here: the last GOAWAY names the last stream that was served. A
 * client that leaves the PING unanswered has {@value #MOST_MILLIS} ms.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
final class Farewell extends Deadline {
    /** Anything that fits; no other PING is ever sent. */
    private static final long QUESTION = 0x736c_7569_6365_3f21L;

    private static final long MOST_MILLIS = 1000;

    private final Http2Connection connection;
    private final Streams streams;
    private final Output output;
    private boolean begun;
    private boolean said;

    Farewell(Http2Connection connection, Streams streams, Output output) {
        this.connection = connection;
        this.streams = streams;
        this.output = output;
    }

    /** Tells the client, unless it was told before. */
    void begin(EdgeLoop loop) {
        if (begun) {
            return;
        }
        begun = true;
        connection.begin();
        output.putGoAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR);
        output.putPing(QUESTION);
        connection.end();
        loop.arm(this, TimeUnit.MILLISECONDS.toNanos(MOST_MILLIS));
    }

    /** A PING has come back. */
    void answered(ByteBuffer payload) {
        if (begun && payload.getLong() == QUESTION) {
            say();
        }
    }

    @Override
    protected void onDeadline() {
        say();
    }

    private void say() {
        if (said || connection.isOver()) {
            return;
        }
        said = true;
        cancel();
        connection.begin();
        output.putGoAway(streams.last(), ErrorCode.NO_ERROR);
        connection.end();
    }

    /** Whether the client has been told which stream was the last. */
    boolean isSaid() {
        return said;
    }
}
