package io.sluice.connect;

import io.sluice.loop.Connecting;
import io.sluice.loop.EdgeLoop;
import io.sluice.loop.SocketWire;
import io.sluice.route.Liberator;
import io.sluice.route.Route;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to reach the Liberator of a route. There is no second attempt and no second Liberator.
 *
 * <p><b>Threading:</b> the thread of the client's loop, on which the new connection will live too.
 */
public final class Dial implements Connecting.Outcome {
    /** Who asked; told once, unless cancelled, perhaps before {@link #start} returns. */
    public interface Outcome {
        /**
         * The connection is made, reading is paused, and it is the receiver's.
         *
         * @param nanos how long it took
         */
        void onConnected(Upstream upstream, long nanos);

        void onFailed(ConnectFailure failure);
    }

    /** Which of a Liberator's two addresses. */
    public enum Port {
        HTTP,
        DIRECT
    }

    private final Liberator liberator;
    private final Outcome outcome;
    private final InetSocketAddress address;
    private final long startedNanos = System.nanoTime();
    private @Nullable Connecting attempt;

    private Dial(Liberator liberator, InetSocketAddress address, Outcome outcome) {
        this.liberator = liberator;
        this.address = address;
        this.outcome = outcome;
    }

    /** Starts connecting; returns null when the outcome was a failure that needed no attempt. */
    public static @Nullable Dial start(EdgeLoop loop, Route route, Port port, Outcome outcome) {
        Liberator liberator = route.liberator();
        InetSocketAddress address = port == Port.HTTP ? liberator.http() : liberator.direct();
        if (address == null) {
            fail(liberator, ConnectFailure.UNRESOLVED, outcome);
            return null;
        }
        if (!liberator.ledger().takeConnection(liberator.config().maxConnections())) {
            fail(liberator, ConnectFailure.LIMIT, outcome);
            return null;
        }
        Dial dial = new Dial(liberator, address, outcome);
        dial.connect(loop, route);
        return dial;
    }

    private void connect(EdgeLoop loop, Route route) {
        SocketChannel channel;
        try {
            channel = open(address, route);
        } catch (IOException noDescriptor) {
            loop.reserve().exhausted(String.valueOf(noDescriptor.getMessage()));
            liberator.ledger().connectionGone();
            fail(liberator, ConnectFailure.NO_DESCRIPTOR, outcome);
            return;
        }
        attempt = Connecting.start(loop, channel, address, route.connectTimeoutNanos(), this);
    }

    /** A socket of the address's own family: one for IPv6 that leads to an IPv4 address costs a system call more. */
    private static SocketChannel open(InetSocketAddress address, Route route) throws IOException {
        boolean ipv4 = address.getAddress() instanceof Inet4Address;
        SocketChannel channel = SocketChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        try {
            SocketTuning.apply(channel, route.settings());
            channel.configureBlocking(false);
            return channel;
        } catch (IOException refused) {
            channel.close();
            throw refused;
        }
    }

    /** Gives up: the outcome is not told any more. */
    public void cancel() {
        if (attempt != null && attempt.cancel()) {
            liberator.ledger().connectionGone();
        }
    }

    @Override
    public void onConnected(SocketWire wire) {
        long nanos = System.nanoTime() - startedNanos;
        liberator.ledger().connected(nanos);
        outcome.onConnected(new Upstream(wire, liberator, address), nanos);
    }

    @Override
    public void onTimeout() {
        liberator.ledger().connectionGone();
        liberator.ledger().connectTimedOut();
        liberator.suspect();
        fail(liberator, ConnectFailure.TIMEOUT, outcome);
    }

    @Override
    public void onFailed(IOException cause) {
        liberator.ledger().connectionGone();
        liberator.ledger().connectRefused();
        liberator.suspect();
        fail(liberator, ConnectFailure.REFUSED, outcome);
    }

    private static void fail(Liberator liberator, ConnectFailure failure, Outcome outcome) {
        liberator.ledger().refusals().refused(failure.refusal());
        outcome.onFailed(failure);
    }
}
