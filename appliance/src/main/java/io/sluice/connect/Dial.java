package io.sluice.connect;

import io.sluice.config.HostAndPort;
import io.sluice.loop.Connecting;
import io.sluice.loop.Deadline;
import io.sluice.loop.EdgeLoop;
import io.sluice.loop.Sent;
import io.sluice.loop.SocketWire;
import io.sluice.loop.TlsHandshake;
import io.sluice.loop.TlsWire;
import io.sluice.loop.Wire;
import io.sluice.route.Liberator;
import io.sluice.route.LiberatorTls;
import io.sluice.route.Route;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to reach the Liberator of a route: TCP, and TLS where it speaks TLS, within {@code connectTimeout}
 * together, once it is its turn. There is no second attempt and no second Liberator.
 *
 * <p><b>Threading:</b> the thread of the client's loop, on which the new connection will live too.
 */
public final class Dial implements Connecting.Outcome, TlsHandshake.Outcome {
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
        DIRECT,
        /** That of HTTP; the TLS that is spoken there is the client's. */
        PASS_THROUGH
    }

    private final Wire client;
    private final EdgeLoop loop;
    private final Route route;
    private final Liberator liberator;
    private final Outcome outcome;
    private final Port port;
    private final InetSocketAddress address;
    private final long timeoutNanos;
    private byte[] introduction;
    private long startedNanos;
    private @Nullable Waiting waiting;
    private @Nullable Connecting attempt;
    private @Nullable TlsHandshake handshake;
    private boolean over;
    private final Deadline slowHandshake = new Deadline() {
        @Override
        protected void onDeadline() {
            TlsHandshake underWay = handshake;
            if (!over && underWay != null) {
                over = true;
                handshake = null;
                underWay.abandon();
                onTimeout();
            }
        }
    };

    private Dial(Wire client, Route route, Port port, InetSocketAddress address, Outcome outcome) {
        this.client = client;
        this.loop = client.loop();
        this.route = route;
        this.liberator = route.liberator();
        this.introduction = Introduction.of(client, liberator.config().proxyProtocol());
        this.timeoutNanos = route.connectTimeoutNanos();
        this.port = port;
        this.address = address;
        this.outcome = outcome;
    }

    /**
     * Starts connecting, or waits for the turn of a new stream of the Liberator.
     *
     * @param client to whom the new connection will belong, on whose loop it will live
     * @param known whether the client has shown that it belongs to this Liberator and to no other
     * @return null when the outcome was a failure that needed no attempt
     */
    public static @Nullable Dial start(Wire client, Route route, Port port, boolean known, Outcome outcome) {
        Liberator liberator = route.liberator();
        InetSocketAddress address = port == Port.DIRECT ? liberator.direct() : liberator.http();
        if (!liberator.standing().admits(known)) {
            outcome.onFailed(ConnectFailure.OUT_OF_SERVICE);
            return null;
        }
        if (address == null) {
            liberator.ledger().connectUnresolved();
            fail(liberator, ConnectFailure.UNRESOLVED, outcome);
            return null;
        }
        Dial dial = new Dial(client, route, port, address, outcome);
        if (liberator.config().newStreamsPerSecond() == 0) {
            dial.connect();
        } else {
            Waiting waiting = new Waiting(client, liberator, dial);
            dial.waiting = waiting;
            waiting.start();
        }
        return dial;
    }

    /** Whether it waits for its turn: the client may well leave before it comes. */
    public boolean isWaiting() {
        return waiting != null;
    }

    /** Its turn has come. */
    void connect() {
        waiting = null;
        startedNanos = System.nanoTime();
        if (liberator.ledger().takeConnection(liberator.config().maxConnections())) {
            open();
        } else {
            liberator.ledger().connectLimited();
            fail(liberator, ConnectFailure.LIMIT, outcome);
        }
    }

    /** Its turn has not come in time. */
    void turnedAway() {
        waiting = null;
        fail(liberator, ConnectFailure.NO_TURN, outcome);
    }

    private void open() {
        SocketChannel channel;
        try {
            channel = open(address, route);
        } catch (IOException noDescriptor) {
            loop.reserve().exhausted(String.valueOf(noDescriptor.getMessage()));
            liberator.ledger().connectionGone();
            fail(liberator, ConnectFailure.NO_DESCRIPTOR, outcome);
            return;
        }
        attempt = Connecting.start(loop, channel, address, timeoutNanos, this);
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
        if (waiting != null) {
            waiting.leave();
            waiting = null;
        }
        TlsHandshake underWay = handshake;
        if (attempt != null && attempt.cancel()) {
            liberator.ledger().connectionGone();
        } else if (!over && underWay != null) {
            over = true;
            slowHandshake.cancel();
            underWay.abandon();
            liberator.ledger().connectionGone();
        }
    }

    @Override
    public void onConnected(SocketWire wire) {
        if (liberator.config().tls() == null || port == Port.PASS_THROUGH) {
            succeed(wire);
            return;
        }
        LiberatorTls tls = liberator.tls();
        long left = timeoutNanos - (System.nanoTime() - startedNanos);
        if (tls == null) {
            wire.close();
            tlsFailed("not ready");
        } else if (!introduced(wire)) {
            wire.close();
            onFailed(new IOException("connection lost"));
        } else {
            wire.loop().arm(slowHandshake, Math.max(1, left));
            HostAndPort name = port == Port.HTTP
                    ? liberator.config().address()
                    : liberator.config().direct();
            TlsHandshake started = TlsHandshake.start(wire, tls.engine(name), ByteBuffer.allocate(0), this);
            if (!over) {
                handshake = started;
            }
        }
    }

    /** Says who the client is before the handshake, where that is wanted; false when the connection is gone. */
    private boolean introduced(SocketWire wire) {
        byte[] first = introduction;
        introduction = Introduction.NONE;
        return first.length == 0 || wire.send(ByteBuffer.wrap(first)) != Sent.LOST;
    }

    @Override
    public void onEstablished(TlsWire wire) {
        over = true;
        handshake = null;
        slowHandshake.cancel();
        succeed(wire);
    }

    @Override
    public void onHandshakeFailed(IOException cause, InetSocketAddress peer) {
        over = true;
        handshake = null;
        slowHandshake.cancel();
        tlsFailed(TlsFailures.sentence(cause));
    }

    private void succeed(Wire wire) {
        long nanos = System.nanoTime() - startedNanos;
        liberator.ledger().connected(nanos);
        outcome.onConnected(new Upstream(wire, liberator, address, client, introduction), nanos);
    }

    private void tlsFailed(String cause) {
        liberator.ledger().connectionGone();
        liberator.ledger().connectTlsFailed();
        TlsFailures.log(liberator, cause);
        liberator.suspect();
        fail(liberator, ConnectFailure.TLS, outcome);
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
