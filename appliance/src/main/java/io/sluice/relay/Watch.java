package io.sluice.relay;

import io.sluice.account.EndCause;
import io.sluice.account.StreamRecord;
import io.sluice.loop.Deadline;
import io.sluice.loop.Wire;
import io.sluice.route.Route;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Notices a stream that stands still: a client that takes none of the bytes that wait for it, silence both
 * ways for too long, a half-closed pair that nothing flows through any more.
 *
 * <p>It looks now and then at what the stream counts anyway, so that a message costs nothing. It is only armed
 * while one of its three reasons can occur; most streams never arm it.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
final class Watch extends Deadline {
    /** How long the open half of a half-closed pair may stay silent. */
    static final long HALF_CLOSED_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long MIN_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Wire client;
    private final StreamRecord stream;
    private final Route route;
    private final Consumer<EndCause> onStill;
    private boolean halfClosed;
    private EndCause halfClosedCause = EndCause.CLIENT_CLOSED;
    private long bytesSeen = -1;
    private long changedNanos;
    private long armedNanos;

    Watch(Wire client, StreamRecord stream, Route route, Consumer<EndCause> onStill) {
        this.client = client;
        this.stream = stream;
        this.route = route;
        this.onStill = onStill;
    }

    /** Arms it when there is a reason to; call when bytes begin to wait for the client, and at the start. */
    void arm() {
        long period = period();
        if (period == 0 || (isArmed() && period >= armedNanos)) {
            return;
        }
        if (!isArmed()) {
            changedNanos = System.nanoTime();
        }
        look(period);
    }

    private void look(long period) {
        armedNanos = period;
        client.loop().arm(this, period);
    }

    /** One direction has ended for {@code cause}; the other may go on while bytes flow. */
    void halfClosed(EndCause cause) {
        halfClosed = true;
        halfClosedCause = cause;
        cancel();
        arm();
    }

    private long period() {
        long shortest = Long.MAX_VALUE;
        if (client.pendingBytes() > 0 && route.stalledClientTimeoutNanos() > 0) {
            shortest = route.stalledClientTimeoutNanos();
        }
        if (route.streamIdleTimeoutNanos() > 0) {
            shortest = Math.min(shortest, route.streamIdleTimeoutNanos());
        }
        if (halfClosed) {
            shortest = Math.min(shortest, HALF_CLOSED_SILENCE_NANOS);
        }
        return shortest == Long.MAX_VALUE ? 0 : Math.max(MIN_PERIOD_NANOS, shortest / 4);
    }

    @Override
    protected void onDeadline() {
        long now = System.nanoTime();
        long stalled = route.stalledClientTimeoutNanos();
        if (stalled > 0 && client.pendingBytes() > 0 && now - client.pendingSinceNanos() >= stalled) {
            onStill.accept(EndCause.CLIENT_STALLED);
            return;
        }
        long bytes = stream.fromClientBytes() + stream.fromLiberatorBytes();
        if (bytes != bytesSeen) {
            bytesSeen = bytes;
            changedNanos = now;
        }
        long silence = now - changedNanos;
        if (halfClosed && silence >= HALF_CLOSED_SILENCE_NANOS && client.pendingBytes() == 0) {
            onStill.accept(halfClosedCause);
        } else if (route.streamIdleTimeoutNanos() > 0 && silence >= route.streamIdleTimeoutNanos()) {
            onStill.accept(EndCause.IDLE);
        } else {
            long period = period();
            if (period > 0) {
                look(period);
            }
        }
    }
}
