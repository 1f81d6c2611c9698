package io.sluice.route;

import io.sluice.account.Ledger;
import io.sluice.account.PoolLedger;
import io.sluice.config.LiberatorConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.RouteConfig;
import io.sluice.config.SluiceConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes one {@link RoutingTable} of a checked configuration. */
final class TableBuilder {
    private final SluiceConfig config;
    private final @Nullable RoutingTable before;
    private final Function<String, Ledger> ledgers;
    private final Function<String, PoolLedger> poolLedgers;
    private final long version;
    private final Map<String, Liberator> liberators = new LinkedHashMap<>();
    private final Map<String, ListenerRoutes> listeners = new LinkedHashMap<>();
    private final List<Route> routes = new ArrayList<>();

    /**
     * @param before the table in force; null at the start
     * @param ledgers the ledger of a Liberator, by its name
     * @param poolLedgers the ledger of a pool, by its host
     */
    TableBuilder(
            SluiceConfig config,
            @Nullable RoutingTable before,
            Function<String, Ledger> ledgers,
            Function<String, PoolLedger> poolLedgers) {
        this.config = config;
        this.before = before;
        this.ledgers = ledgers;
        this.poolLedgers = poolLedgers;
        this.version = before == null ? 1 : before.version() + 1;
    }

    RoutingTable build() {
        for (LiberatorConfig each : config.liberators()) {
            Liberator old = before == null ? null : before.liberator(each.name());
            liberators.put(each.name(), new Liberator(each, ledgers.apply(each.name()), old));
        }
        for (ListenerConfig each : config.listeners()) {
            Route only = only(each);
            if (only != null) {
                routes.add(only);
            }
            listeners.put(each.name(), new ListenerRoutes(each, config.settingsFor(null, null, each), only));
        }
        config.routes().forEach(this::add);
        return new RoutingTable(version, config, liberators, listeners, routes);
    }

    private @Nullable Route only(ListenerConfig listener) {
        if (listener.liberator() == null) {
            return null;
        }
        Liberator liberator = known(listener.liberator());
        return new Route(
                "*",
                listener.liberator(),
                liberator,
                config.settingsFor(null, liberator.config(), listener),
                false,
                version);
    }

    private void add(RouteConfig each) {
        Destination shared = destination(each, null);
        routes.addAll(shared instanceof Pool pool ? pool.routes() : List.of((Route) shared));
        for (ListenerRoutes listener : listeners.values()) {
            if (each.standsOn(listener.config())) {
                boolean same = each.liberators().stream()
                        .map(name -> known(name).config())
                        .allMatch(liberator -> config.settingsFor(each, liberator, listener.config())
                                .equals(config.settingsFor(each, liberator, null)));
                listener.add(same ? shared : destination(each, listener.config()));
            }
        }
    }

    /** @param listener the listener whose settings count below those of route and Liberator; null for none */
    private Destination destination(RouteConfig each, @Nullable ListenerConfig listener) {
        PoolConfig pool = each.pool();
        if (pool == null) {
            return route(each, each.liberator(), listener);
        }
        List<Pool.Member> members = pool.members().stream()
                .map(member ->
                        new Pool.Member(route(each, member.liberator(), listener), member.weight(), member.path()))
                .toList();
        return new Pool(each.host(), members, pool.affinity(), each.disabled(), poolLedgers.apply(each.host()));
    }

    private Route route(RouteConfig each, String name, @Nullable ListenerConfig listener) {
        Liberator liberator = known(name);
        return new Route(
                each.host(),
                name,
                liberator,
                config.settingsFor(each, liberator.config(), listener),
                each.disabled(),
                version);
    }

    private Liberator known(String name) {
        return Objects.requireNonNull(liberators.get(name), () -> "unchecked configuration: no Liberator " + name);
    }
}
