package io.sluice.manage;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A table for eyes: padded lines, which consoles show in a fixed-width font. Meant to be at most 60 wide. */
public final class TextTable {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final long STEP = 1024;
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final String alignments;
    private final List<String[]> rows = new ArrayList<>();

    /**
     * @param alignments a character for each column: {@code <} for text, {@code >} for numbers
     */
    public TextTable(String alignments, Object... head) {
        this.alignments = alignments;
        row(head);
    }

    public TextTable row(Object... cells) {
        String[] row = new String[cells.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = cells[i].toString();
        }
        rows.add(row);
        return this;
    }

    /** The head and the rows. */
    public String[] lines() {
        int[] widths = new int[alignments.length()];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toArray(String[]::new);
    }

    private String line(String[] row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            String padding = " ".repeat(widths[i] - row[i].length());
            boolean right = alignments.charAt(i) == '>';
            line.append(i == 0 ? "" : "  ");
            line.append(right ? padding + row[i] : row[i] + padding);
        }
        return line.toString().stripTrailing();
    }

    /** As in {@code 12.3 KiB}; at most 9 characters. */
    static String bytes(long bytes) {
        if (bytes < STEP) {
            return bytes + " B";
        }
        int unit = 0;
        double scaled = bytes;
        while (scaled >= STEP && unit < UNITS.length - 1) {
            scaled /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, scaled < 100 ? "%.1f %s" : "%.0f %s", scaled, UNITS[unit]);
    }

    /** ISO 8601 in UTC to the millisecond, as in the log; empty for none. */
    static String instant(@Nullable Instant instant) {
        return instant == null ? "" : MILLIS.format(instant);
    }

    /** As in {@code 59s}, {@code 12m05s}, {@code 3h07m}, {@code 2d04h}. */
    static String time(Duration time) {
        if (time.toMinutes() == 0) {
            return time.toSeconds() + "s";
        }
        if (time.toHours() == 0) {
            return String.format(Locale.ROOT, "%dm%02ds", time.toMinutes(), time.toSecondsPart());
        }
        return time.toDays() == 0
                ? String.format(Locale.ROOT, "%dh%02dm", time.toHours(), time.toMinutesPart())
                : String.format(Locale.ROOT, "%dd%02dh", time.toDays(), time.toHoursPart());
    }
}
