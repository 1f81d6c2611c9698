package io.sluice.console.verb;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A threshold as the monitoring plugins have it: {@code 10} alarms outside 0 to 10, {@code 10:} below 10, {@code ~:10}
 * above 10, {@code 10:20} outside, {@code @10:20} inside.
 *
 * @param text as given
 */
record Range(String text, double low, double high, boolean alarmsInside) {
    private static final Pattern FORM = Pattern.compile("(@?)(?:(~|-?\\d+(?:\\.\\d+)?):)?(-?\\d+(?:\\.\\d+)?)?");

    /** @throws IllegalArgumentException when it is none */
    static Range of(String text) {
        Matcher parts = FORM.matcher(text);
        if (text.isEmpty() || !parts.matches() || (parts.group(2) == null && parts.group(3) == null)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no range (expected one such as 10, 10:, ~:10, 10:20 or @10:20)");
        }
        String from = parts.group(2);
        String to = parts.group(3);
        double low = from == null ? 0 : from.equals("~") ? Double.NEGATIVE_INFINITY : Double.parseDouble(from);
        double high = to == null ? Double.POSITIVE_INFINITY : Double.parseDouble(to);
        if (low > high) {
            throw new IllegalArgumentException("'" + text + "' ends before it begins");
        }
        return new Range(text, low, high, !parts.group(1).isEmpty());
    }

    boolean alarms(double value) {
        boolean inside = value >= low && value <= high;
        return inside == alarmsInside;
    }
}
