package io.sluice.listen;

import io.sluice.account.Accounts;
import io.sluice.account.ListenerLedger;
import io.sluice.account.StreamLog;
import io.sluice.config.ListenerConfig;
import io.sluice.config.Settings;
import io.sluice.connect.SocketTuning;
import io.sluice.http2.Http2Connections;
import io.sluice.loop.Acceptor;
import io.sluice.loop.EdgeLoops;
import io.sluice.route.Router;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listening address: binds it, has its {@link Entrance} accept there, hands it on, and lets go of it.
 *
 * <p><b>Threading:</b> any thread, but for what must not come from a loop.
 */
public final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final int BACKLOG = 4096;

    private final EdgeLoops loops;
    private final Entrance entrance;
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
        this.loops = loops;
        this.entrance = new Entrance(config, loops, router, accounts, http2Connections);
    }

    public ListenerConfig config() {
        return entrance.config();
    }

    public ListenerLedger ledger() {
        return entrance.ledger();
    }

    /** Null while it talks plainly. */
    @Nullable
    TlsTerms tls() {
        return entrance.tls();
    }

    /**
     * Reads the certificates of a configuration in which nothing but TLS may differ.
     *
     * @return puts it in force for new connections
     * @throws IOException when a certificate or key cannot be used; the message names the file
     */
    Runnable prepare(ListenerConfig next) throws IOException {
        return entrance.prepare(next);
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
        ListenerConfig config = config();
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

    private String bound() {
        InetSocketAddress address = address();
        return address == null ? config().bind().toString() : StreamLog.address(address);
    }

    /** Accepts; does nothing when it does already, or is not bound. */
    synchronized void accept() {
        ServerSocketChannel bound = channel;
        if (bound != null && acceptor == null) {
            acceptor = Acceptor.start(loops.next(), bound, entrance);
            LOG.info("listener.open name={} kind={} bind={}", config().name(), config().kind(), bound());
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
            entrance.inherit(before.entrance);
            channel = socket;
            acceptor = handed;
        }
        handed.deliverTo(entrance);
        LOG.info(
                "listener.change name={} was={} bind={}",
                config().name(),
                before.config().name(),
                bound());
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
            LOG.info("listener.handover name={} kind={} bind={}", config().name(), config().kind(), config().bind());
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
            LOG.info("listener.close name={} kind={} bind={}", config().name(), config().kind(), config().bind());
        } else if (bound != null) {
            try {
                bound.close();
            } catch (IOException gone) {
                LOG.debug("close failed", gone);
            }
        }
    }
}
