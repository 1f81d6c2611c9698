package io.sluice.http2;

import io.sluice.account.Refusal;
import io.sluice.config.Settings;
import io.sluice.loop.Deadline;
import io.sluice.loop.Wire;
import io.sluice.relay.HttpPair;
import java.util.concurrent.TimeUnit;

/**
 * What an HTTP/2 connection waits for, and how long that may take; and a client that takes nothing of what it is sent.
 *
 * <p>It is asked again at the end of each turn; what the connection waited for before and still waits for goes on
 * having its time, which starts anew only when it is something else.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
final class Timeouts extends Deadline {
    /** What the connection waits for, with a time that it may take. */
    private enum Awaiting {
        /** Preface and first SETTINGS, or the rest of a field block, or of a frame while no stream is open. */
        FIELDS,
        /** The first or the next request. */
        REQUEST,
        /** Nothing that has a time: streams are open. */
        NOTHING,
        CLOSE
    }

    private static final long KEEP_ALIVE_NANOS = HttpPair.KEEP_ALIVE.toNanos();
    private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LEAST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Http2Connection connection;
    private final Wire wire;
    private final Settings settings;
    private Awaiting awaiting = Awaiting.NOTHING;
    private long awaitedFrame;

    private final Deadline stall = new Deadline() {
        @Override
        protected void onDeadline() {
            lookForStall();
        }
    };

    Timeouts(Http2Connection connection, Wire wire, Settings settings) {
        this.connection = connection;
        this.wire = wire;
        this.settings = settings;
    }

    /**
     * A turn has ended.
     *
     * @param closing whether a GOAWAY that ends the connection was sent
     * @param idle whether no stream is open
     */
    void look(boolean closing, boolean idle, FrameRules rules, FrameReader reader) {
        if (wire.pendingBytes() > 0 && !stall.isArmed()) {
            armStall();
        }
        // The pieces of a greeting or a field block share one time; of other frames each has its own.
        boolean inFields = !rules.isGreeted() || rules.isInBlock();
        long frame = !inFields && reader.isInFrame() ? reader.frames() : 0;
        if (closing) {
            await(Awaiting.CLOSE, frame);
        } else if (inFields || (reader.isInFrame() && idle)) {
            await(Awaiting.FIELDS, frame);
        } else {
            await(idle ? Awaiting.REQUEST : Awaiting.NOTHING, frame);
        }
    }

    private void await(Awaiting now, long frame) {
        if (now == awaiting && (now != Awaiting.FIELDS || frame == awaitedFrame)) {
            return;
        }
        awaiting = now;
        awaitedFrame = frame;
        switch (now) {
            case FIELDS -> arm(settings.requestHeadTimeout().toNanos());
            case REQUEST -> arm(KEEP_ALIVE_NANOS);
            case CLOSE -> arm(CLOSING_NANOS);
            case NOTHING -> cancel();
        }
    }

    /** 0 = none. */
    private void arm(long nanos) {
        if (nanos > 0) {
            wire.loop().arm(this, nanos);
        } else {
            cancel();
        }
    }

    @Override
    protected void onDeadline() {
        switch (awaiting) {
            case FIELDS -> connection.fail(ErrorCode.PROTOCOL_ERROR, Refusal.HEAD_TIMEOUT);
            case REQUEST -> connection.takeNoMore();
            case CLOSE -> connection.over(true);
            case NOTHING -> {}
        }
    }

    private void armStall() {
        long limit = settings.stalledClientTimeout().toNanos();
        if (limit > 0) {
            wire.loop().arm(stall, Math.max(LEAST_LOOK_NANOS, limit / 4));
        }
    }

    /** A client that takes nothing at all: what it is sent must not wait for ever, whatever it is. */
    private void lookForStall() {
        if (wire.pendingBytes() == 0) {
            return;
        }
        if (System.nanoTime() - wire.pendingSinceNanos()
                < settings.stalledClientTimeout().toNanos()) {
            armStall();
        } else {
            connection.stalled();
        }
    }

    /** The connection is over. */
    void stop() {
        cancel();
        stall.cancel();
    }
}
