package io.sluice.manage;

import io.sluice.config.ListenerConfig;
import io.sluice.config.OnDown;
import io.sluice.config.RouteConfig;
import io.sluice.config.Settings;
import io.sluice.config.SluiceConfig;
import io.sluice.route.Liberator;
import io.sluice.route.ListenerRoutes;
import io.sluice.route.Route;
import io.sluice.route.Router;
import io.sluice.route.RoutingTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The table in force. */
final class RoutingTableBean implements RoutingTableMXBean {
    private record Shown(RoutingTable table, List<RouteRow> rows, List<String> lines) {}

    private final Router router;
    private volatile @Nullable Shown shown;

    RoutingTableBean(Router router) {
        this.router = router;
    }

    @Override
    public long getVersion() {
        return router.table().version();
    }

    @Override
    public String getSince() {
        return TextTable.instant(router.table().since());
    }

    @Override
    public int getRoutesActive() {
        return router.table().routes().size();
    }

    @Override
    public String[] getRoutes() {
        return shown().lines().toArray(String[]::new);
    }

    @Override
    public RouteRow[] getRouteTable() {
        return shown().rows().toArray(RouteRow[]::new);
    }

    @Override
    public String[] explain(
            @Nullable String listener, @Nullable String serverName, @Nullable String host, @Nullable String path) {
        return Explanation.of(router.table(), listener, serverName, host, path);
    }

    /** A table never changes, so it is put into lines once. */
    private Shown shown() {
        RoutingTable table = router.table();
        Shown last = shown;
        if (last == null || last.table() != table) {
            List<RouteRow> rows = rows(table);
            last = new Shown(table, rows, lines(rows));
            shown = last;
        }
        return last;
    }

    private static List<RouteRow> rows(RoutingTable table) {
        List<RouteRow> rows = new ArrayList<>();
        for (ListenerRoutes each : table.listeners()) {
            Route only = each.only();
            if (only != null) {
                rows.add(
                        row(only.host(), only.liberator(), List.of(each.config().name()), only.settings()));
            }
        }
        Map<String, Liberator> liberators = new HashMap<>();
        table.liberators().forEach(each -> liberators.put(each.name(), each));
        SluiceConfig config = table.config();
        for (RouteConfig each : config.routes()) {
            List<String> standsOn = config.listeners().stream()
                    .filter(each::standsOn)
                    .map(ListenerConfig::name)
                    .toList();
            for (String name : each.liberators()) {
                Liberator liberator = Objects.requireNonNull(liberators.get(name));
                rows.add(row(each.host(), liberator, standsOn, config.settingsFor(each, liberator.config(), null)));
            }
        }
        return rows;
    }

    private static RouteRow row(String host, Liberator liberator, List<String> listeners, Settings settings) {
        return new RouteRow(
                host,
                liberator.name(),
                liberator.config().address().toString(),
                listeners.toArray(String[]::new),
                settings.denyPaths().toArray(String[]::new),
                text(settings.onDown()));
    }

    private static List<String> lines(List<RouteRow> rows) {
        TextTable table = new TextTable("<<<", "host", "liberator", "listeners");
        for (RouteRow row : rows) {
            table.row(row.getHost(), row.getLiberator(), String.join(",", row.getListeners()));
        }
        return List.of(table.lines());
    }

    /** As in the configuration file. */
    static String text(OnDown onDown) {
        String name = onDown.name();
        return name.substring(name.lastIndexOf('_') + 1).toLowerCase(Locale.ROOT);
    }
}
