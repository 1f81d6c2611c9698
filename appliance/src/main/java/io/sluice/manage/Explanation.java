package io.sluice.manage;

import io.sluice.account.Refusal;
import io.sluice.config.AffinityConfig;
import io.sluice.config.HostAndPort;
import io.sluice.config.ListenerConfig;
import io.sluice.config.ListenerKind;
import io.sluice.config.RouteConfig;
import io.sluice.route.Asked;
import io.sluice.route.Assignment;
import io.sluice.route.Decision;
import io.sluice.route.Destination;
import io.sluice.route.HostName;
import io.sluice.route.Liberator;
import io.sluice.route.ListenerRoutes;
import io.sluice.route.Pool;
import io.sluice.route.Route;
import io.sluice.route.RoutingTable;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a table would do with a request or a connection, step by step, in the order in which it is done.
 *
 * <p>Lines are short: the window in which JConsole shows them is 48 characters wide.
 *
 * <p>The steps are told here; the result is always that of {@link RoutingTable#decide}.
 */
final class Explanation {
    private static final int MOST_HOSTS = 6;
    private static final String PREFILLED = "is 'String', which JConsole fills in";

    /**
     * Who asks.
     *
     * @param address null: nobody in particular
     * @param entry whether the listener would let it in; null: it is in
     * @param cookie the value of a pool's cookie; empty: none
     */
    record Client(@Nullable InetAddress address, @Nullable Entry entry, String cookie) {
        static final Client ANYBODY = new Client(null, null, "");
    }

    private final RoutingTable table;
    private final Client client;
    private final List<String> lines = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private Explanation(RoutingTable table, Client client) {
        this.table = table;
        this.client = client;
    }

    /** Null and blank stand for what was not given. */
    static String[] of(
            RoutingTable table,
            Client client,
            @Nullable String listener,
            @Nullable String serverName,
            @Nullable String host,
            @Nullable String path) {
        Explanation explanation = new Explanation(table, client);
        explanation.explain(plain(listener), plain(serverName), plain(host), plain(path));
        if (!explanation.problems.isEmpty()) {
            explanation.problems.add(0, "nothing to explain yet:");
            return explanation.problems.toArray(String[]::new);
        }
        return explanation.lines.toArray(String[]::new);
    }

    /** What was given, without the blanks around it; empty for nothing. */
    static String plain(@Nullable String text) {
        return text == null ? "" : text.strip();
    }

    /** The address that {@code client} is; null when it is none. */
    static @Nullable InetAddress address(String client) {
        return client.isEmpty() ? null : new HostAndPort(client, 1).literal();
    }

    /** In place of an explanation, when {@link #address} is null. */
    static String[] noAddress(String client) {
        return new String[] {"nothing to explain yet:", "client '" + client + "' is no address"};
    }

    private void explain(String listener, String serverName, String host, String path) {
        ListenerRoutes here = table.listener(listener);
        if (here == null) {
            problem(
                    "listener " + (listener.isEmpty() ? "is empty" : "'" + listener + "' is not defined"),
                    String.join(
                            ", ",
                            table.listeners().stream()
                                    .map(each -> each.config().name())
                                    .toList()));
        }
        if (here == null || here.config().kind() == ListenerKind.HTTP) {
            check(here, serverName, host, path);
        } else if (here.config().kind() == ListenerKind.TLS_PASSTHROUGH) {
            checkName(serverName, "a host name: it decides");
        }
        if (here == null || !problems.isEmpty()) {
            return;
        }
        step("table", "version " + table.version());
        ListenerConfig config = here.config();
        Route only = here.only();
        step(
                "listener",
                "'" + config.name() + "', " + config.kind().label()
                        + (only == null
                                ? ", routes by host"
                                : ", for '" + only.liberator().name() + "' alone"));
        Entry entry = client.entry();
        if (entry != null) {
            lines.addAll(entry.steps());
        }
        if (entry != null && entry.refusal() != null) {
            step("result", entry.refusal());
            return;
        }
        switch (config.kind()) {
            case DIRECT -> explainDirect(Objects.requireNonNull(only));
            case TLS_PASSTHROUGH -> explainPassThrough(here, HostName.canonical(serverName));
            case HTTP -> explainHttp(here, serverName, host, path.isEmpty() ? "/" : path);
        }
    }

    private void check(@Nullable ListenerRoutes here, String serverName, String host, String path) {
        checkName(serverName, "a host name; empty for plain HTTP");
        String hostsHere = here == null || here.only() != null ? "what stands in Host" : hosts(here.config());
        if (Described.isPrefilled(host)) {
            problem("host " + PREFILLED, hostsHere);
        } else if (host.isEmpty() && (here == null || here.only() == null)) {
            problem("host is empty", hostsHere);
        }
        String pathExpected = "a path that starts with /; empty for /";
        if (Described.isPrefilled(path)) {
            problem("path " + PREFILLED, pathExpected);
        } else if (!path.isEmpty() && !path.startsWith("/")) {
            problem("path '" + path + "' is none", pathExpected);
        }
    }

    private void checkName(String serverName, String expected) {
        if (Described.isPrefilled(serverName)) {
            problem("serverName " + PREFILLED, expected);
        } else if (!serverName.isEmpty() && HostName.canonical(serverName) == null) {
            problem("serverName '" + serverName + "' is none", expected);
        }
    }

    private void problem(String what, String expected) {
        problems.add(what);
        problems.add("  expected: " + expected);
    }

    private void explainDirect(Route only) {
        step("bytes", "relayed as they are, whatever they say");
        liberator(only, only.liberator().config().direct().toString());
        result(only.liberator());
    }

    private void explainPassThrough(ListenerRoutes here, @Nullable String serverName) {
        step("TLS name", serverName == null ? "none" : "'" + serverName + "'");
        step("bytes", "relayed as they are: TLS is the Liberator's");
        Decision decision = serverName == null
                ? Decision.refused(Refusal.UNKNOWN_SNI)
                : table.decide(here.config().name(), serverName, serverName, asked(here, serverName, "/"));
        if (serverName != null) {
            route(here, serverName, "/");
        }
        Route route = decision.route();
        Refusal refusal = decision.refusal();
        if (refusal != null || route == null) {
            refused(refusal == null || refusal == Refusal.UNKNOWN_HOST ? Refusal.UNKNOWN_SNI : refusal);
        } else {
            liberator(route, route.liberator().config().address().toString());
            step("result", "goes to Liberator '" + route.liberator().name() + "'");
        }
    }

    private void explainHttp(ListenerRoutes here, String serverName, String asked, String target) {
        String name = serverName.isEmpty() ? null : HostName.canonical(serverName);
        String host = asked.isEmpty() ? Objects.requireNonNullElse(name, "") : HostName.ofAuthority(asked);
        if (host == null) {
            step("host", "'" + asked + "' is malformed");
            refused(Refusal.NO_HOST);
            return;
        }
        step("host", asked.isEmpty() ? "any" : "'" + asked + "'");
        if (!asked.isEmpty() && !asked.equals(host)) {
            step("read as", "'" + host + "'");
        }
        boolean same = name == null || name.equals(host);
        step("TLS name", name == null ? "none" : "'" + name + "', " + (same ? "same as the host" : "not the host"));
        if (name != null && here.config().tls() == null) {
            step("but", "no client can send one here: no tls");
        }
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        Decision decision = table.decide(here.config().name(), name, host, asked(here, host, path));
        if (same) {
            route(here, host, path);
        }
        if (client.address() == null && decision.refusal() == Refusal.LIBERATOR_DOWN && isByAddress(here.find(host))) {
            step("pool", "each client by its address");
            step("result", "depends on it: explainClient says");
            return;
        }
        assignment(decision.assignment());
        Route route = decision.route();
        Refusal refusal = decision.refusal();
        if (refusal == Refusal.ROUTE_DISABLED && route != null) {
            step("because", refusal.sentence());
            step("result", "refused: " + route.settings().onDown().label() + ", " + refusal.label());
        } else if (refusal != null || route == null) {
            refused(Objects.requireNonNull(refusal));
        } else {
            liberator(route, route.liberator().config().address().toString());
            result(route.liberator());
        }
    }

    /** The request as a pool looks at it. */
    private Asked asked(ListenerRoutes here, String host, String path) {
        List<String> cookies =
                here.find(host) instanceof Pool pool ? PoolBean.cookieField(pool, client.cookie()) : List.of();
        return Asked.from(client.address(), path, cookies);
    }

    private static boolean isByAddress(@Nullable Destination destination) {
        return destination instanceof Pool pool && pool.affinity() instanceof AffinityConfig.Address;
    }

    private void assignment(@Nullable Assignment assignment) {
        if (assignment != null) {
            step("pool", assignment.evidence());
            step("so", assignment.outcome().sentence());
            step("cookie", PoolBean.cookieWord(assignment));
        }
    }

    private void route(ListenerRoutes here, String host, String path) {
        Destination destination = here.find(host);
        if (destination == null) {
            step("route", "none for this host");
            step("hosts", hosts(here.config()));
            return;
        }
        step(
                "route",
                destination == here.only()
                        ? "all hosts of the listener"
                        : "'" + destination.host() + "', "
                                + (destination.host().startsWith("*.") ? "wildcard" : "exact"));
        if (!(destination instanceof Route route)) {
            return;
        }
        step("path", "'" + path + "' is " + (route.denies(path) ? "denied" : "not denied"));
        List<String> denied = route.settings().denyPaths();
        step("denyPaths", denied.isEmpty() ? "none" : String.join(", ", denied));
    }

    private void liberator(Route route, String address) {
        Liberator liberator = route.liberator();
        Liberator.Health health = liberator.state();
        step("Liberator", "'" + liberator.name() + "' at " + address);
        step("state", health.state().toString());
        step("since", TextTable.instant(health.since()));
        step("because", health.reason());
        int active = liberator.ledger().connectionsActive();
        int most = liberator.config().maxConnections();
        step("room", active + " of " + most + " connections" + (active < most ? "" : ": FULL, refused now"));
        step("if down", route.settings().onDown().label());
    }

    private void result(Liberator liberator) {
        step(
                "result",
                liberator.standing().isInService()
                        ? "goes to Liberator '" + liberator.name() + "'"
                        : "refused, as out of service");
    }

    private void refused(Refusal refusal) {
        step("because", refusal.sentence());
        step("result", "refused: " + refusal.status() + ", " + refusal.label());
    }

    private String hosts(ListenerConfig listener) {
        List<String> hosts = table.config().routes().stream()
                .filter(each -> each.standsOn(listener))
                .map(RouteConfig::host)
                .toList();
        if (hosts.isEmpty()) {
            return "none";
        }
        return String.join(", ", hosts.subList(0, Math.min(MOST_HOSTS, hosts.size())))
                + (hosts.size() > MOST_HOSTS ? " and " + (hosts.size() - MOST_HOSTS) + " more" : "");
    }

    private void step(String subject, String sentence) {
        lines.add(String.format(Locale.ROOT, "%-9s  %s", subject, sentence));
    }
}
