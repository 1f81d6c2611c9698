package io.sluice.listen;

import io.sluice.account.Refusal;
import io.sluice.loop.Deadline;
import io.sluice.loop.SocketWire;
import io.sluice.loop.Wire;
import io.sluice.proxy.ProxyHeader;
import io.sluice.proxy.ProxyHeaderReader;
import io.sluice.proxy.ProxyHeaderReader.Reading;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The PROXY header that a listed peer sends before anything else, within its time. After it the wire's address is the
 * client's; before it nothing else is read out of the connection.
 *
 * <p><b>Threading:</b> the loop's thread.
 *
 * <p><b>Buffers:</b> at most {@link ProxyHeaderReader#MAX_BYTES} of an incomplete header.
 */
final class Announcement extends Deadline implements Wire.Handler {
    /** Who waits for it; told once. */
    interface Outcome {
        /**
         * The client is known; reading is paused.
         *
         * @param rest what came behind the header, lent until this returns
         */
        void onAnnounced(SocketWire wire, ByteBuffer rest);

        /** The wire is closed. */
        void onRefused(Refusal reason, SocketWire wire);

        /** The peer left and had sent nothing, as checks of load balancers do; the wire is closed. */
        void onLeft();
    }

    private final SocketWire wire;
    private final Outcome outcome;
    private @Nullable ByteBuffer partial;

    private Announcement(SocketWire wire, Outcome outcome) {
        this.wire = wire;
        this.outcome = outcome;
    }

    /** @param timeoutNanos more than 0 */
    static void await(SocketWire wire, long timeoutNanos, Outcome outcome) {
        Announcement announcement = new Announcement(wire, outcome);
        wire.handler(announcement);
        wire.loop().arm(announcement, timeoutNanos);
        wire.resumeReading();
    }

    @Override
    public void onReadable() {
        ByteBuffer buffer = wire.loop().readBuffer();
        if (partial != null) {
            buffer.put(partial);
            partial = null;
        }
        int read = wire.read(buffer);
        buffer.flip();
        if (read < 0) {
            left(buffer.hasRemaining());
            return;
        }
        Reading reading = ProxyHeaderReader.read(buffer);
        switch (reading.state()) {
            case INCOMPLETE ->
                partial = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
            case BROKEN -> refuse(Refusal.PROXY_HEADER);
            case COMPLETE -> announced(reading, buffer);
        }
    }

    private void announced(Reading reading, ByteBuffer bytes) {
        cancel();
        wire.pauseReading();
        ProxyHeader header = reading.announced();
        if (header != null) {
            wire.announced(header.source(), header.destination());
        }
        bytes.position(bytes.position() + reading.length());
        outcome.onAnnounced(wire, bytes.slice());
    }

    private void refuse(Refusal reason) {
        cancel();
        wire.reset();
        outcome.onRefused(reason, wire);
    }

    private void left(boolean inTheMiddle) {
        if (inTheMiddle) {
            refuse(Refusal.PROXY_HEADER);
        } else {
            cancel();
            wire.close();
            outcome.onLeft();
        }
    }

    @Override
    protected void onDeadline() {
        refuse(Refusal.PROXY_TIMEOUT);
    }

    @Override
    public void onDraining() {}

    @Override
    public void onDrained() {}

    @Override
    public void onBroken(Throwable cause) {
        left(partial != null);
    }
}
