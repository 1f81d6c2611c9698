package io.sluice.agent;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the agent is told, at its start and live.
 *
 * @param level how much is measured
 * @param slowNanos what takes longer leaves a line; 0: nothing does
 * @param sampleOneIn at level trace one of so many leaves a line although it was fast; 0: none
 * @param windowSeconds the time that the figures cover, rolling
 * @param jfr whether JFR events are made while a recording runs
 */
record Options(Level level, long slowNanos, int sampleOneIn, int windowSeconds, boolean jfr) {
    private static final String KNOWN = "level=off|metrics|trace, slow=TIME, sample=1/N, window=TIME, jfr=on|off";
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(us|ms|s|m)");
    private static final int LONGEST_WINDOW_SECONDS = 600;

    static final Options DEFAULTS = new Options(Level.METRICS, TimeUnit.MILLISECONDS.toNanos(50), 0, 10, false);

    /**
     * Reads {@code key=value,key=value}; what is not named stays as it is here.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong and what is valid
     */
    Options with(String text) {
        Options result = this;
        for (String each : text.strip().split(",", -1)) {
            String option = each.strip();
            if (option.isEmpty() && text.isBlank()) {
                continue;
            }
            int equals = option.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("option '" + option + "' has no '=' (known: " + KNOWN + ")");
            }
            result = result.with(option.substring(0, equals), option.substring(equals + 1));
        }
        return result;
    }

    private Options with(String key, String value) {
        return switch (key) {
            case "level" -> withLevel(value);
            case "slow" -> withSlow(value);
            case "sample" -> withSample(value);
            case "window" -> withWindow(value);
            case "jfr" -> withJfr(value);
            default -> throw new IllegalArgumentException("option '" + key + "' is not known (known: " + KNOWN + ")");
        };
    }

    Options withLevel(String value) {
        for (Level each : Level.values()) {
            if (each.label().equals(value)) {
                return new Options(each, slowNanos, sampleOneIn, windowSeconds, jfr);
            }
        }
        throw refused("level", value, "off, metrics or trace");
    }

    Options withSlow(String value) {
        long nanos = value.equals("off") ? 0 : nanos("slow", value, "a time as in 50ms or 800us, or off");
        return new Options(level, nanos, sampleOneIn, windowSeconds, jfr);
    }

    Options withSample(String value) {
        int oneIn = 0;
        if (!value.equals("off")) {
            if (!value.matches("1/[1-9]\\d{0,8}")) {
                throw refused("sample", value, "a share as in 1/1000, or off");
            }
            oneIn = Integer.parseInt(value.substring(2));
        }
        return new Options(level, slowNanos, oneIn, windowSeconds, jfr);
    }

    Options withWindow(String value) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos("window", value, "a time from 1s to 10m"));
        if (seconds < 1 || seconds > LONGEST_WINDOW_SECONDS) {
            throw refused("window", value, "a time from 1s to 10m");
        }
        return new Options(level, slowNanos, sampleOneIn, (int) seconds, jfr);
    }

    Options withJfr(String value) {
        if (!value.equals("on") && !value.equals("off")) {
            throw refused("jfr", value, "on or off");
        }
        return new Options(level, slowNanos, sampleOneIn, windowSeconds, value.equals("on"));
    }

    private static long nanos(String key, String value, String expected) {
        Matcher time = TIME.matcher(value);
        if (!time.matches()) {
            throw refused(key, value, expected);
        }
        TimeUnit unit = switch (time.group(2)) {
            case "us" -> TimeUnit.MICROSECONDS;
            case "ms" -> TimeUnit.MILLISECONDS;
            case "s" -> TimeUnit.SECONDS;
            default -> TimeUnit.MINUTES;
        };
        return unit.toNanos(Long.parseLong(time.group(1)));
    }

    private static IllegalArgumentException refused(String key, String value, String expected) {
        return new IllegalArgumentException(key + " is '" + value + "' (expected " + expected + ")");
    }

    String sample() {
        return sampleOneIn == 0 ? "off" : "1/" + sampleOneIn;
    }

    /** As it could have been written. */
    @Override
    public String toString() {
        String slow = slowNanos == 0
                ? "off"
                : slowNanos % 1_000_000 == 0 ? slowNanos / 1_000_000 + "ms" : slowNanos / 1000 + "us";
        return String.format(
                Locale.ROOT,
                "level=%s,slow=%s,sample=%s,window=%ds,jfr=%s",
                level.label(),
                slow,
                sample(),
                windowSeconds,
                jfr ? "on" : "off");
    }
}
