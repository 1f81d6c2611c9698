package io.sluice.console.show;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a value of a column is written for eyes. JSON and CSV have it as it is, in the unit of the column's key. */
public enum Form {
    TEXT,
    /** A word that says how well something is. */
    STATE,
    NUMBER,
    /** A rate or share, with one decimal. */
    DECIMAL,
    BYTES,
    BYTES_PER_SECOND,
    SECONDS,
    MILLIS,
    MICROS;

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final long STEP = 1024;
    private static final int THOUSAND = 1000;

    boolean isRight() {
        return this != TEXT && this != STATE;
    }

    /** For eyes; a dash for what is missing. */
    public String write(@Nullable Object value) {
        if (value == null || value.equals("")) {
            return "-";
        }
        if (value instanceof Object[] list) {
            return write(Arrays.asList(list));
        }
        if (value instanceof Collection<?> list) {
            return list.isEmpty() ? "-" : list.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return value instanceof Number number ? number(number) : value.toString();
    }

    private String number(Number number) {
        return switch (this) {
            case TEXT, STATE -> number.toString();
            case NUMBER -> String.format(Locale.ROOT, "%,d", number.longValue());
            case DECIMAL -> String.format(Locale.ROOT, "%,.1f", number.doubleValue());
            case BYTES -> bytes(number.longValue());
            case BYTES_PER_SECOND -> bytes(number.longValue()) + "/s";
            case SECONDS -> time(Duration.ofSeconds(number.longValue()));
            case MILLIS -> number.longValue() < THOUSAND ? number + "ms" : time(Duration.ofMillis(number.longValue()));
            case MICROS -> micros(number.doubleValue());
        };
    }

    /** As in {@code 12.3 KiB}. */
    public static String bytes(long bytes) {
        if (Math.abs(bytes) < STEP) {
            return bytes + " B";
        }
        int unit = 0;
        double scaled = bytes;
        while (Math.abs(scaled) >= STEP && unit < UNITS.length - 1) {
            scaled /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, scaled < 100 ? "%.1f %s" : "%.0f %s", scaled, UNITS[unit]);
    }

    /** As in {@code 820us}, {@code 1.2ms}, {@code 3.0s}. */
    public static String micros(double micros) {
        if (micros < THOUSAND) {
            return String.format(Locale.ROOT, micros < 10 && micros != Math.rint(micros) ? "%.1fus" : "%.0fus", micros);
        }
        double millis = micros / THOUSAND;
        return millis < THOUSAND
                ? String.format(Locale.ROOT, millis < 10 ? "%.1fms" : "%.0fms", millis)
                : String.format(Locale.ROOT, "%.1fs", millis / THOUSAND);
    }

    /** As in {@code 59s}, {@code 12m05s}, {@code 3h07m}, {@code 2d04h}. */
    public static String time(Duration time) {
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

    /** Shorter than a number with commas, for narrow columns: {@code 950}, {@code 12.3k}, {@code 4.1M}. */
    public static String brief(double number) {
        if (Math.abs(number) < THOUSAND) {
            return number == Math.rint(number) || Math.abs(number) >= 100
                    ? String.format(Locale.ROOT, "%.0f", number)
                    : String.format(Locale.ROOT, "%.1f", number);
        }
        String[] units = {"k", "M", "G", "T"};
        int unit = -1;
        double scaled = number;
        while (Math.abs(scaled) >= THOUSAND && unit < units.length - 1) {
            scaled /= THOUSAND;
            unit++;
        }
        return String.format(Locale.ROOT, Math.abs(scaled) < 100 ? "%.1f%s" : "%.0f%s", scaled, units[unit]);
    }
}
