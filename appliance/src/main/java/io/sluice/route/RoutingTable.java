package io.sluice.route;

import io.sluice.account.Accounts;
import io.sluice.config.LiberatorConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.RouteConfig;
import io.sluice.config.SluiceConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private RoutingTable(
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
        long version = before == null ? 1 : before.version + 1;
        Map<String, Liberator> liberators = new LinkedHashMap<>();
        for (LiberatorConfig each : config.liberators()) {
            Liberator old = before == null ? null : before.liberators.get(each.name());
            liberators.put(each.name(), new Liberator(each, accounts.liberator(each.name()), old));
        }
        List<Route> routes = new ArrayList<>();
        Map<String, ListenerRoutes> listeners = new LinkedHashMap<>();
        for (ListenerConfig each : config.listeners()) {
            Route only = null;
            if (each.liberator() != null) {
                Liberator liberator = known(liberators, each.liberator());
                only = new Route(
                        "*", each.liberator(), liberator, config.settingsFor(null, liberator.config(), each), version);
                routes.add(only);
            }
            listeners.put(each.name(), new ListenerRoutes(each, config.settingsFor(null, null, each), only));
        }
        for (RouteConfig each : config.routes()) {
            addRoute(config, each, version, liberators, accounts, listeners.values(), routes);
        }
        return new RoutingTable(version, config, liberators, listeners, routes);
    }

    private static void addRoute(
            SluiceConfig config,
            RouteConfig each,
            long version,
            Map<String, Liberator> liberators,
            Accounts accounts,
            Collection<ListenerRoutes> listeners,
            List<Route> routes) {
        Destination shared = destination(config, each, null, version, liberators, accounts);
        routes.addAll(shared instanceof Pool pool ? pool.routes() : List.of((Route) shared));
        for (ListenerRoutes listener : listeners) {
            if (each.standsOn(listener.config())) {
                boolean same = each.liberators().stream()
                        .map(name -> known(liberators, name).config())
                        .allMatch(liberator -> config.settingsFor(each, liberator, listener.config())
                                .equals(config.settingsFor(each, liberator, null)));
                listener.add(
                        same ? shared : destination(config, each, listener.config(), version, liberators, accounts));
            }
        }
    }

    /** @param listener the listener whose settings count below those of route and Liberator; null for none */
    private static Destination destination(
            SluiceConfig config,
            RouteConfig each,
            @Nullable ListenerConfig listener,
            long version,
            Map<String, Liberator> liberators,
            Accounts accounts) {
        PoolConfig pool = each.pool();
        if (pool == null) {
            return route(config, each, each.liberator(), listener, version, liberators);
        }
        List<Pool.Member> members = pool.members().stream()
                .map(member -> new Pool.Member(
                        route(config, each, member.liberator(), listener, version, liberators),
                        member.weight(),
                        member.path()))
                .toList();
        return new Pool(each.host(), members, pool.affinity(), accounts.pool(each.host()));
    }

    private static Route route(
            SluiceConfig config,
            RouteConfig each,
            String name,
            @Nullable ListenerConfig listener,
            long version,
            Map<String, Liberator> liberators) {
        Liberator liberator = known(liberators, name);
        return new Route(each.host(), name, liberator, config.settingsFor(each, liberator.config(), listener), version);
    }

    private static Liberator known(Map<String, Liberator> liberators, String name) {
        return Objects.requireNonNull(liberators.get(name), () -> "unchecked configuration: no Liberator " + name);
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
