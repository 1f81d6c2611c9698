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
import io.sluice.config.Settings;
import io.sluice.connect.SocketTuning;
import io.sluice.http2.Http2;
import io.sluice.http2.Http2Connections;
import io.sluice.loop.Acceptor;
import io.sluice.loop.Deadline;
import io.sluice.loop.EdgeLoop;
import io.sluice.loop.EdgeLoops;
import io.sluice.loop.SocketWire;
import io.sluice.loop.TlsWire;
import io.sluice.relay.Arrival;
import io.sluice.relay.DirectPair;
import io.sluice.relay.HttpPair;
import io.sluice.route.ListenerRoutes;
import io.sluice.route.Route;
import io.sluice.route.Router;
import io.sluice.route.RoutingTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listening address: accepts, admits or refuses, tunes the socket and opens the pair.
 *
 * <p>Its settings are those of the table in force at the moment a connection arrives, so a reload changes
 * them for new connections and touches no open one.
 *
 * <p><b>Threading:</b> {@link #open} and {@link #close} come one at a time, from any thread; accepting happens
 * on one loop, each connection lives on the loop it is given.
 */
public final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final int BACKLOG = 4096;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private volatile ListenerConfig config;
    private final EdgeLoops loops;
    private final Router router;
    private final StreamRegistry registry;
    private final ListenerLedger ledger;
    private volatile @Nullable TlsTerms tls;
    private final @Nullable Http2 http2;
    private volatile Admission admission;
    private volatile @Nullable ServerSocketChannel channel;
    private @Nullable Acceptor acceptor;

    /**
     * Reads the certificates; binds nothing yet.
     *
     * @throws IOException when a certificate or key cannot be used; the message names the file
     */
    Listener(
            ListenerConfig config, EdgeLoops loops, Router router, Accounts accounts, Http2Connections http2Connections)
            throws IOException {
        this.config = config;
        boolean http = config.kind() == ListenerKind.HTTP;
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

    public ListenerConfig config() {
        return config;
    }

    public ListenerLedger ledger() {
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

    /** Where it listens; null while it does not. */
    public @Nullable InetSocketAddress address() {
        ServerSocketChannel open = channel;
        try {
            return open == null ? null : (InetSocketAddress) open.getLocalAddress();
        } catch (IOException closed) {
            return null;
        }
    }

    /**
     * Binds, without accepting yet; does nothing when it is bound already. Clients wait in the backlog.
     *
     * @param shared whether another process of the same user may listen there too
     * @param settings those of the listener
     * @throws IOException when the address cannot be bound; the message names it
     */
    synchronized void bind(boolean shared, Settings settings) throws IOException {
        if (channel != null) {
            return;
        }
        InetSocketAddress address =
                new InetSocketAddress(config.bind().host(), config.bind().port());
        ServerSocketChannel opened = ServerSocketChannel.open();
        try {
            opened.configureBlocking(false);
            opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (shared) {
                opened.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            SocketTuning.apply(opened, settings);
            opened.bind(address, BACKLOG);
        } catch (IOException | RuntimeException taken) {
            opened.close();
            throw new IOException(
                    "listener '" + config.name() + "' cannot bind " + config.bind() + ": " + taken.getMessage(), taken);
        }
        channel = opened;
    }

    /** Accepts; does nothing when it does already, or is not bound. */
    synchronized void accept() {
        ServerSocketChannel bound = channel;
        if (bound != null && acceptor == null) {
            acceptor = Acceptor.start(loops.next(), bound, new Entrance());
            LOG.info("listener.open name={} kind={} bind={}", config.name(), config.kind(), address());
        }
    }

    /** What it accepts from now on has {@code settings}; does nothing while it does not listen. */
    synchronized void tune(Settings settings) {
        ServerSocketChannel open = channel;
        try {
            if (open != null) {
                SocketTuning.apply(open, settings);
            }
        } catch (IOException closed) {
            LOG.debug("listener closed before it was tuned", closed);
        }
    }

    /**
     * Takes the listening socket of {@code before}, which does not listen any more afterwards; there is no moment at
     * which nobody listens. The connections counted per address go with it.
     *
     * <p>Does nothing when {@code before} does not listen.
     */
    void takeOver(Listener before) {
        Acceptor handed;
        ServerSocketChannel socket;
        synchronized (before) {
            handed = before.acceptor;
            socket = before.channel;
            before.acceptor = null;
            before.channel = null;
        }
        if (handed == null) {
            return;
        }
        synchronized (this) {
            admission = before.admission.of(ledger);
            channel = socket;
            acceptor = handed;
        }
        handed.deliverTo(new Entrance());
        LOG.info("listener.change name={} was={} bind={}", config.name(), before.config.name(), address());
    }

    /**
     * From now on another process of the same user may listen at the same address, or may not any more.
     *
     * <p>Linux asks at the moment the other one binds, so that what listens already can begin to share.
     */
    synchronized void share(boolean shared) throws IOException {
        ServerSocketChannel open = channel;
        if (open != null) {
            open.setOption(StandardSocketOptions.SO_REUSEPORT, shared);
        }
    }

    /** Stops listening, and leaves nobody in the backlog. Not on a loop. */
    synchronized void handOver() {
        Acceptor open = acceptor;
        acceptor = null;
        channel = null;
        if (open != null) {
            open.stopEmpty();
            LOG.info("listener.handover name={} kind={} bind={}", config.name(), config.kind(), config.bind());
        }
    }

    /** Stops listening, after which the address is free; connections that were accepted go on. Not on a loop. */
    synchronized void close() {
        Acceptor open = acceptor;
        ServerSocketChannel bound = channel;
        acceptor = null;
        channel = null;
        if (open != null) {
            open.stop();
            LOG.info("listener.close name={} kind={} bind={}", config.name(), config.kind(), config.bind());
        } else if (bound != null) {
            try {
                bound.close();
            } catch (IOException gone) {
                LOG.debug("close failed", gone);
            }
        }
    }

    /** Lets connections in, by the limits of the table in force. */
    private final class Entrance implements Acceptor.Owner {
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

    /** @param early what came in so far, read already; lent until this returns */
    private void greet(SocketWire socket, ListenerRoutes here, ByteBuffer early, Runnable onGone) {
        TlsTerms terms = tls;
        if (config.kind() == ListenerKind.TLS_PASSTHROUGH) {
            long limit = here.settings().tlsHandshakeTimeout().toNanos();
            new PassThrough(socket, here, ledger, registry, onGone).await(limit, early);
        } else if (terms == null) {
            Arrival arrival = new Arrival(socket, config.name(), ledger, protocol(), false, null, null, onGone);
            openPair(arrival, "", here, early);
        } else {
            new Greeting(terms, here, onGone).start(socket, early);
        }
    }

    /** Lets in, or not, the client that a proxy in front announces. */
    private record Announced(Listener at, ListenerRoutes here, Admission.Visit visit) implements Announcement.Outcome {
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

    /** A TLS handshake under way, with its deadline. */
    private final class Greeting extends Deadline implements TlsWire.Handshake {
        private final TlsTerms terms;
        private final ListenerRoutes here;
        private final Runnable onGone;
        private @Nullable TlsWire wire;
        private boolean over;

        Greeting(TlsTerms terms, ListenerRoutes here, Runnable onGone) {
            this.terms = terms;
            this.here = here;
            this.onGone = onGone;
        }

        void start(SocketWire socket, ByteBuffer early) {
            socket.loop().arm(this, here.settings().tlsHandshakeTimeout().toNanos());
            TlsWire started = TlsWire.start(socket, terms.engine(), early, this);
            if (!over) {
                wire = started;
            }
        }

        @Override
        public void onEstablished(TlsWire established) {
            over = true;
            cancel();
            SSLSession session = established.engine().getSession();
            Arrival arrival;
            try {
                terms.checkResumed(session);
                arrival = new Arrival(
                        established,
                        config.name(),
                        ledger,
                        protocol(),
                        true,
                        TlsTerms.serverName(session),
                        terms.subject(session),
                        counted(TlsTerms.shown(session)));
            } catch (CertificateException refused) {
                established.close();
                failed(HandshakeFailure.ofCertificate(refused), established.remoteAddress());
                return;
            }
            openPair(arrival, established.engine().getApplicationProtocol(), here, NOTHING);
        }

        /** Counts the connection to the certificate it was shown, for as long as it lasts. */
        private Runnable counted(@Nullable X509Certificate shown) {
            if (shown == null) {
                return onGone;
            }
            CertificateUse use = terms.use();
            use.taken(shown);
            Runnable last = onGone;
            return () -> {
                use.gone(shown);
                last.run();
            };
        }

        @Override
        public void onHandshakeFailed(IOException cause, InetSocketAddress peer) {
            over = true;
            cancel();
            LOG.debug("handshake failed", cause);
            failed(HandshakeFailure.reason(cause), peer);
        }

        private void failed(Refusal reason, InetSocketAddress peer) {
            onGone.run();
            countRefusal(reason, peer);
        }

        @Override
        protected void onDeadline() {
            TlsWire greeted = wire;
            if (!over && greeted != null) {
                over = true;
                greeted.abandonHandshake();
                failed(Refusal.TLS_TIMEOUT, greeted.remoteAddress());
            }
        }
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

    private void refuse(SocketChannel accepted, Refusal refusal) {
        countRefusal(refusal, remoteAddress(accepted));
        try {
            accepted.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException gone) {
            LOG.debug("SO_LINGER failed", gone);
        }
        closeQuietly(accepted);
    }

    private void countRefusal(Refusal refusal, @Nullable InetSocketAddress remote) {
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
}
