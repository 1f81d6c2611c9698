package io.sluice.console.top;

import io.sluice.console.sheet.Cell;
import io.sluice.console.sheet.Figures;
import io.sluice.console.sheet.FleetSheet;
import io.sluice.console.sheet.Sheet;
import io.sluice.console.sheet.Sheets;
import io.sluice.console.sheet.Streams;
import io.sluice.console.sheet.Tone;
import io.sluice.console.sight.Difference;
import io.sluice.console.sight.Fleet;
import io.sluice.console.sight.History;
import io.sluice.console.sight.Reading;
import io.sluice.console.sight.Sight;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/**
 * Makes the lines of the screen: a function of what is known, where the operator stands and the size.
 *
 * @param zone whose wall clock is shown
 */
record Painter(int width, int height, boolean unicode, ZoneId zone) {
    private static final int HEAD_LINES = 5;
    private static final int FOOT_LINES = 1;
    private static final int GAP = 2;
    private static final int FEWEST_GRAPH = 8;
    private static final int MOST_GRAPH = 80;
    private static final int HEADER_GRAPH = 20;
    private static final int WIDE = 120;
    /** 18 lines of at most 78: all of it on the smallest screen. */
    private static final String[] HELP = {
        "  1..7  pages            Tab   next page          q  quit",
        "  up, down, PgUp, PgDn   select                   ?  this page",
        "  Enter streams of the Liberator; the stream in full",
        "  Esc   back: leaves the stream, the filter, the Liberator",
        "  s     sort by the next column, S the one before   r  the other way round",
        "  /     filter: a text; on stream pages terms such as",
        "        kind=websocket idle>5m client=10.1.0.0/16",
        "",
        "  d     drain: new streams refused, open ones ended between two messages",
        "  u     undrain: back in service",
        "  x, e  disable: new streams refused, open ones stay; enable",
        "  k     kill: the stream, or all of the Liberator, at once",
        "        each says how many streams it touches and asks; p: a drain's pace",
        "",
        "  [ ]   the appliance before and after       p  pause, and go on",
        "  P99   a message's way from Liberator to client where the agent runs, else",
        "        of connecting.  TO/S, FROM/S  bytes per second to and from clients.",
        "  BEHIND  bytes that wait for slow clients",
    };

    /** Everything that can be shown at this moment. */
    record Scene(List<Sight> sights, Face face, Streams streams, List<String> audit) {
        Sight sight() {
            return sights.get(Math.min(face.appliance, sights.size() - 1));
        }
    }

    /** Rows of a page's table that there is room for. */
    int room() {
        return Math.max(1, height - HEAD_LINES - FOOT_LINES - 1);
    }

    /** The rows of the page, sorted and filtered. */
    static Sheet sheet(Scene scene) {
        Face face = scene.face();
        History history = scene.sight().history();
        Sheet sheet = switch (face.page) {
            case LIBERATORS -> Sheets.liberators(history);
            case STREAMS, SLOW -> Sheets.streams(scene.streams());
            case ENDS -> Sheets.ends(history);
            case LISTENERS -> Sheets.listeners(history);
            case EVENTS -> Sheets.events(history, scene.audit());
            case APPLIANCES -> FleetSheet.of(new Fleet(scene.sights()));
        };
        if (face.page != Page.STREAMS && face.page != Page.SLOW) {
            if (!face.filter.isEmpty()) {
                sheet.filter(face.filter);
            }
            sheet.sort(face.sort, face.reversed);
        }
        return sheet;
    }

    /** Exactly {@link #height} lines, none wider than {@link #width}. */
    List<AttributedString> paint(Scene scene) {
        List<AttributedString> lines = new ArrayList<>();
        header(lines, scene);
        Face face = scene.face();
        if (face.help) {
            for (String each : HELP) {
                lines.add(line(Tone.PLAIN, each));
            }
        } else if (!face.detail.isEmpty()) {
            lines.add(line(Tone.HEAD, "STREAM " + face.detail));
            scene.streams().detail().forEach(each -> lines.add(line(Tone.PLAIN, "  " + each)));
        } else if (face.page == Page.APPLIANCES) {
            List<AttributedString> notes = differences(new Fleet(scene.sights()));
            // The table has what it needs, and at least half of the room.
            int left = room()
                    - Math.min(
                            notes.size(),
                            Math.max(room() / 2, room() - scene.sights().size() - 1));
            table(lines, scene, Math.max(1, left));
            lines.addAll(notes);
        } else {
            table(lines, scene, room());
        }
        while (lines.size() > height - FOOT_LINES) {
            lines.remove(lines.size() - 1);
        }
        while (lines.size() < height - FOOT_LINES) {
            lines.add(AttributedString.EMPTY);
        }
        lines.add(footer(face));
        return lines;
    }

    private AttributedString line(Tone tone, String text) {
        return cut(new AttributedStringBuilder().styled(Look.of(tone), text));
    }

    private AttributedString cut(AttributedStringBuilder line) {
        return line.columnLength() > width ? line.columnSubSequence(0, width) : line.toAttributedString();
    }

    // ---------------------------------------------------------------- the head

    private void header(List<AttributedString> lines, Scene scene) {
        Sight sight = scene.sight();
        Reading now = sight.history().last();
        String clock = now == null
                ? ""
                : DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT)
                        .withZone(zone)
                        .format(Instant.ofEpochMilli(now.atMillis()));
        String title = " sluice  " + sight.name()
                + (now == null
                        ? ""
                        : "  " + now.appliance().text("Version") + "  up " + Figures.uptime(now) + "  table "
                                + now.appliance().text("TableVersion"));
        lines.add(line(Tone.BAR, padded(title, width - clock.length() - 1) + clock + " "));
        if (now == null) {
            lines.add(line(Tone.BAD, " " + sight.trouble()));
            lines.add(line(Tone.PLAIN, " trying again each second"));
        } else {
            figures(lines, sight, now);
        }
        tabs(lines, scene);
        lines.add(AttributedString.EMPTY);
    }

    private void figures(List<AttributedString> lines, Sight sight, Reading now) {
        int graph = width >= WIDE ? HEADER_GRAPH * 2 : HEADER_GRAPH / 2;
        lines.add(figures(Figures.flow(sight.history(), now), graph));
        lines.add(
                sight.trouble().isEmpty()
                        ? figures(Figures.condition(now), 0)
                        : line(Tone.BAD, " " + sight.trouble() + "  (trying again each second)"));
    }

    private AttributedString figures(List<Figures.Figure> figures, int graph) {
        AttributedStringBuilder line = new AttributedStringBuilder();
        for (Figures.Figure each : figures) {
            figure(line, each.name(), each.text(), each.tone());
            double[] series = each.series();
            if (series != null) {
                graph(line, series, graph);
            }
        }
        return cut(line);
    }

    private static void figure(AttributedStringBuilder line, String name, String value, Tone tone) {
        line.append(line.length() == 0 ? " " : "  ");
        if (!name.isEmpty()) {
            line.styled(Look.of(Tone.FAINT), name).append(" ");
        }
        line.styled(Look.of(tone), value);
    }

    private void graph(AttributedStringBuilder line, double[] values, int columns) {
        line.append(" ").styled(Look.of(Tone.GRAPH), Sparkline.of(values, columns, unicode));
    }

    private void tabs(List<AttributedString> lines, Scene scene) {
        AttributedStringBuilder line = new AttributedStringBuilder().append(" ");
        for (Page each : Page.values()) {
            if (each == Page.APPLIANCES && scene.sights().size() < 2) {
                continue;
            }
            Tone tone = each == scene.face().page ? Tone.BAR : Tone.PLAIN;
            line.styled(Look.of(tone), " " + each.number() + " " + each.title() + " ");
        }
        lines.add(cut(line));
    }

    // ---------------------------------------------------------------- the table

    private void table(List<AttributedString> lines, Scene scene, int room) {
        Face face = scene.face();
        Sheet sheet = sheet(scene);
        int[] widths = widths(sheet);
        List<Integer> shown = fitting(sheet, widths);
        int used = shown.stream().mapToInt(each -> widths[each] + GAP).sum();
        int graph = Math.min(MOST_GRAPH, width - used - 1);
        boolean graphs = !sheet.graph().isEmpty() && graph >= FEWEST_GRAPH;
        lines.add(heads(sheet, shown, widths, graphs ? graph : 0, face));
        int first = Math.max(0, Math.min(face.selected - room / 2, sheet.rows().size() - room));
        for (int i = first; i < Math.min(sheet.rows().size(), first + room); i++) {
            lines.add(row(sheet.rows().get(i), sheet, shown, widths, graphs ? graph : 0, i == face.selected));
        }
        if (sheet.rows().isEmpty()) {
            lines.add(line(Tone.FAINT, "  " + nothing(scene)));
        }
    }

    /** Who is lost and why, and what is not the same on the others; below their table. */
    private List<AttributedString> differences(Fleet fleet) {
        List<AttributedString> lines = new ArrayList<>(List.of(AttributedString.EMPTY));
        for (Sight each : fleet.sights()) {
            if (fleet.now(each) == null) {
                lines.addAll(wrapped(Tone.BAD, each.name() + " is lost: " + each.trouble()));
            }
        }
        List<Difference> differences = fleet.differences();
        if (differences.isEmpty() && fleet.connected().size() > 1) {
            lines.add(
                    line(Tone.GOOD, "  same software, routing table, settings, sticky keys and states of Liberators"));
        }
        differences.forEach(each -> lines.addAll(wrapped(each.grave() ? Tone.BAD : Tone.CARE, each.sentence())));
        return lines;
    }

    /** A sentence over as many lines as it takes. */
    private List<AttributedString> wrapped(Tone tone, String sentence) {
        List<AttributedString> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(" ");
        for (String word : sentence.split(" ", -1)) {
            if (line.length() + 1 + word.length() > width && !line.toString().isBlank()) {
                lines.add(line(tone, line.toString()));
                line.setLength(0);
                line.append("   ");
            }
            line.append(' ').append(word);
        }
        lines.add(line(tone, line.toString()));
        return lines;
    }

    private static String nothing(Scene scene) {
        Face face = scene.face();
        boolean streams = face.page == Page.STREAMS || face.page == Page.SLOW;
        if (streams && !scene.streams().trouble().isEmpty()) {
            return scene.streams().trouble();
        }
        if (!face.filter.isEmpty()) {
            return "nothing matches " + face.filter;
        }
        return switch (face.page) {
            case SLOW -> "no client is behind";
            case STREAMS -> "no stream is open";
            case ENDS -> "no stream has ended yet";
            case EVENTS -> "nothing has changed";
            default -> "nothing to show";
        };
    }

    private int[] widths(Sheet sheet) {
        int[] widths = new int[sheet.fields().size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Math.max(
                    sheet.fields().get(i).head().length(),
                    sheet.rows().stream()
                            .mapToInt(each -> each.cells().get(column).text().length())
                            .max()
                            .orElse(0));
        }
        return widths;
    }

    /** The columns that fit, those that matter most first, in their own order. */
    private List<Integer> fitting(Sheet sheet, int[] widths) {
        List<Integer> shown = new ArrayList<>();
        int left = width - 1 - (sheet.graph().isEmpty() ? 0 : FEWEST_GRAPH);
        for (int rank = 0; rank <= 9; rank++) {
            for (int i = 0; i < widths.length; i++) {
                if (sheet.fields().get(i).rank() == rank && (widths[i] + GAP <= left || shown.isEmpty())) {
                    shown.add(i);
                    left -= widths[i] + GAP;
                }
            }
        }
        shown.sort(null);
        return shown;
    }

    private AttributedString heads(Sheet sheet, List<Integer> shown, int[] widths, int graph, Face face) {
        AttributedStringBuilder line = new AttributedStringBuilder().append(" ");
        int sorted = face.sort < 0 ? -1 : face.sort % sheet.fields().size();
        for (int each : shown) {
            Sheet.Field field = sheet.fields().get(each);
            String text = field.right() ? left(field.head(), widths[each]) : padded(field.head(), widths[each]);
            line.styled(each == sorted ? Look.of(Tone.BAR) : Look.of(Tone.HEAD), text)
                    .append("  ");
        }
        if (graph > 0) {
            line.styled(Look.of(Tone.HEAD), left(sheet.graph().length() > graph ? "" : sheet.graph(), graph));
        }
        return cut(line);
    }

    private AttributedString row(
            Sheet.Row row, Sheet sheet, List<Integer> shown, int[] widths, int graph, boolean selected) {
        AttributedStringBuilder line = new AttributedStringBuilder().append(selected ? ">" : " ");
        for (int each : shown) {
            Cell cell = row.cells().get(each);
            String text = sheet.fields().get(each).right()
                    ? left(cell.text(), widths[each])
                    : padded(cell.text(), widths[each]);
            line.styled(selected ? Look.of(cell.tone()).inverse() : Look.of(cell.tone()), text)
                    .styled(selected ? Look.of(Tone.BAR) : Look.of(Tone.PLAIN), "  ");
        }
        if (graph > 0) {
            line.styled(Look.of(Tone.GRAPH), Sparkline.of(row.series(), graph, unicode));
        }
        return cut(line);
    }

    private static String padded(String text, int columns) {
        return text.length() >= columns ? text : text + " ".repeat(columns - text.length());
    }

    private static String left(String text, int columns) {
        return text.length() >= columns ? text : " ".repeat(columns - text.length()) + text;
    }

    // ---------------------------------------------------------------- the foot

    private AttributedString footer(Face face) {
        Face.Question question = face.question;
        Face.Typing typing = face.typing;
        if (question != null) {
            String answer = question.pace() == null ? "  [y/N]" : "  [y/N, p pace]";
            String text = question.text();
            int most = Math.max(0, width - answer.length() - 1);
            return line(Tone.CARE, " " + (text.length() > most ? text.substring(0, most) : text) + answer);
        }
        if (typing != null) {
            return line(Tone.CARE, " " + typing.prompt() + typing.text() + "_");
        }
        if (!face.message.isEmpty()) {
            return line(Tone.CARE, " " + face.message);
        }
        StringBuilder keys = new StringBuilder();
        if (face.paused) {
            keys.append(" PAUSED (p goes on)");
        }
        if (!face.liberator.isEmpty() && (face.page == Page.STREAMS || face.page == Page.SLOW)) {
            keys.append(" of ").append(face.liberator);
        }
        if (!face.filter.isEmpty()) {
            keys.append(" filter ").append(face.filter);
        }
        if (face.page == Page.STREAMS && face.streamSort > 0) {
            keys.append(' ').append(Face.STREAM_SORTS[face.streamSort]);
        }
        String usual = switch (face.page) {
            case LIBERATORS -> "Enter streams  d drain  u undrain  k kill  s sort  / filter  ? help  q quit";
            case STREAMS, SLOW -> "Enter full  k kill  s sort  / filter  Esc back  ? help  q quit";
            case APPLIANCES -> "Enter this one  s sort  ? help  q quit";
            default -> "s sort  / filter  ? help  q quit";
        };
        return line(Tone.FAINT, keys + (keys.isEmpty() ? " " : "   ") + usual);
    }
}
