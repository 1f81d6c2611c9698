package io.sluice.agent;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the agent is told, at its start and live.
 *
 * @param level how much is measured
 * @param slowNanos what takes longer leaves a line; 0: nothing does
 * @param sampleOneIn at level trace one of so many leaves a line although it was fast; 0: none
 * @param windowSeconds the time that the figures cover, rolling
 * @param jfr whether JFR events are made while a recording runs
 * @param otlp where spans are sent; null: none are made
 * @param spansOneIn of the streams whose client says nothing of it, one of so many gets spans
 * @param createsTraceparent whether a request without a traceparent gets one
 */
record Options(
        Level level,
        long slowNanos,
        int sampleOneIn,
        int windowSeconds,
        boolean jfr,
        @Nullable URI otlp,
        int spansOneIn,
        boolean createsTraceparent) {
    private static final String KNOWN = "level=off|metrics|trace, slow=TIME, sample=1/N, window=TIME, jfr=on|off,"
            + " otlp=URL|off, spans=1/N, traceparent=keep|create";
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(us|ms|s|m)");
    private static final int LONGEST_WINDOW_SECONDS = 600;

    static final Options DEFAULTS =
            new Options(Level.METRICS, TimeUnit.MILLISECONDS.toNanos(50), 0, 10, false, null, 1, false);

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
            case "otlp" -> withOtlp(value);
            case "spans" -> withSpans(value);
            case "traceparent" -> withTraceparent(value);
            default -> throw new IllegalArgumentException("option '" + key + "' is not known (known: " + KNOWN + ")");
        };
    }

    Options withLevel(String value) {
        for (Level each : Level.values()) {
            if (each.label().equals(value)) {
                return new Options(
                        each, slowNanos, sampleOneIn, windowSeconds, jfr, otlp, spansOneIn, createsTraceparent);
            }
        }
        throw refused("level", value, "off, metrics or trace");
    }

    Options withSlow(String value) {
        long nanos = value.equals("off") ? 0 : nanos("slow", value, "a time as in 50ms or 800us, or off");
        return new Options(level, nanos, sampleOneIn, windowSeconds, jfr, otlp, spansOneIn, createsTraceparent);
    }

    Options withSample(String value) {
        int oneIn = value.equals("off") ? 0 : oneIn("sample", value, "a share as in 1/1000, or off");
        return new Options(level, slowNanos, oneIn, windowSeconds, jfr, otlp, spansOneIn, createsTraceparent);
    }

    Options withWindow(String value) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos("window", value, "a time from 1s to 10m"));
        if (seconds < 1 || seconds > LONGEST_WINDOW_SECONDS) {
            throw refused("window", value, "a time from 1s to 10m");
        }
        return new Options(level, slowNanos, sampleOneIn, (int) seconds, jfr, otlp, spansOneIn, createsTraceparent);
    }

    Options withJfr(String value) {
        if (!value.equals("on") && !value.equals("off")) {
            throw refused("jfr", value, "on or off");
        }
        return new Options(
                level, slowNanos, sampleOneIn, windowSeconds, value.equals("on"), otlp, spansOneIn, createsTraceparent);
    }

    Options withOtlp(String value) {
        URI to = value.equals("off") ? null : collector(value);
        return new Options(level, slowNanos, sampleOneIn, windowSeconds, jfr, to, spansOneIn, createsTraceparent);
    }

    private static URI collector(String value) {
        try {
            URI url = new URI(value);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http && url.getHost() != null && url.getUserInfo() == null) {
                return url;
            }
        } catch (URISyntaxException wrong) {
            // Refused like all others.
        }
        throw refused("otlp", value, "a URL as in http://collector:4318/v1/traces, or off");
    }

    Options withSpans(String value) {
        int oneIn = oneIn("spans", value, "a share as in 1/100");
        return new Options(level, slowNanos, sampleOneIn, windowSeconds, jfr, otlp, oneIn, createsTraceparent);
    }

    Options withTraceparent(String value) {
        if (!value.equals("keep") && !value.equals("create")) {
            throw refused("traceparent", value, "keep or create");
        }
        return new Options(level, slowNanos, sampleOneIn, windowSeconds, jfr, otlp, spansOneIn, value.equals("create"));
    }

    private static int oneIn(String key, String value, String expected) {
        if (!value.matches("1/[1-9]\\d{0,8}")) {
            throw refused(key, value, expected);
        }
        return Integer.parseInt(value.substring(2));
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
        String spans = otlp == null
                ? ""
                : ",otlp=" + otlp + ",spans=1/" + spansOneIn + ",traceparent="
                        + (createsTraceparent ? "create" : "keep");
        return String.format(
                        Locale.ROOT,
                        "level=%s,slow=%s,sample=%s,window=%ds,jfr=%s",
                        level.label(),
                        slow,
                        sample(),
                        windowSeconds,
                        jfr ? "on" : "off")
                + spans;
    }
}
