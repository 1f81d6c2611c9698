package io.sluice.listen;

import io.sluice.account.Accounts;
import io.sluice.account.ListenerLedger;
import io.sluice.account.Refusal;
import io.sluice.account.StreamRegistry;
import io.sluice.config.Limits;
import io.sluice.config.ListenerConfig;
import io.sluice.config.ListenerKind;
import io.sluice.config.ProcessLimits;
import io.sluice.config.Protocol;
import io.sluice.config.ProxyProtocolConfig;
import io.sluice.connect.SocketTuning;
import io.sluice.http2.Http2;
import io.sluice.http2.Http2Connections;
import io.sluice.loop.Acceptor;
import io.sluice.loop.EdgeLoop;
import io.sluice.loop.EdgeLoops;
import io.sluice.loop.SocketWire;
import io.sluice.loop.TlsWire;
import io.sluice.relay.Arrival;
import io.sluice.relay.DirectPair;
import io.sluice.relay.HttpPair;
import io.sluice.relay.VerifiedSubject;
import io.sluice.route.ListenerRoutes;
import io.sluice.route.Route;
import io.sluice.route.Router;
import io.sluice.route.RoutingTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a connection from the listening socket to its pair: admitted or refused, tuned, put on a loop; announced
 * by a proxy and greeted with TLS where the listener asks for it; handed to whoever speaks its protocol.
 *
 * <p>Limits and settings are those of the table in force at the moment a connection arrives, so a reload changes them
 * for new connections and touches no open one.
 *
 * <p><b>Threading:</b> accepting happens on one loop, each connection lives on the loop it is given. {@link #prepare}
 * and {@link #inherit} come from any thread, one at a time.
 */
final class Entrance implements Acceptor.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final EdgeLoops loops;
    private final Router router;
    private final StreamRegistry registry;
    private final ListenerLedger ledger;
    private final @Nullable Http2 http2;
    private volatile ListenerConfig config;
    private volatile @Nullable TlsTerms tls;
    private volatile Admission admission;

    /**
     * Reads the certificates.
     *
     * @throws IOException when a certificate or key cannot be used; the message names the file
     */
    Entrance(
            ListenerConfig config, EdgeLoops loops, Router router, Accounts accounts, Http2Connections http2Connections)
            throws IOException {
        boolean http = config.kind() == ListenerKind.HTTP;
        this.config = config;
        this.tls = config.tls() == null ? null : TlsTerms.of(config.tls(), offered(config), config.name());
        this.loops = loops;
        this.router = router;
        this.registry = accounts.streams();
        this.ledger = accounts.listener(config.name());
        this.admission = new Admission(accounts.clients(), ledger);
        this.http2 = http && config.protocols().contains(Protocol.HTTP_2)
                ? new Http2(config.protocols(), router, registry, http2Connections)
                : null;
    }

    /** What it offers by ALPN. */
    private static List<Protocol> offered(ListenerConfig config) {
        return config.kind() == ListenerKind.HTTP ? List.copyOf(config.protocols()) : List.of();
    }

    // ---------------------------------------------------------------- its terms

    ListenerConfig config() {
        return config;
    }

    ListenerLedger ledger() {
        return ledger;
    }

    /** Null while it talks plainly. */
    @Nullable
    TlsTerms tls() {
        return tls;
    }

    /**
     * Reads the certificates of a configuration in which nothing but TLS may differ.
     *
     * @return puts it in force for new connections
     * @throws IOException when a certificate or key cannot be used; the message names the file
     */
    Runnable prepare(ListenerConfig next) throws IOException {
        TlsTerms now = tls;
        if (next.tls() == null) {
            return () -> put(next, null);
        }
        if (now == null) {
            TlsTerms first = TlsTerms.of(next.tls(), offered(next), next.name());
            return () -> put(next, first);
        }
        TlsTerms.Change change = now.prepare(next.tls(), offered(next), next.name());
        return () -> {
            change.apply();
            put(next, change.terms());
        };
    }

    private void put(ListenerConfig next, @Nullable TlsTerms terms) {
        config = next;
        tls = terms;
    }

    /** The connections that {@code before} has counted per address count here too. */
    void inherit(Entrance before) {
        admission = before.admission.of(ledger);
    }

    // ---------------------------------------------------------------- accepting

    @Override
    public int acceptPerSecond() {
        ListenerRoutes here = router.table().listener(config.name());
        return here == null ? 0 : here.config().limits().acceptPerSecond();
    }

    @Override
    public void onSlowed() {
        ledger.slowed().count();
    }

    @Override
    public void onExhausted() {
        ledger.exhausted().count();
    }

    @Override
    public void onAccepted(SocketChannel accepted) {
        ledger.accepted();
        RoutingTable table = router.table();
        ListenerRoutes here = table.listener(config.name());
        InetSocketAddress remote = remoteAddress(accepted);
        if (here == null || remote == null) {
            closeQuietly(accepted);
            return;
        }
        Limits limits = here.config().limits();
        Admission.Visit visit = admission.new Visit();
        Refusal refusal = visit.enter(limits, mostClients(table.config().limits()));
        if (refusal == null) {
            ProxyProtocolConfig proxy = here.config().proxyProtocol();
            refusal = proxy.isOff()
                    ? visit.identify(remote.getAddress(), limits)
                    : proxy.mayAnnounce(remote.getAddress()) ? null : Refusal.PROXY_PEER;
        }
        if (refusal != null) {
            visit.run();
            refuse(accepted, refusal);
        } else {
            admit(accepted, here, visit);
        }
    }

    private int mostClients(ProcessLimits limits) {
        return limits.connections() == ProcessLimits.AUTO ? loops.reserve().clientsThatFit() : limits.connections();
    }

    private void admit(SocketChannel accepted, ListenerRoutes here, Admission.Visit visit) {
        try {
            SocketTuning.applyAccepted(accepted, here.settings());
            accepted.configureBlocking(false);
        } catch (IOException gone) {
            visit.run();
            closeQuietly(accepted);
            return;
        }
        EdgeLoop loop = loops.next();
        loop.execute(() -> open(loop, accepted, here, visit));
    }

    private void refuse(SocketChannel accepted, Refusal refusal) {
        countRefusal(refusal, remoteAddress(accepted));
        try {
            accepted.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException gone) {
            LOG.debug("SO_LINGER failed", gone);
        }
        closeQuietly(accepted);
    }

    /** A client that has no stream yet, and gets none. */
    void countRefusal(Refusal refusal, @Nullable InetSocketAddress remote) {
        ledger.refusals().refused(refusal);
        if (remote != null) {
            registry.log().refused(config.name(), remote, "", refusal);
        }
    }

    private static @Nullable InetSocketAddress remoteAddress(SocketChannel accepted) {
        try {
            return (InetSocketAddress) accepted.getRemoteAddress();
        } catch (IOException gone) {
            return null;
        }
    }

    private static void closeQuietly(SocketChannel accepted) {
        try {
            accepted.close();
        } catch (IOException gone) {
            LOG.debug("close failed", gone);
        }
    }

    // ---------------------------------------------------------------- on the connection's own loop

    private void open(EdgeLoop loop, SocketChannel accepted, ListenerRoutes here, Admission.Visit visit) {
        SocketWire socket;
        try {
            socket = SocketWire.on(loop, accepted);
        } catch (IOException | RuntimeException gone) {
            visit.run();
            closeQuietly(accepted);
            return;
        }
        ProxyProtocolConfig proxy = here.config().proxyProtocol();
        if (proxy.isOff()) {
            greet(socket, here, NOTHING, visit);
        } else {
            new Announcement(socket, new Announced(this, here, visit))
                    .await(proxy.timeout().toNanos(), NOTHING);
        }
    }

    /** Lets in, or not, the client that a proxy in front announces. */
    private record Announced(Entrance at, ListenerRoutes here, Admission.Visit visit) implements Announcement.Outcome {
        @Override
        public void onAnnounced(SocketWire wire, ByteBuffer rest) {
            InetAddress client = wire.remoteAddress().getAddress();
            Refusal refusal = visit.identify(client, here.config().limits());
            if (refusal == null) {
                at.greet(wire, here, rest, visit);
            } else {
                wire.reset();
                onRefused(refusal, wire);
            }
        }

        @Override
        public void onRefused(Refusal reason, SocketWire wire) {
            visit.run();
            at.countRefusal(reason, wire.remoteAddress());
        }

        @Override
        public void onLeft() {
            visit.run();
        }
    }

    /** @param early what came in so far, read already; lent until this returns */
    private void greet(SocketWire socket, ListenerRoutes here, ByteBuffer early, Runnable onGone) {
        TlsTerms terms = tls;
        if (config.kind() == ListenerKind.TLS_PASSTHROUGH) {
            long limit = here.settings().tlsHandshakeTimeout().toNanos();
            new PassThrough(socket, this, here, onGone).await(limit, early);
        } else if (terms == null) {
            Arrival arrival = new Arrival(socket, config.name(), ledger, protocol(), false, null, null, onGone);
            openPair(arrival, "", here, early);
        } else {
            new Greeting(this, terms, here, onGone).start(socket, early);
        }
    }

    /**
     * A client's handshake is done, and its certificate is good.
     *
     * @param subject what the Liberator is told of the certificate; null for nothing
     * @param onGone to be called once when the connection is closed
     */
    void greeted(TlsWire secured, @Nullable VerifiedSubject subject, ListenerRoutes here, Runnable onGone) {
        String name = TlsTerms.serverName(secured.engine().getSession());
        Arrival arrival = new Arrival(secured, config.name(), ledger, protocol(), true, name, subject, onGone);
        openPair(arrival, secured.engine().getApplicationProtocol(), here, NOTHING);
    }

    /**
     * The Liberator of {@code route} shakes hands with the client itself.
     *
     * @param early what came in so far, read already; lent until this returns
     * @param onGone to be called once when the connection is closed
     */
    void passThrough(SocketWire socket, String serverName, Route route, ByteBuffer early, Runnable onGone) {
        Arrival arrival = new Arrival(socket, config.name(), ledger, "tls", true, serverName, null, onGone);
        DirectPair.passThrough(arrival, route, registry, early);
    }

    /** What its clients speak unless they agree on HTTP/2, whose streams say so themselves. */
    private String protocol() {
        return config.kind() == ListenerKind.HTTP ? "http/1.1" : "direct";
    }

    /**
     * @param agreed the protocol that was agreed on with TLS; empty for none
     * @param early what came in so far, read already; lent until this returns
     */
    private void openPair(Arrival arrival, String agreed, ListenerRoutes here, ByteBuffer early) {
        Route only = here.only();
        if (http2 != null) {
            http2.serve(arrival, agreed, here.settings(), early);
        } else if (config.kind() == ListenerKind.HTTP) {
            HttpPair.open(arrival, router, registry, here.settings(), early);
        } else if (only != null) {
            DirectPair.open(arrival, only, registry, early);
        } else {
            arrival.reset();
        }
    }
}
