package io.sluice.listen;

import io.sluice.account.ListenerLedger;
import io.sluice.account.Refusal;
import io.sluice.account.StreamRegistry;
import io.sluice.config.ListenerConfig;
import io.sluice.config.ListenerKind;
import io.sluice.config.Settings;
import io.sluice.connect.SocketTuning;
import io.sluice.loop.Acceptor;
import io.sluice.loop.EdgeLoop;
import io.sluice.loop.EdgeLoops;
import io.sluice.loop.SocketWire;
import io.sluice.loop.Wire;
import io.sluice.relay.Arrival;
import io.sluice.relay.DirectPair;
import io.sluice.relay.HttpPair;
import io.sluice.route.ListenerRoutes;
import io.sluice.route.Route;
import io.sluice.route.Router;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
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

    private final ListenerConfig config;
    private final EdgeLoops loops;
    private final Router router;
    private final StreamRegistry registry;
    private final ListenerLedger ledger;
    private final AddressCounts addresses = new AddressCounts();
    private volatile @Nullable ServerSocketChannel channel;

    Listener(ListenerConfig config, EdgeLoops loops, Router router, StreamRegistry registry, ListenerLedger ledger) {
        this.config = config;
        this.loops = loops;
        this.router = router;
        this.registry = registry;
        this.ledger = ledger;
    }

    public ListenerConfig config() {
        return config;
    }

    public ListenerLedger ledger() {
        return ledger;
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
     * Binds and starts accepting; does nothing when it does already.
     *
     * @throws IOException when the address cannot be bound; the message names it
     */
    synchronized void open() throws IOException {
        if (channel != null) {
            return;
        }
        InetSocketAddress address =
                new InetSocketAddress(config.bind().host(), config.bind().port());
        ServerSocketChannel opened = ServerSocketChannel.open();
        try {
            opened.configureBlocking(false);
            opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            opened.bind(address, BACKLOG);
        } catch (IOException | RuntimeException taken) {
            opened.close();
            throw new IOException(
                    "listener '" + config.name() + "' cannot bind " + config.bind() + ": " + taken.getMessage(), taken);
        }
        channel = opened;
        Acceptor.start(loops.next(), opened, this::accepted, ledger::exhausted);
        LOG.info("listener.open name={} kind={} bind={}", config.name(), config.kind(), address());
    }

    /** Stops listening; connections that were accepted go on. */
    synchronized void close() {
        ServerSocketChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException gone) {
                LOG.debug("close failed", gone);
            }
            LOG.info("listener.close name={} bind={}", config.name(), config.bind());
        }
    }

    private void accepted(SocketChannel accepted) {
        ListenerRoutes here = router.table().listener(config.name());
        if (!ledger.accepted(orNone(config.limits().connections()))) {
            refuse(accepted, Refusal.LISTENER_LIMIT);
        } else if (here == null) {
            ledger.gone();
            refuse(accepted, Refusal.UNKNOWN_HOST);
        } else {
            admit(accepted, here);
        }
    }

    private void admit(SocketChannel accepted, ListenerRoutes here) {
        InetSocketAddress remote = remoteAddress(accepted);
        if (remote == null
                || !addresses.take(remote.getAddress(), orNone(config.limits().connectionsPerAddress()))) {
            ledger.gone();
            refuse(accepted, Refusal.ADDRESS_LIMIT);
            return;
        }
        Runnable onGone = () -> {
            ledger.gone();
            addresses.giveBack(remote.getAddress());
        };
        try {
            SocketTuning.apply(accepted, here.settings());
            accepted.configureBlocking(false);
        } catch (IOException gone) {
            onGone.run();
            closeQuietly(accepted);
            return;
        }
        EdgeLoop loop = loops.next();
        loop.execute(() -> open(loop, accepted, here, onGone));
    }

    /** A limit of 0 is none. */
    private static int orNone(int limit) {
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    private void open(EdgeLoop loop, SocketChannel accepted, ListenerRoutes here, Runnable onGone) {
        Wire wire;
        try {
            wire = SocketWire.on(loop, accepted);
        } catch (IOException | RuntimeException gone) {
            onGone.run();
            closeQuietly(accepted);
            return;
        }
        Arrival arrival = new Arrival(wire, config.name(), ledger, false, null, onGone);
        openPair(arrival, here.only(), here.settings());
    }

    private void openPair(Arrival arrival, @Nullable Route only, Settings settings) {
        if (config.kind() == ListenerKind.HTTP) {
            HttpPair.open(arrival, router, registry, settings);
        } else if (only != null) {
            DirectPair.open(arrival, only, registry);
        } else {
            arrival.reset();
        }
    }

    private void refuse(SocketChannel accepted, Refusal refusal) {
        ledger.refusals().refused(refusal);
        InetSocketAddress remote = remoteAddress(accepted);
        if (remote != null) {
            registry.log().refused(config.name(), remote, "", refusal);
        }
        try {
            accepted.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException gone) {
            LOG.debug("SO_LINGER failed", gone);
        }
        closeQuietly(accepted);
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
