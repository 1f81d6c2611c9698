package io.sluice.listen;

import io.sluice.account.Refusal;
import io.sluice.loop.SocketWire;
import io.sluice.route.Asked;
import io.sluice.route.Decision;
import io.sluice.route.ListenerRoutes;
import io.sluice.route.Route;
import io.sluice.tls.ClientHello;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose TLS is the Liberator's: the server name in its ClientHello says which one, and all its bytes go
 * there as they came.
 *
 * <p>Where no Liberator can be named the client gets a TLS alert (RFC 8446 §6.2), so that it does not wait for one.
 */
final class PassThrough extends Opening {
    private static final byte[] UNRECOGNIZED_NAME = alert(112);
    private static final byte[] DECODE_ERROR = alert(50);

    private final Entrance entrance;
    private final ListenerRoutes here;
    private final Runnable onGone;

    /**
     * @param entrance who is told where the connection leads
     * @param onGone called once when the connection is closed
     */
    PassThrough(SocketWire wire, Entrance entrance, ListenerRoutes here, Runnable onGone) {
        super(wire);
        this.entrance = entrance;
        this.here = here;
        this.onGone = onGone;
    }

    /** A fatal one in a record of TLS 1.2, as every version understands. */
    private static byte[] alert(int description) {
        return new byte[] {21, 3, 3, 0, 2, 2, (byte) description};
    }

    @Override
    boolean isEnough(ByteBuffer bytes) {
        ClientHello.Reading hello = ClientHello.read(bytes);
        switch (hello.state()) {
            case COMPLETE -> pass(hello.serverName(), bytes);
            case BROKEN -> refuse(Refusal.CLIENT_HELLO, DECODE_ERROR);
            case NOT_TLS -> reset(Refusal.NOT_TLS);
            case INCOMPLETE -> {
                return false;
            }
        }
        return true;
    }

    private void pass(@Nullable String serverName, ByteBuffer bytes) {
        end();
        if (serverName == null) {
            refuse(Refusal.UNKNOWN_SNI, UNRECOGNIZED_NAME);
            return;
        }
        Asked asked = Asked.from(wire().remoteAddress().getAddress(), "/", List.of());
        Decision decision = ListenerRoutes.decide(here, serverName, serverName, asked);
        if (decision.assignment() != null) {
            decision.assignment().count();
        }
        Route route = decision.route();
        Refusal refusal = decision.refusal();
        if (refusal == Refusal.UNKNOWN_HOST) {
            refuse(Refusal.UNKNOWN_SNI, UNRECOGNIZED_NAME);
        } else if (refusal != null || route == null) {
            reset(refusal == null ? Refusal.UNKNOWN_SNI : refusal);
        } else {
            entrance.passThrough(wire(), serverName, route, bytes, onGone);
        }
    }

    private void refuse(Refusal reason, byte[] alert) {
        end();
        wire().send(ByteBuffer.wrap(alert));
        wire().endOutput();
        wire().close();
        gone(reason);
    }

    private void reset(Refusal reason) {
        end();
        wire().reset();
        gone(reason);
    }

    private void gone(Refusal reason) {
        onGone.run();
        entrance.countRefusal(reason, wire().remoteAddress());
    }

    @Override
    void left(boolean inTheMiddle) {
        end();
        wire().close();
        gone(Refusal.TLS_LEFT);
    }

    @Override
    protected void onDeadline() {
        reset(Refusal.TLS_TIMEOUT);
    }
}
