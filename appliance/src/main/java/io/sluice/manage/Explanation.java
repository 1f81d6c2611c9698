package io.sluice.manage;

import io.sluice.account.Refusal;
import io.sluice.config.ListenerConfig;
import io.sluice.config.ListenerKind;
import io.sluice.config.RouteConfig;
import io.sluice.route.Decision;
import io.sluice.route.HostName;
import io.sluice.route.Liberator;
import io.sluice.route.ListenerRoutes;
import io.sluice.route.Route;
import io.sluice.route.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a table would do with a request or a connection, step by step, in the order in which it is done.
 *
 * <p>The steps are told here; the result is always that of {@link RoutingTable#decide}.
 */
final class Explanation {
    private static final int MOST_HOSTS = 6;

    private final RoutingTable table;
    private final List<String> lines = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private Explanation(RoutingTable table) {
        this.table = table;
    }

    /** Null and blank stand for what was not given. */
    static String[] of(
            RoutingTable table,
            @Nullable String listener,
            @Nullable String serverName,
            @Nullable String host,
            @Nullable String path) {
        Explanation explanation = new Explanation(table);
        explanation.explain(plain(listener), plain(serverName), plain(host), plain(path));
        if (!explanation.problems.isEmpty()) {
            explanation.problems.add(0, "nothing to explain yet:");
            return explanation.problems.toArray(String[]::new);
        }
        return explanation.lines.toArray(String[]::new);
    }

    private static String plain(@Nullable String text) {
        return text == null ? "" : text.strip();
    }

    private void explain(String listener, String serverName, String host, String path) {
        ListenerRoutes here = table.listener(listener);
        if (here == null) {
            problems.add("listener " + (listener.isEmpty() ? "is empty" : "'" + listener + "' is not defined")
                    + " (listeners: "
                    + String.join(
                            ", ",
                            table.listeners().stream()
                                    .map(each -> each.config().name())
                                    .toList())
                    + ")");
        }
        if (here == null || here.config().kind() == ListenerKind.HTTP) {
            check(here, serverName, host, path);
        }
        if (here == null || !problems.isEmpty()) {
            return;
        }
        step("table", "version " + table.version() + ", in force since " + table.since());
        ListenerConfig config = here.config();
        Route only = here.only();
        step(
                "listener",
                "'" + config.name() + "', " + config.kind().name().toLowerCase(Locale.ROOT) + " on " + config.bind()
                        + (only == null
                                ? ", routes by host"
                                : ", for Liberator '" + only.liberator().name() + "' alone"));
        if (config.kind() == ListenerKind.DIRECT) {
            explainDirect(Objects.requireNonNull(only));
        } else {
            explainHttp(here, serverName, host, path.isEmpty() ? "/" : path);
        }
    }

    private void check(@Nullable ListenerRoutes here, String serverName, String host, String path) {
        if (Described.isPrefilled(serverName)) {
            problems.add("serverName is 'String', the word JConsole fills in (expected: a host name; empty for plain"
                    + " HTTP)");
        } else if (!serverName.isEmpty() && HostName.canonical(serverName) == null) {
            problems.add("serverName '" + serverName + "' is no host name (expected: a host name without a port; empty"
                    + " for plain HTTP)");
        }
        if (Described.isPrefilled(host)) {
            problems.add("host is 'String', the word JConsole fills in (expected: what stands in Host)");
        } else if (host.isEmpty() && (here == null || here.only() == null)) {
            problems.add("host is empty" + (here == null ? "" : " (hosts here: " + hosts(here.config()) + ")"));
        }
        if (Described.isPrefilled(path)) {
            problems.add("path is 'String', the word JConsole fills in (expected: a path; empty for /)");
        } else if (!path.isEmpty() && !path.startsWith("/")) {
            problems.add("path '" + path + "' does not start with / (expected: a path; empty for /)");
        }
    }

    private void explainDirect(Route only) {
        step("bytes", "relayed as they are; no host and no path is looked at");
        liberator(only, only.liberator().config().direct().toString());
        step("result", "goes to Liberator '" + only.liberator().name() + "'");
    }

    private void explainHttp(ListenerRoutes here, String serverName, String asked, String target) {
        String name = serverName.isEmpty() ? null : HostName.canonical(serverName);
        String host = asked.isEmpty() ? Objects.requireNonNullElse(name, "") : HostName.ofAuthority(asked);
        if (host == null) {
            step("host", "'" + asked + "' is malformed");
            refused(Refusal.NO_HOST);
            return;
        }
        step("host", asked.isEmpty() ? "any, as this listener serves all" : read(asked, host));
        boolean same = name == null || name.equals(host);
        step("TLS name", name == null ? "none, so nothing to compare" : compared(serverName, name, same, here));
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        Decision decision = table.decide(here.config().name(), name, host, path);
        if (same) {
            route(here, host, path);
        }
        Route route = decision.route();
        Refusal refusal = decision.refusal();
        if (refusal != null || route == null) {
            refused(Objects.requireNonNull(refusal));
        } else {
            liberator(route, route.liberator().config().address().toString());
            step("result", "goes to Liberator '" + route.liberator().name() + "'");
        }
    }

    private static String read(String asked, String host) {
        return asked.equals(host) ? "'" + host + "'" : "'" + asked + "' is read as '" + host + "'";
    }

    private static String compared(String given, String name, boolean same, ListenerRoutes here) {
        return read(given, name)
                + (same ? ", same as the host" : ", not the host")
                + (here.config().tls() == null ? " (no client can send one here: no tls)" : "");
    }

    private void route(ListenerRoutes here, String host, String path) {
        Route route = here.find(host);
        if (route == null) {
            step("route", "none for '" + host + "' here (hosts here: " + hosts(here.config()) + ")");
            return;
        }
        String found = route == here.only()
                ? "all hosts of the listener"
                : "'" + route.host() + "'" + (route.host().startsWith("*.") ? ", wildcard" : ", exact");
        step("route", found + ", to Liberator '" + route.liberator().name() + "'");
        List<String> denied = route.settings().denyPaths();
        step(
                "path",
                "'" + path + "' is " + (route.denies(path) ? "" : "not ") + "denied ("
                        + (denied.isEmpty() ? "denyPaths is empty" : "denyPaths: " + String.join(", ", denied)) + ")");
    }

    private void liberator(Route route, String address) {
        Liberator liberator = route.liberator();
        Liberator.Health health = liberator.health();
        step("Liberator", "'" + liberator.name() + "' at " + address);
        step("state", health.state() + " since " + health.since() + ": " + health.reason());
        int active = liberator.ledger().connectionsActive();
        int most = liberator.config().maxConnections();
        step("room", active + " of " + most + " connections" + (active < most ? "" : ": FULL, refused for now"));
        step("if down", RoutingTableBean.text(route.settings().onDown()));
    }

    private void refused(Refusal refusal) {
        step("result", "refused: " + refusal.status() + ", " + refusal.sentence() + " (" + refusal.label() + ")");
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
