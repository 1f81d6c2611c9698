package io.sluice.listen;

import io.sluice.account.Accounts;
import io.sluice.config.ListenerConfig;
import io.sluice.config.OnDown;
import io.sluice.http2.Http2Connections;
import io.sluice.loop.EdgeLoops;
import io.sluice.route.Liberator;
import io.sluice.route.LiberatorState;
import io.sluice.route.ListenerRoutes;
import io.sluice.route.Route;
import io.sluice.route.Router;
import io.sluice.route.RoutingTable;
import io.sluice.tls.WatchedFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of the table in force. Adding and removing one touches no connection.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final EdgeLoops loops;
    private final Router router;
    private final Accounts accounts;
    private final Http2Connections http2 = new Http2Connections();
    private Map<String, Listener> listeners = new LinkedHashMap<>();
    private boolean shared;
    private boolean closed;

    /** Has no listeners yet; {@link #prepare} and {@link #commit} give it some. */
    public Listeners(EdgeLoops loops, Router router, Accounts accounts) {
        this.loops = loops;
        this.router = router;
        this.accounts = accounts;
    }

    /** What {@link #prepare} bound; either {@link #commit} or {@link #abandon} it. */
    public static final class Prepared {
        private final Map<String, Listener> next = new LinkedHashMap<>();
        private final List<Listener> opened = new ArrayList<>();
        /** New listener to the one whose socket it takes over. */
        private final Map<Listener, Listener> takenOver = new LinkedHashMap<>();

        private final List<Runnable> changes = new ArrayList<>();
        private final RoutingTable table;

        private Prepared(RoutingTable table) {
            this.table = table;
        }
    }

    /**
     * Binds what {@code table} has and the table in force has not, and reads every certificate again. A listener whose
     * name and rules stay the same is kept, also when its certificates or its TLS change; one that changes other rules
     * at the same address takes the listening socket over when the change is committed, so that the address never
     * stops listening.
     *
     * @throws IOException when an address cannot be bound or a certificate cannot be used; everything is then as it was
     */
    public synchronized Prepared prepare(RoutingTable table) throws IOException {
        Prepared prepared = new Prepared(table);
        try {
            for (ListenerRoutes each : table.listeners()) {
                ListenerConfig config = each.config();
                Listener old = listeners.get(config.name());
                Listener listener = old != null && isSame(old.config(), config) ? old : make(each, prepared);
                if (listener == old) {
                    prepared.changes.add(old.prepare(config));
                }
                prepared.next.put(config.name(), listener);
            }
            return prepared;
        } catch (IOException taken) {
            abandon(prepared);
            throw taken;
        }
    }

    private Listener make(ListenerRoutes here, Prepared prepared) throws IOException {
        ListenerConfig config = here.config();
        Listener listener = new Listener(config, loops, router, accounts, http2);
        for (Listener old : listeners.values()) {
            if (old.address() != null && isSameAddress(old.config(), config)) {
                prepared.takenOver.put(listener, old);
                return listener;
            }
        }
        if (!isClosedForHealth(here) && !closed) {
            listener.bind(shared, here.settings());
            prepared.opened.add(listener);
        }
        return listener;
    }

    /** Under another name, port 0 asks for another port. */
    private static boolean isSameAddress(ListenerConfig old, ListenerConfig now) {
        return old.bind().equals(now.bind())
                && (now.bind().port() != 0 || old.name().equals(now.name()));
    }

    private static boolean isSame(ListenerConfig old, ListenerConfig now) {
        return old.bind().equals(now.bind())
                && old.kind() == now.kind()
                && old.protocols().equals(now.protocols());
    }

    /** Tells every HTTP client to bring its next request on another connection; what is open goes on. */
    public void goAway() {
        router.leave();
        http2.drain();
    }

    /**
     * Makes the prepared listeners the ones in force, and closes those that are no longer in the table. The table
     * must be published by now: listeners look their routes up in it by name.
     */
    public synchronized void commit(Prepared prepared) {
        Map<String, Listener> before = listeners;
        listeners = prepared.next;
        prepared.takenOver.forEach(Listener::takeOver);
        prepared.opened.forEach(Listener::accept);
        prepared.changes.forEach(Runnable::run);
        for (Listener old : before.values()) {
            if (!prepared.next.containsValue(old)) {
                old.close();
            }
        }
        for (ListenerRoutes here : prepared.table.listeners()) {
            follow(here);
            Listener listener = listeners.get(here.config().name());
            if (listener != null) {
                listener.tune(here.settings());
            }
        }
    }

    /** Closes what was bound in vain; nobody was accepted there. */
    public synchronized void abandon(Prepared prepared) {
        prepared.opened.forEach(Listener::close);
    }

    private void reopen(Listener listener, ListenerRoutes here) {
        try {
            listener.bind(shared, here.settings());
            listener.accept();
        } catch (IOException taken) {
            LOG.error(
                    "listener.lost name={} cause=\"{}\" action=\"stays closed until its Liberator's health changes or"
                            + " a reload; free the address, then reload\"",
                    listener.config().name(),
                    taken.getMessage());
        }
    }

    /**
     * A Liberator's state has changed: a listener that stands for it alone, and shall refuse while it is down,
     * closes and opens with it.
     */
    public synchronized void healthChanged(Liberator liberator) {
        for (ListenerRoutes here : router.table().listeners()) {
            Route only = here.only();
            if (only != null && only.liberator() == liberator) {
                follow(here);
            }
        }
    }

    /** Listens, or does not, as the health of its Liberator asks for. */
    private void follow(ListenerRoutes here) {
        Listener listener = listeners.get(here.config().name());
        if (listener == null || closed) {
            return;
        }
        if (isClosedForHealth(here)) {
            listener.close();
        } else {
            reopen(listener, here);
        }
    }

    private static boolean isClosedForHealth(ListenerRoutes here) {
        Route only = here.only();
        return only != null
                && only.settings().onDown() == OnDown.REFUSE
                && (only.liberator().health().state() == LiberatorState.DOWN
                        || !only.liberator().standing().isInService());
    }

    /** The files that certificates in use were read from. */
    public synchronized Collection<WatchedFiles> files() {
        return listeners.values().stream()
                .map(Listener::tls)
                .filter(Objects::nonNull)
                .map(TlsTerms::files)
                .toList();
    }

    public synchronized @Nullable Listener listener(String name) {
        return listeners.get(name);
    }

    public synchronized Collection<Listener> all() {
        return List.copyOf(listeners.values());
    }

    /**
     * From now on another process of the same user may listen at the same addresses, or may not any more. Without it
     * a second process gets an error, as it should: two that share an address by mistake get half of the clients each.
     */
    public synchronized void share(boolean sharing) throws IOException {
        shared = sharing;
        for (Listener each : listeners.values()) {
            each.share(sharing);
        }
    }

    /** Another process listens at the addresses: leaves them to it, for good, after taking whoever waits. */
    public synchronized void handOver() {
        closed = true;
        listeners.values().forEach(Listener::handOver);
    }

    /** Stops listening everywhere, for good; open connections go on. */
    public synchronized void close() {
        closed = true;
        listeners.values().forEach(Listener::close);
    }
}
