package io.sluice;

import io.sluice.account.Accounts;
import io.sluice.account.Kind;
import io.sluice.account.StreamLog;
import io.sluice.account.StreamRecord;
import io.sluice.demo.DemoState;
import io.sluice.listen.Listener;
import io.sluice.route.Liberator;
import io.sluice.route.LiberatorState;
import io.sluice.route.ListenerRoutes;
import io.sluice.route.Route;
import io.sluice.route.RoutingTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/** What the demo page shows, read from the appliance's own accounts. */
final class DemoView {
    private static final int STREAMS_SHOWN = 30;

    private final Appliance appliance;
    private final DoubleSupplier messagesPerSecond;

    DemoView(Appliance appliance, DoubleSupplier messagesPerSecond) {
        this.appliance = appliance;
        this.messagesPerSecond = messagesPerSecond;
    }

    DemoState state() {
        RoutingTable table = appliance.router().table();
        Accounts accounts = appliance.accounts();
        return new DemoState(
                Version.text(),
                Duration.between(appliance.startedAt(), Instant.now()).toMillis(),
                table.version(),
                messagesPerSecond.getAsDouble(),
                new DemoState.Stickiness(accounts.stickinessChecks(), accounts.stickinessViolations()),
                listeners(),
                routes(table),
                liberators(table),
                streams());
    }

    private List<DemoState.Listener> listeners() {
        List<DemoState.Listener> shown = new ArrayList<>();
        for (Listener each : appliance.listeners().all()) {
            String address = each.address() == null ? "closed" : StreamLog.address(each.address());
            shown.add(new DemoState.Listener(
                    each.config().name(),
                    address,
                    each.config().kind().name().toLowerCase(java.util.Locale.ROOT),
                    each.ledger().active()));
        }
        return shown;
    }

    private List<DemoState.Route> routes(RoutingTable table) {
        List<DemoState.Route> shown = new ArrayList<>();
        for (Route each : table.routes()) {
            if (!each.host().equals("*")) {
                shown.add(route("all HTTP", each.host(), each));
            }
        }
        for (ListenerRoutes each : table.listeners()) {
            Route only = each.only();
            if (only != null) {
                shown.add(route(each.config().name(), "any", only));
            }
        }
        return shown;
    }

    private DemoState.Route route(String listener, String match, Route route) {
        String told = route.settings().onDown().label();
        long open = appliance.accounts().streams().streams().stream()
                .filter(each -> each.ledger() == route.liberator().ledger())
                .filter(each -> match.equals("any")
                        ? each.origin().listener().equals(listener)
                        : each.host().equals(match))
                .count();
        return new DemoState.Route(listener, match, route.liberator().name(), told, open);
    }

    private static List<DemoState.Liberator> liberators(RoutingTable table) {
        List<DemoState.Liberator> shown = new ArrayList<>();
        for (Liberator each : table.liberators()) {
            Map<String, Long> open = new LinkedHashMap<>();
            long opened = 0;
            long toClientBytes = 0;
            for (Kind kind : Kind.values()) {
                open.put(kind.label(), (long) each.ledger().kind(kind).active());
                opened += each.ledger().kind(kind).total();
                toClientBytes += each.ledger().kind(kind).toClientBytes();
            }
            String state = each.health().state() == LiberatorState.DOWN ? "down" : "up";
            shown.add(new DemoState.Liberator(
                    each.name(), each.config().address().toString(), state, open, opened, toClientBytes));
        }
        return shown;
    }

    private List<DemoState.Stream> streams() {
        return appliance.accounts().streams().streams().stream()
                .sorted(Comparator.comparingLong(StreamRecord::id).reversed())
                .limit(STREAMS_SHOWN)
                .map(DemoView::stream)
                .toList();
    }

    private static DemoState.Stream stream(StreamRecord stream) {
        return new DemoState.Stream(
                Long.toHexString(stream.id()),
                stream.kind().label(),
                StreamLog.address(stream.origin().client()),
                stream.host().isEmpty() ? stream.origin().listener() : stream.host(),
                stream.ledger().liberator(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stream.openedNanos()),
                stream.toClientBytes(),
                null);
    }
}
