package io.sluice.manage;

import io.sluice.account.Accounts;
import io.sluice.account.StreamRegistry;
import io.sluice.config.ConfigEdit;
import io.sluice.config.ConfigEdit.Field;
import io.sluice.config.ConfigEdit.Part;
import io.sluice.config.ListenerConfig;
import io.sluice.config.Problem;
import io.sluice.config.RouteConfig;
import io.sluice.config.Settings;
import io.sluice.config.SluiceConfig;
import io.sluice.route.Liberator;
import io.sluice.route.ListenerRoutes;
import io.sluice.route.Route;
import io.sluice.route.Router;
import io.sluice.route.RoutingTable;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The table in force, and how it changes: every change is one of {@link Generations}. */
final class RoutingTableBean implements RoutingTableMXBean {
    private record Shown(RoutingTable table, List<RouteRow> rows, List<String> lines, String fingerprint) {}

    private static final int WIDTH = 60;
    private static final int MOST_COMMENT_CHARS = 200;

    private final Router router;
    private final Accounts accounts;
    private final StreamRegistry streams;
    private final Generations generations;
    private final Supplier<Collection<ListenerBean>> listeners;
    private volatile @Nullable Shown shown;

    RoutingTableBean(
            Router router, Accounts accounts, Generations generations, Supplier<Collection<ListenerBean>> listeners) {
        this.router = router;
        this.accounts = accounts;
        this.streams = accounts.streams();
        this.generations = generations;
        this.listeners = listeners;
    }

    @Override
    public long getVersion() {
        return router.table().version();
    }

    @Override
    public String getFingerprint() {
        return shown().fingerprint();
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
    public String[] getDeadlines() {
        return DeadlineTable.of(router.table().config(), accounts);
    }

    @Override
    public String[] explain(
            @Nullable String listener, @Nullable String serverName, @Nullable String host, @Nullable String path) {
        return Explanation.of(router.table(), Explanation.Client.ANYBODY, listener, serverName, host, path);
    }

    @Override
    public String[] explainClient(
            @Nullable String client,
            @Nullable String listener,
            @Nullable String serverName,
            @Nullable String host,
            @Nullable String path,
            @Nullable String cookie) {
        String name = Explanation.plain(listener);
        ListenerBean here = live(name);
        boolean listening = here != null && here.isListening();
        return ofClient(router.table(), listening, client, name, serverName, host, path, cookie);
    }

    @Override
    public String[] explainClientStaged(
            @Nullable String client,
            @Nullable String listener,
            @Nullable String serverName,
            @Nullable String host,
            @Nullable String path,
            @Nullable String cookie) {
        RoutingTable staged = generations.requireStaged().preview();
        return ofClient(staged, true, client, Explanation.plain(listener), serverName, host, path, cookie);
    }

    private String[] ofClient(
            RoutingTable table,
            boolean listening,
            @Nullable String client,
            String listener,
            @Nullable String serverName,
            @Nullable String host,
            @Nullable String path,
            @Nullable String cookie) {
        String from = Explanation.plain(client);
        InetAddress address = Explanation.address(from);
        if (address == null) {
            return Explanation.noAddress(from);
        }
        ListenerRoutes here = table.listener(listener);
        ListenerBean live = live(listener);
        int active = live == null ? 0 : live.getConnectionsActive();
        Entry entry = here == null ? null : Entry.of(here.config(), active, listening, address);
        Explanation.Client asking = new Explanation.Client(address, entry, PoolBean.plain(cookie));
        return Explanation.of(table, asking, listener, serverName, host, path);
    }

    private @Nullable ListenerBean live(String listener) {
        return listeners.get().stream()
                .filter(each -> each.getName().equals(listener))
                .findFirst()
                .orElse(null);
    }

    @Override
    public String[] explainStaged(
            @Nullable String listener, @Nullable String serverName, @Nullable String host, @Nullable String path) {
        RoutingTable staged = generations.requireStaged().preview();
        return Explanation.of(staged, Explanation.Client.ANYBODY, listener, serverName, host, path);
    }

    // ---------------------------------------------------------------- generations

    @Override
    public GenerationRow[] getGenerationTable() {
        List<Generation> all = generations.all();
        long[] counts = Generations.streamsOf(all, streams.streams());
        GenerationRow[] rows = new GenerationRow[all.size()];
        for (int i = 0; i < rows.length; i++) {
            Generation each = all.get(i);
            rows[i] = new GenerationRow(
                    each.number(),
                    TextTable.instant(each.at()),
                    each.by(),
                    each.comment(),
                    counts[i],
                    i == rows.length - 1);
        }
        return rows;
    }

    @Override
    public String[] getGenerations() {
        TextTable table = new TextTable(">><<<", "version", "streams", "at", "by", "comment");
        for (GenerationRow each : getGenerationTable()) {
            table.row(
                    each.getVersion(),
                    each.getStreams(),
                    each.getAt().substring("2026-".length(), "2026-11-23T10:15".length()),
                    each.getBy(),
                    each.getComment());
        }
        return cut(table.lines());
    }

    private static String[] cut(String[] lines) {
        return Arrays.stream(lines)
                .map(each -> each.length() <= WIDTH ? each : each.substring(0, WIDTH - 1) + "…")
                .toArray(String[]::new);
    }

    @Override
    public String getStaged() {
        Generations.Staged staged = generations.staged();
        return staged == null
                ? ""
                : "on version " + staged.base() + " by " + staged.by() + " at " + TextTable.instant(staged.at());
    }

    @Override
    public String getConfirmUntil() {
        return TextTable.instant(generations.confirmUntil());
    }

    @Override
    public String[] validate(String text) {
        List<Problem> problems = generations.problems(text);
        return problems.isEmpty()
                ? new String[] {"good"}
                : problems.stream().map(Problem::toString).toArray(String[]::new);
    }

    @Override
    public String[] diff() {
        return lines(router.table().config(), generations.requireStaged().config());
    }

    private static String[] lines(SluiceConfig before, SluiceConfig after) {
        return Generations.diff(before, after).toArray(String[]::new);
    }

    @Override
    public String[] compare(long from, long to) {
        return lines(
                generations.numbered(from).config(), generations.numbered(to).config());
    }

    @Override
    public String[] impact() {
        return Impact.of(router.table(), generations.requireStaged().preview(), streams.streams());
    }

    @Override
    public String[] generation(long version) {
        return generations.numbered(version).config().text().lines().toArray(String[]::new);
    }

    // ---------------------------------------------------------------- changing one entry at once

    @Override
    public String addRoute(String host, String liberator, String listeners) {
        List<Field> fields =
                new ArrayList<>(List.of(Field.of("host", host.strip()), Field.of("liberator", liberator.strip())));
        if (!listeners.isBlank()) {
            fields.add(Field.of("listeners", List.of(listeners.strip().split("\\s*,\\s*", -1))));
        }
        return put("addRoute " + host.strip(), text -> ConfigEdit.added(text, Part.ROUTES, fields));
    }

    @Override
    public String changeRoute(String host, String key, String value) {
        return changed(Part.ROUTES, host, key, value);
    }

    @Override
    public String disableRoute(String host) {
        return put(
                "disableRoute " + host.strip(),
                text -> ConfigEdit.changed(text, Part.ROUTES, host.strip(), "disabled", "true"));
    }

    @Override
    public String enableRoute(String host) {
        return put(
                "enableRoute " + host.strip(),
                text -> ConfigEdit.changed(text, Part.ROUTES, host.strip(), "disabled", null));
    }

    @Override
    public String removeRoute(String host) {
        return removed(Part.ROUTES, host);
    }

    @Override
    public String addLiberator(String name, String address) {
        List<Field> fields = List.of(Field.of("name", name.strip()), Field.of("address", address.strip()));
        return put("addLiberator " + name.strip(), text -> ConfigEdit.added(text, Part.LIBERATORS, fields));
    }

    @Override
    public String changeLiberator(String name, String key, String value) {
        return changed(Part.LIBERATORS, name, key, value);
    }

    @Override
    public String removeLiberator(String name) {
        return removed(Part.LIBERATORS, name);
    }

    @Override
    public String addListener(String name, String bind, String liberator) {
        List<Field> fields = new ArrayList<>(List.of(Field.of("name", name.strip()), Field.of("bind", bind.strip())));
        if (!liberator.isBlank()) {
            fields.add(Field.of("liberator", liberator.strip()));
        }
        return put("addListener " + name.strip(), text -> ConfigEdit.added(text, Part.LISTENERS, fields));
    }

    @Override
    public String changeListener(String name, String key, String value) {
        return changed(Part.LISTENERS, name, key, value);
    }

    @Override
    public String removeListener(String name) {
        return removed(Part.LISTENERS, name);
    }

    private String changed(Part part, String name, String key, String value) {
        return put(
                "change " + part.noun() + " " + name.strip() + ": " + key.strip(),
                text -> ConfigEdit.changed(
                        text, part, name.strip(), key.strip(), value.isBlank() ? null : value.strip()));
    }

    private String removed(Part part, String name) {
        return put("remove " + part.noun() + " " + name.strip(), text -> ConfigEdit.removed(text, part, name.strip()));
    }

    private String put(String comment, UnaryOperator<String> edit) {
        return generations.edit(edit, Caller.current().user(), comment);
    }

    // ---------------------------------------------------------------- changing in two steps

    @Override
    public String[] stage(String text) {
        generations.stage(text, Caller.current().user());
        return impactAndDiff();
    }

    @Override
    public String[] stageFile() {
        generations.stageFile(Caller.current().user());
        return impactAndDiff();
    }

    private String[] impactAndDiff() {
        List<String> lines =
                new ArrayList<>(List.of("staged on version " + router.table().version()));
        lines.addAll(List.of(impact()));
        lines.addAll(List.of(diff()));
        return lines.toArray(String[]::new);
    }

    @Override
    public String unstage() {
        return generations.unstage() ? "nothing is staged any more" : "nothing was staged";
    }

    @Override
    public String commit(String comment) {
        return generations.commit(Caller.current().user(), oneLine(comment));
    }

    @Override
    public String commitWithin(String comment, int seconds) {
        return generations.commitWithin(Caller.current().user(), oneLine(comment), seconds);
    }

    private static String oneLine(String comment) {
        String line = comment.replaceAll("\\p{Cntrl}+", " ").strip();
        if (line.length() > MOST_COMMENT_CHARS) {
            throw new IllegalArgumentException("comment has " + line.length() + " characters (expected at most "
                    + MOST_COMMENT_CHARS + "); nothing was changed");
        }
        return line;
    }

    @Override
    public String confirmWithin(int seconds) {
        return generations.confirmWithin(seconds, Caller.current().user());
    }

    @Override
    public String confirm() {
        return generations.confirm();
    }

    @Override
    public String rollback(long version) {
        return generations.rollback(version, Caller.current().user());
    }

    @Override
    public String save() {
        return generations.save();
    }

    // ---------------------------------------------------------------- the table in lines

    /** A table never changes, so it is put into lines once. */
    private Shown shown() {
        RoutingTable table = router.table();
        Shown last = shown;
        if (last == null || last.table() != table) {
            List<RouteRow> rows = rows(table);
            last = new Shown(table, rows, lines(rows), TableFingerprint.of(table.config()));
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
                        row(only.host(), only.liberator(), List.of(each.config().name()), only.settings(), false));
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
                Settings settings = config.settingsFor(each, liberator.config(), null);
                rows.add(row(each.host(), liberator, standsOn, settings, each.disabled()));
            }
        }
        return rows;
    }

    private static RouteRow row(
            String host, Liberator liberator, List<String> listeners, Settings settings, boolean disabled) {
        return new RouteRow(
                host,
                liberator.name(),
                liberator.config().address().toString(),
                listeners.toArray(String[]::new),
                settings.denyPaths().toArray(String[]::new),
                settings.onDown().label(),
                disabled);
    }

    private static List<String> lines(List<RouteRow> rows) {
        TextTable table = new TextTable("<<<", "host", "liberator", "listeners");
        for (RouteRow row : rows) {
            table.row(
                    row.getHost(),
                    row.getLiberator() + (row.isDisabled() ? " (disabled)" : ""),
                    String.join(",", row.getListeners()));
        }
        return List.of(table.lines());
    }
}
