package io.sluice.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers with a unit, as the file writes them. Null: not of this form, or too large. */
public final class Quantity {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,10})(B|KiB|MiB|)");

    private Quantity() {}

    /** {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h}, plain {@code 0}. */
    public static @Nullable Duration duration(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    /** {@code 64KiB}, {@code 1MiB}, {@code 512B}, plain bytes. */
    public static @Nullable Integer bytes(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        int unit = switch (matcher.group(2)) {
            case "KiB" -> 1024;
            case "MiB" -> 1024 * 1024;
            default -> 1;
        };
        long bytes = Long.parseLong(matcher.group(1)) * unit;
        return bytes > Integer.MAX_VALUE ? null : (Integer) (int) bytes;
    }

    /** {@code 1B/30s}. */
    static @Nullable BodyRate rate(String text) {
        int slash = text.indexOf('/');
        Integer bytes = slash < 0 ? null : bytes(text.substring(0, slash));
        Duration per = slash < 0 ? null : duration(text.substring(slash + 1));
        return bytes == null || bytes == 0 || per == null || per.isZero() ? null : new BodyRate(bytes, per);
    }
}
