package io.sluice.console.sheet;

import io.sluice.console.reach.Reasons;
import io.sluice.console.reach.Values;
import io.sluice.console.show.Form;
import io.sluice.console.show.JsonText;
import io.sluice.console.sight.EndLine;
import io.sluice.console.sight.History;
import io.sluice.console.sight.Reading;
import io.sluice.console.sight.RouteLine;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What stands in each table. */
public final class Sheets {
    private static final int SERIES = 200;

    private Sheets() {}

    /** The Liberators: what flows through each, and how long messages or connecting take. */
    public static Sheet liberators(History history) {
        Sheet sheet = new Sheet()
                .text("LIBERATOR", 0)
                .text("STATE", 0)
                .number("STREAMS", 0)
                .number("WS", 2)
                .number("SSE", 3)
                .number("HTTP", 4)
                .number("FRAME", 7)
                .number("POLL", 5)
                .number("DIRECT", 3)
                .number("OTHER", 7)
                .number("NEW/S", 1)
                .number("TO/S", 0)
                .number("FROM/S", 6)
                .number("BEHIND", 1)
                .number("P99", 2)
                .number("FAILED", 6)
                .text("ADDRESS", 8)
                .text("WHY", 9)
                .graph("BYTES TO CLIENTS");
        Reading now = history.last();
        if (now == null) {
            return sheet;
        }
        for (Map.Entry<String, Values> each : now.liberators().entrySet()) {
            String name = each.getKey();
            Values values = each.getValue();
            Values latency = now.latencies().get(name);
            sheet.row(
                    name,
                    history.ratesPerSecond(reading -> reading.of(name, "ToClientBytes"), SERIES),
                    Cell.text(name),
                    Cell.state(values.text("State")),
                    Cell.number(values.decimal("StreamsActive")),
                    Cell.number(values.decimal("WebsocketActive")),
                    Cell.number(values.decimal("SseActive")),
                    Cell.number(values.decimal("HttpStreamActive")),
                    Cell.number(values.decimal("ForeverFrameActive")),
                    Cell.number(values.decimal("PollActive")),
                    Cell.number(values.decimal("DirectActive")),
                    Cell.number(values.decimal("OtherActive")),
                    Cell.number(rounded(history.perSecond(reading -> reading.of(name, "StreamsTotal")))),
                    Cell.bytes(history.perSecond(reading -> reading.of(name, "ToClientBytes"))),
                    Cell.bytes(history.perSecond(reading -> reading.of(name, "FromClientBytes"))),
                    behind(values.decimal("HeldForClientsBytes")),
                    Cell.micros(latency == null ? values.decimal("ConnectMicrosP99") : latency.decimal("P99Micros")),
                    failed(values.decimal("ConnectFailedTotal")),
                    Cell.text(values.text("Address")),
                    Cell.text(why(values)).in(Tone.FAINT));
        }
        return sheet;
    }

    static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private static String why(Values values) {
        long left = values.number("DrainRemainingActive");
        return left > 0
                ? left + " to end, about " + values.number("DrainEtaSeconds") + " s"
                : values.text("StateReason");
    }

    static Cell behind(double bytes) {
        Cell cell = Cell.bytes(bytes);
        return bytes > 0 ? cell.in(Tone.CARE) : cell;
    }

    private static Cell failed(double count) {
        Cell cell = Cell.number(count);
        return count > 0 ? cell.in(Tone.CARE) : cell;
    }

    /** Open streams, in the order of their query. */
    public static Sheet streams(Streams streams) {
        Sheet sheet = new Sheet()
                .text("ID", 0)
                .text("KIND", 0)
                .text("LIBERATOR", 1)
                .text("CLIENT", 0)
                .number("AGE", 0)
                .number("IDLE", 1)
                .number("SENT", 0)
                .number("RECEIVED", 3)
                .number("BEHIND", 1)
                .number("WAITING", 2)
                .text("HOST", 4)
                .text("LISTENER", 5)
                .text("PROTOCOL", 6)
                .text("PHASE", 7);
        for (Values each : streams.rows()) {
            double waiting = each.decimal("clientBehindMillis");
            sheet.row(
                    each.text("id"),
                    Cell.text(each.text("id")),
                    Cell.text(each.text("kind")),
                    Cell.text(each.text("liberator")),
                    Cell.text(each.text("client")),
                    Cell.millis(each.decimal("openMillis")),
                    Cell.millis(
                            Math.min(each.decimal("fromClientQuietMillis"), each.decimal("fromLiberatorQuietMillis"))),
                    Cell.bytes(each.decimal("toClientBytes")),
                    Cell.bytes(each.decimal("fromClientBytes")),
                    behind(each.decimal("clientBehindBytes")),
                    waiting > 0 ? Cell.millis(waiting).in(Tone.CARE) : Cell.number(0),
                    Cell.text(each.text("host")),
                    Cell.text(each.text("listener")),
                    Cell.text(each.text("protocol")),
                    Cell.text(each.text("phase")));
        }
        return sheet;
    }

    /** The routing table. */
    public static Sheet routes(List<RouteLine> routes) {
        Sheet sheet = new Sheet()
                .text("HOST", 0)
                .text("STATE", 0)
                .text("LIBERATOR", 0)
                .number("STREAMS", 0)
                .text("LISTENERS", 2)
                .text("WHEN DOWN", 3)
                .text("DENIED", 5)
                .text("ADDRESS", 4);
        for (RouteLine each : routes) {
            Values values = each.values();
            int streams =
                    each.streams().values().stream().mapToInt(Integer::intValue).sum();
            sheet.row(
                    values.text("host"),
                    Cell.text(values.text("host")),
                    Cell.state(values.is("disabled") ? "disabled" : "enabled"),
                    Cell.text(values.text("liberator")),
                    each.streams().isEmpty() ? Cell.text("-") : Cell.number(streams),
                    Cell.text(Form.TEXT.write(values.lines("listeners"))),
                    Cell.text(values.text("onDown")),
                    Cell.text(Form.TEXT.write(values.lines("deniedPaths"))),
                    Cell.text(values.text("address")));
        }
        return sheet;
    }

    /** Why streams have ended, by Liberator, cause and phase. */
    public static Sheet ends(History history) {
        Sheet sheet = new Sheet()
                .text("LIBERATOR", 0)
                .text("CAUSE", 0)
                .text("PHASE", 0)
                .number("TOTAL", 0)
                .number("PER S", 0);
        Reading now = history.last();
        if (now == null) {
            return sheet.graph("PER SECOND");
        }
        sheet.graph("PER SECOND");
        for (Map.Entry<String, Values> each : now.liberators().entrySet()) {
            for (EndLine end : EndLine.of(each.getValue())) {
                String name = each.getKey();
                String cause = end.cause();
                String phase = end.phase();
                double[] rates = history.ratesPerSecond(reading -> ended(reading, name, cause, phase), SERIES);
                sheet.row(
                        name,
                        rates,
                        Cell.text(name),
                        Cell.text(cause),
                        Cell.text(phase),
                        Cell.number((double) end.total()),
                        Cell.number(rates.length == 0 ? 0 : rounded(rates[rates.length - 1])));
            }
        }
        return sheet;
    }

    private static double ended(Reading reading, String liberator, String cause, String phase) {
        Values values = reading.liberators().get(liberator);
        return values == null
                ? 0
                : EndLine.of(values).stream()
                        .filter(each ->
                                each.cause().equals(cause) && each.phase().equals(phase))
                        .mapToLong(EndLine::total)
                        .sum();
    }

    /** The listeners and their connections. */
    public static Sheet listeners(History history) {
        Sheet sheet = new Sheet()
                .text("LISTENER", 0)
                .text("STATE", 0)
                .text("ADDRESS", 0)
                .text("KIND", 2)
                .text("LIBERATOR", 3)
                .number("CONNS", 0)
                .number("PEAK", 2)
                .number("LIMIT", 1)
                .number("NEW/S", 0)
                .number("REFUSED", 0)
                .text("LAST REFUSED", 4)
                .graph("NEW CONNECTIONS");
        Reading now = history.last();
        if (now == null) {
            return sheet;
        }
        for (Map.Entry<String, Values> each : now.listeners().entrySet()) {
            String name = each.getKey();
            Values values = each.getValue();
            boolean listening = values.is("Listening");
            double[] rates = history.ratesPerSecond(reading -> accepted(reading, name), SERIES);
            sheet.row(
                    name,
                    rates,
                    Cell.text(name),
                    Cell.state(listening ? "listening" : "down"),
                    Cell.text(listening ? values.text("Address") : values.text("Bind")),
                    Cell.text(values.text("Kind")),
                    Cell.text(values.text("Liberator").isEmpty() ? "-" : values.text("Liberator")),
                    Cell.number(values.decimal("ConnectionsActive")),
                    Cell.number(values.decimal("ConnectionsPeak")),
                    Cell.number(values.decimal("ConnectionsLimit")),
                    Cell.number(rates.length == 0 ? 0 : rounded(rates[rates.length - 1])),
                    failed(values.decimal("RefusedTotal")),
                    Cell.text(values.text("LastRefusedAt")).in(Tone.FAINT));
        }
        return sheet;
    }

    private static double accepted(Reading reading, String listener) {
        Values values = reading.listeners().get(listener);
        return values == null ? 0 : values.decimal("AcceptedTotal");
    }

    /**
     * What changed by itself, and who changed what, the latest first.
     *
     * @param audit attempts to change something as JSON, the oldest first
     */
    public static Sheet events(History history, List<String> audit) {
        Sheet sheet = new Sheet()
                .text("WHEN", 0)
                .text("WHO", 0)
                .text("WHAT", 0)
                .text("ON", 2)
                .text("WITH", 3)
                .text("CAME OF IT", 1)
                .text("FROM", 4);
        Reading now = history.last();
        if (now != null) {
            now.liberators().forEach((name, values) -> changes(sheet, name, values.lines("StateChanges")));
        }
        for (String each : audit) {
            Map<String, Object> write = JsonText.object(each);
            String result = word(write, "result");
            sheet.row(
                    "",
                    Cell.text(word(write, "at")),
                    Cell.text(word(write, "user")),
                    Cell.text(word(write, "operation")),
                    Cell.text(word(write, "mbean").replaceFirst("sluice:type=", "")),
                    Cell.text(Form.TEXT.write(write.get("arguments"))),
                    Cell.text(result).in(result.equals("ok") ? Tone.PLAIN : Tone.CARE),
                    Cell.text(word(write, "from")));
        }
        sheet.rows()
                .sort(Comparator.comparing((Sheet.Row row) -> row.cells().get(0).text())
                        .reversed());
        return sheet;
    }

    /** Lines behind a head: when, and from what to what. */
    private static void changes(Sheet sheet, String liberator, List<String> lines) {
        for (String each : lines) {
            List<String> parts = List.of(each.strip().split(" +", 2));
            if (parts.size() == 2 && Character.isDigit(parts.get(0).charAt(0))) {
                sheet.row(
                        liberator,
                        Cell.text(parts.get(0)),
                        Cell.text(liberator),
                        Cell.text(parts.get(1)),
                        Cell.text(""),
                        Cell.text(""),
                        Cell.text(""),
                        Cell.text(""));
            }
        }
    }

    private static String word(Map<String, Object> object, String key) {
        return Reasons.printable(String.valueOf(object.getOrDefault(key, "")));
    }
}
