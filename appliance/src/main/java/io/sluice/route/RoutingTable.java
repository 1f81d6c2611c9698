package io.sluice.route;

import io.sluice.account.Accounts;
import io.sluice.account.Ledger;
import io.sluice.account.StreamLog;
import io.sluice.config.SluiceConfig;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All routes at one version: immutable, so that a request is decided by one state of it from start to end.
 */
public final class RoutingTable {
    private final long version;
    private final Instant since = Instant.now();
    private final SluiceConfig config;
    private final Map<String, Liberator> liberators;
    private final Map<String, ListenerRoutes> listeners;
    private final List<Route> routes;

    RoutingTable(
            long version,
            SluiceConfig config,
            Map<String, Liberator> liberators,
            Map<String, ListenerRoutes> listeners,
            List<Route> routes) {
        this.version = version;
        this.config = config;
        this.liberators = liberators;
        this.listeners = listeners;
        this.routes = routes;
    }

    /**
     * Builds the table of a checked configuration.
     *
     * @param before the table in force, whose ledgers and knowledge of each Liberator's health are taken over;
     *     null at the start
     */
    public static RoutingTable of(SluiceConfig config, Accounts accounts, @Nullable RoutingTable before) {
        return new TableBuilder(config, before, accounts::liberator, accounts::pool).build();
    }

    /** The table that would come after {@code before}; for looking only: it leaves no trace in the accounts. */
    public static RoutingTable preview(SluiceConfig config, RoutingTable before) {
        Accounts scratch = new Accounts(new StreamLog(Set.of()));
        return new TableBuilder(config, before, name -> before.ledgerOr(scratch, name), scratch::pool).build();
    }

    private Ledger ledgerOr(Accounts accounts, String liberator) {
        Liberator known = liberators.get(liberator);
        return known == null ? accounts.liberator(liberator) : known.ledger();
    }

    @Nullable
    Liberator liberator(String name) {
        return liberators.get(name);
    }

    /**
     * Decides one request.
     *
     * @param listener the name of the listener it came through
     * @param serverName the canonical TLS server name; null when there was none
     * @param host the canonical host name asked for
     * @param asked the rest of the request
     */
    public Decision decide(String listener, @Nullable String serverName, String host, Asked asked) {
        return ListenerRoutes.decide(listeners.get(listener), serverName, host, asked);
    }

    public long version() {
        return version;
    }

    public Instant since() {
        return since;
    }

    public SluiceConfig config() {
        return config;
    }

    public Collection<Liberator> liberators() {
        return liberators.values();
    }

    public @Nullable ListenerRoutes listener(String name) {
        return listeners.get(name);
    }

    public Collection<ListenerRoutes> listeners() {
        return listeners.values();
    }

    /** Every pool, once for each listener whose settings make it another one. */
    public List<Pool> pools() {
        return listeners.values().stream()
                .flatMap(ListenerRoutes::destinations)
                .filter(Pool.class::isInstance)
                .map(Pool.class::cast)
                .distinct()
                .toList();
    }

    /** Every route once, those of single-Liberator listeners first. */
    public List<Route> routes() {
        return routes;
    }
}
