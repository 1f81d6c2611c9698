package io.sluice.route;

import io.sluice.account.Accounts;
import io.sluice.config.LiberatorConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.ListenerKind;
import io.sluice.config.RouteConfig;
import io.sluice.config.Settings;
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
                only = new Route("*", liberator, config.settingsFor(null, liberator.config(), each));
                routes.add(only);
            }
            listeners.put(each.name(), new ListenerRoutes(each, config.settingsFor(null, null, each), only));
        }
        for (RouteConfig each : config.routes()) {
            addRoute(config, each, liberators, listeners.values(), routes);
        }
        return new RoutingTable(before == null ? 1 : before.version + 1, config, liberators, listeners, routes);
    }

    private static void addRoute(
            SluiceConfig config,
            RouteConfig each,
            Map<String, Liberator> liberators,
            Collection<ListenerRoutes> listeners,
            List<Route> routes) {
        Liberator liberator = known(liberators, each.liberator());
        Settings settings = config.settingsFor(each, liberator.config(), null);
        Route shared = new Route(each.host(), liberator, settings);
        routes.add(shared);
        for (ListenerRoutes listener : listeners) {
            ListenerConfig on = listener.config();
            boolean serves = each.listeners().isEmpty() || each.listeners().contains(on.name());
            if (serves && on.kind() == ListenerKind.HTTP && listener.only() == null) {
                Settings here = config.settingsFor(each, liberator.config(), on);
                listener.add(here.equals(settings) ? shared : new Route(each.host(), liberator, here));
            }
        }
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
     * @param path the path asked for, without its query, as it came
     */
    public Decision decide(String listener, @Nullable String serverName, String host, String path) {
        return ListenerRoutes.decide(listeners.get(listener), serverName, host, path);
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

    /** Every route once, those of single-Liberator listeners first. */
    public List<Route> routes() {
        return routes;
    }
}
