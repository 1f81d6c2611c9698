package io.sluice.listen;

import io.sluice.account.Refusal;
import io.sluice.loop.SocketWire;
import io.sluice.proxy.ProxyHeader;
import io.sluice.proxy.ProxyHeaderReader;
import io.sluice.proxy.ProxyHeaderReader.Reading;
import java.nio.ByteBuffer;

/**
 * The PROXY header that a listed peer sends before anything else, within its time. After it the wire's address is the
 * client's.
 */
final class Announcement extends Opening {
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

    private final Outcome outcome;

    Announcement(SocketWire wire, Outcome outcome) {
        super(wire);
        this.outcome = outcome;
    }

    @Override
    boolean isEnough(ByteBuffer bytes) {
        Reading reading = ProxyHeaderReader.read(bytes);
        switch (reading.state()) {
            case COMPLETE -> announced(reading, bytes);
            case BROKEN -> refuse(Refusal.PROXY_HEADER);
            case INCOMPLETE -> {
                return false;
            }
        }
        return true;
    }

    private void announced(Reading reading, ByteBuffer bytes) {
        end();
        ProxyHeader header = reading.announced();
        if (header != null) {
            wire().announced(header.source(), header.destination());
        }
        bytes.position(bytes.position() + reading.length());
        outcome.onAnnounced(wire(), bytes.slice());
    }

    private void refuse(Refusal reason) {
        end();
        wire().reset();
        outcome.onRefused(reason, wire());
    }

    @Override
    void left(boolean inTheMiddle) {
        if (inTheMiddle) {
            refuse(Refusal.PROXY_HEADER);
        } else {
            end();
            wire().close();
            outcome.onLeft();
        }
    }

    @Override
    protected void onDeadline() {
        refuse(Refusal.PROXY_TIMEOUT);
    }
}
