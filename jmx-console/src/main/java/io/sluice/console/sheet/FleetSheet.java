package io.sluice.console.sheet;

import io.sluice.console.show.Form;
import io.sluice.console.sight.Fleet;
import io.sluice.console.sight.Particulars;
import io.sluice.console.sight.Reading;
import io.sluice.console.sight.Sight;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Several appliances side by side, a row for each and one for all; the key of a row is the number of its appliance. */
public final class FleetSheet {
    private static final int SERIES = 200;
    private static final int FINGERPRINT_CHARS = 8;
    private static final Cell NOTHING = new Cell("", 0, Tone.FAINT);

    /**
     * A column.
     *
     * @param of what a connected appliance shows
     * @param ofLost what one shows that is lost
     * @param ofAll what all of them together show
     */
    private record Column(
            String head,
            int rank,
            boolean right,
            BiFunction<Sight, Reading, Cell> of,
            Function<Sight, Cell> ofLost,
            Function<Fleet, Cell> ofAll) {}

    private static final List<Column> COLUMNS = List.of(
            new Column(
                    "APPLIANCE",
                    0,
                    false,
                    (sight, now) -> Cell.text(sight.name()),
                    sight -> Cell.text(sight.name()),
                    fleet -> Cell.text("all").in(Tone.HEAD)),
            new Column(
                    "STATE",
                    0,
                    false,
                    (sight, now) -> Cell.state("up"),
                    sight -> Cell.state("lost"),
                    FleetSheet::connected),
            new Column("FOR", 1, true, (sight, now) -> since(sight), FleetSheet::since, fleet -> NOTHING),
            word("ROLE", 5, now -> now.particulars().role()),
            word("VERSION", 4, now -> now.appliance().text("Version")),
            new Column(
                    "TABLE",
                    2,
                    true,
                    (sight, now) -> Cell.number(now.appliance().decimal("TableVersion")),
                    sight -> NOTHING,
                    fleet -> NOTHING),
            word("PRINT", 1, FleetSheet::print),
            number("STREAMS", 0, now -> now.appliance().decimal("StreamsActive")),
            number("WS", 4, now -> now.sum("WebsocketActive")),
            number("SSE", 5, now -> now.sum("SseActive")),
            number("HTTP", 6, now -> now.sum("HttpStreamActive")),
            number("FRAME", 7, now -> now.sum("ForeverFrameActive")),
            number("POLL", 6, now -> now.sum("PollActive")),
            number("DIRECT", 5, now -> now.sum("DirectActive")),
            number("OTHER", 7, now -> now.sum("OtherActive")),
            number("CONNS", 6, now -> now.appliance().decimal("ConnectionsActive")),
            rate("NEW/S", 2, now -> now.appliance().decimal("StreamsTotal"), rate -> Cell.number(Sheets.rounded(rate))),
            rate("TO/S", 0, now -> now.sum("ToClientBytes"), Cell::bytes),
            sum("BEHIND", 4, now -> now.sum("HeldForClientsBytes"), Sheets::behind),
            number("REFUSED", 6, now -> now.appliance().decimal("RefusedTotal")),
            sum("VIOL", 3, now -> now.appliance().decimal("StickinessViolationsTotal"), FleetSheet::violations),
            new Column(
                    "CERT",
                    3,
                    true,
                    (sight, now) -> days(now.particulars().certificateDays()),
                    sight -> NOTHING,
                    fleet -> NOTHING));

    private FleetSheet() {}

    private static Column word(String head, int rank, Function<Reading, String> word) {
        return new Column(
                head, rank, false, (sight, now) -> Cell.text(word.apply(now)), sight -> NOTHING, fleet -> NOTHING);
    }

    private static Column number(String head, int rank, ToDoubleFunction<Reading> figure) {
        return sum(head, rank, figure, Cell::number);
    }

    private static Column sum(String head, int rank, ToDoubleFunction<Reading> figure, DoubleFunction<Cell> cell) {
        return new Column(
                head,
                rank,
                true,
                (sight, now) -> cell.apply(figure.applyAsDouble(now)),
                sight -> NOTHING,
                fleet -> cell.apply(fleet.sum(figure)));
    }

    private static Column rate(String head, int rank, ToDoubleFunction<Reading> figure, DoubleFunction<Cell> cell) {
        return new Column(
                head,
                rank,
                true,
                (sight, now) -> cell.apply(sight.history().perSecond(figure)),
                sight -> NOTHING,
                fleet -> cell.apply(fleet.perSecond(figure)));
    }

    /** Those that are lost keep their row; sums are of the connected ones. */
    public static Sheet of(Fleet fleet) {
        Sheet sheet = new Sheet().graph("BYTES TO CLIENTS");
        for (Column each : COLUMNS) {
            if (each.right()) {
                sheet.number(each.head(), each.rank());
            } else {
                sheet.text(each.head(), each.rank());
            }
        }
        for (int i = 0; i < fleet.sights().size(); i++) {
            Sight sight = fleet.sights().get(i);
            Reading now = fleet.now(sight);
            sheet.row(
                    Integer.toString(i),
                    now == null
                            ? new double[0]
                            : sight.history().ratesPerSecond(each -> each.sum("ToClientBytes"), SERIES),
                    cells(each ->
                            now == null ? each.ofLost().apply(sight) : each.of().apply(sight, now)));
        }
        sheet.row("", cells(each -> each.ofAll().apply(fleet)));
        return sheet;
    }

    private static Cell[] cells(Function<Column, Cell> of) {
        return COLUMNS.stream().map(of).toArray(Cell[]::new);
    }

    private static Cell connected(Fleet fleet) {
        int connected = fleet.connected().size();
        int all = fleet.sights().size();
        return Cell.text(connected + "/" + all).in(connected == all ? Tone.GOOD : Tone.BAD);
    }

    private static Cell since(Sight sight) {
        long seconds = Math.max(0, (System.currentTimeMillis() - sight.sinceMillis()) / 1000);
        return new Cell(Form.time(Duration.ofSeconds(seconds)), seconds, Tone.FAINT);
    }

    private static String print(Reading now) {
        String whole = now.particulars().fingerprint();
        return whole.substring(0, Math.min(whole.length(), FINGERPRINT_CHARS));
    }

    private static Cell violations(double count) {
        Cell cell = Cell.number(count);
        return count > 0 ? cell.in(Tone.BAD) : cell;
    }

    private static Cell days(long days) {
        if (days >= Particulars.NO_CERTIFICATE) {
            return new Cell("-", days, Tone.FAINT);
        }
        Tone tone =
                days < Particulars.CRITICAL_DAYS ? Tone.BAD : days < Particulars.WARNING_DAYS ? Tone.CARE : Tone.PLAIN;
        return new Cell(days + "d", days, tone);
    }
}
