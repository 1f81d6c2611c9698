package io.sluice.manage;

import io.sluice.account.Accounts;
import io.sluice.account.EndCause;
import io.sluice.account.Ledger;
import io.sluice.account.StreamRecord;
import io.sluice.config.AddressRange;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open streams, a page at a time, and their end by an operator. */
final class StreamsBean implements StreamsMXBean {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsBean.class);
    private static final int DEFAULT_LIMIT = 100;
    private static final int MOST = 20_000;
    private static final long END_MILLIS = 2000;
    private static final long POLL_MILLIS = 5;

    private final Accounts accounts;
    private final StreamNotes notes;

    StreamsBean(Accounts accounts, StreamNotes notes) {
        this.accounts = accounts;
        this.notes = notes;
    }

    @Override
    public long getNotificationsDroppedTotal() {
        return notes.dropped();
    }

    @Override
    public int getActive() {
        return accounts.streams().active();
    }

    @Override
    public long getOpenedTotal() {
        return accounts.liberators().stream().mapToLong(Totals::opened).sum();
    }

    @Override
    public int count(@Nullable String query) {
        return (int) StreamQuery.of(query).over(accounts.streams().streams()).count();
    }

    @Override
    public StreamRow[] list(@Nullable String query, int offset, int limit) {
        return page(StreamQuery.of(query), offset, limit).toArray(StreamRow[]::new);
    }

    @Override
    public String[] queryHelp() {
        return StreamQuery.help();
    }

    @Override
    public String[] table(@Nullable String query, int offset, int limit) {
        TextTable table = new TextTable("<<<<>>>", "id", "kind", "liberator", "client", "age", "idle", "behind");
        page(StreamQuery.of(query), offset, limit)
                .forEach(row -> table.row(
                        row.getId(),
                        row.getKind(),
                        row.getLiberator(),
                        row.clientAddress().getHostAddress(),
                        time(row.getOpenMillis()),
                        time(row.quietMillis()),
                        TextTable.bytes(row.getClientBehindBytes())));
        return table.lines();
    }

    @Override
    public String[] slowest(int limit) {
        TextTable table = new TextTable("<<<>>>", "id", "liberator", "client", "behind", "waiting", "sent");
        page(StreamQuery.of("behind>0 sort=waiting"), 0, limit)
                .forEach(row -> table.row(
                        row.getId(),
                        row.getLiberator(),
                        row.clientAddress().getHostAddress(),
                        TextTable.bytes(row.getClientBehindBytes()),
                        time(row.getClientBehindMillis()),
                        TextTable.bytes(row.getToClientBytes())));
        return table.lines();
    }

    @Override
    public String[] show(@Nullable String id) {
        StreamRow row = new StreamRow(byId(id), System.nanoTime());
        Map<String, Object> lines = new LinkedHashMap<>();
        lines.put("id", row.getId());
        lines.put("kind", row.getKind() + " over " + row.getProtocol());
        lines.put("client", row.getClient());
        lines.put("listener", row.getListener());
        lines.put("host", orNone(row.getHost()));
        lines.put("sni", orNone(row.getServerName()));
        lines.put("liberator", row.getLiberator());
        lines.put("route", row.getRoute() + " of table " + row.getTableVersion());
        lines.put("phase", row.getPhase());
        lines.put("flow", row.getFlow());
        lines.put("age", time(row.getOpenMillis()));
        lines.put("connected", row.getConnectMicros() < 0 ? "not yet" : "in " + row.getConnectMicros() + " us");
        lines.put(
                "from client",
                flow(row.getFromClientBytes(), row.getFromClientQuietMillis()) + messages(row.getFromClientMessages()));
        lines.put("to liberator", TextTable.bytes(row.getToLiberatorBytes()));
        lines.put("  waiting", waiting(row.getLiberatorBehindBytes(), row.getLiberatorBehindMillis()));
        lines.put("from lib.", flow(row.getFromLiberatorBytes(), row.getFromLiberatorQuietMillis()));
        lines.put("to client", TextTable.bytes(row.getToClientBytes()) + messages(row.getToClientMessages()));
        lines.put("  behind", waiting(row.getClientBehindBytes(), row.getClientBehindMillis()));
        return lines.entrySet().stream()
                .map(line -> String.format(Locale.ROOT, "%-12s  %s", line.getKey(), line.getValue()))
                .toArray(String[]::new);
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "none" : text;
    }

    private static String flow(long bytes, long quietMillis) {
        return TextTable.bytes(bytes) + ", last " + time(quietMillis) + " ago";
    }

    /** Nothing where the framing does not show them. */
    private static String messages(int number) {
        return number < 0 ? "" : ", " + number + " messages";
    }

    private static String waiting(int bytes, long millis) {
        return bytes == 0 ? "nothing" : TextTable.bytes(bytes) + ", oldest " + time(millis);
    }

    private static String time(long millis) {
        return TextTable.time(Duration.ofMillis(millis));
    }

    private Stream<StreamRow> page(StreamQuery query, int offset, int limit) {
        if (offset < 0) {
            throw new IllegalArgumentException("offset is " + offset + " (expected 0 or more)");
        }
        if (limit < 0 || limit > MOST) {
            throw new IllegalArgumentException(
                    "limit is " + limit + " (expected 1 to " + MOST + ", or 0 for " + DEFAULT_LIMIT + ")");
        }
        return query.over(accounts.streams().streams()).skip(offset).limit(limit == 0 ? DEFAULT_LIMIT : limit);
    }

    private StreamRecord byId(@Nullable String text) {
        String id = text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
        if (!id.matches("[0-9a-f]{1,15}")) {
            throw new IllegalArgumentException(
                    "id is '" + id + "' (expected the hexadecimal id of a stream, as table() and the log show it)");
        }
        long number = Long.parseLong(id, 16);
        return accounts.streams().streams().stream()
                .filter(stream -> stream.id() == number)
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("stream '" + id + "' is not open (it has ended, or"
                        + " never was; the log's stream.end line says why)"));
    }

    @Override
    public String kill(@Nullable String id, boolean dryRun) {
        StreamRecord stream = byId(id);
        return end("id=" + Long.toHexString(stream.id()), List.of(stream), dryRun);
    }

    @Override
    public String killClient(@Nullable String client, boolean dryRun) {
        String text = Objects.requireNonNullElse(client, "").strip();
        AddressRange network = StreamQuery.network("client '" + text + "'", text);
        return end(
                "client=" + network,
                accounts.streams().streams().stream()
                        .filter(each -> network.contains(each.origin().client().getAddress()))
                        .toList(),
                dryRun);
    }

    @Override
    public String killLiberator(@Nullable String liberator, boolean dryRun) {
        String name = Objects.requireNonNullElse(liberator, "").strip();
        List<String> known =
                accounts.liberators().stream().map(Ledger::liberator).sorted().toList();
        if (!known.contains(name)) {
            throw new IllegalArgumentException(
                    "liberator '" + name + "' is unknown (expected one of " + String.join(", ", known) + ")");
        }
        return end(
                "liberator=" + name,
                accounts.streams().streams().stream()
                        .filter(each -> each.ledger().liberator().equals(name))
                        .toList(),
                dryRun);
    }

    private String end(String which, List<StreamRecord> streams, boolean dryRun) {
        String what = which + ": " + count(streams.size()) + kinds(streams);
        if (dryRun || streams.isEmpty()) {
            return what + (dryRun ? " would be ended; nothing was changed" : "; nothing was changed");
        }
        streams.forEach(each -> each.askToEnd(EndCause.KILLED));
        Set<StreamRecord> left = awaitEnd(streams);
        long killed = streams.stream()
                .filter(each -> each.end() == EndCause.KILLED && !left.contains(each))
                .count();
        LOG.info("streams.kill {} streams={} killed={} left={}", which, streams.size(), killed, left.size());
        long otherwise = streams.size() - killed - left.size();
        return what + ", " + killed + " ended now"
                + (otherwise == 0 ? "" : ", " + otherwise + " by themselves meanwhile")
                + (left.isEmpty() ? "" : ", " + left.size() + " still ending");
    }

    private static String count(int streams) {
        return streams + (streams == 1 ? " stream" : " streams");
    }

    private static String kinds(List<StreamRecord> streams) {
        if (streams.isEmpty()) {
            return "";
        }
        return streams.stream()
                .collect(Collectors.groupingBy(StreamRecord::kind, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(each -> each.getValue() + " " + each.getKey().label())
                .collect(Collectors.joining(", ", " (", ")"));
    }

    /** Those that have not ended within a time in which the loops come round many times. */
    private Set<StreamRecord> awaitEnd(List<StreamRecord> streams) {
        Set<StreamRecord> left = new HashSet<>(streams);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MILLIS);
        left.removeIf(each -> !accounts.streams().isOpen(each));
        while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
                return left;
            }
            left.removeIf(each -> !accounts.streams().isOpen(each));
        }
        return left;
    }
}
