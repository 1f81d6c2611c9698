package io.sluice.agent;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream's span stands in a trace (W3C Trace Context, level 1).
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId of the stream's span, 16 hexadecimal digits
 * @param parentId of the span that the client named; null where the trace begins here
 * @param sampled whether spans are wanted
 */
record TraceContext(String traceId, String spanId, @Nullable String parentId, boolean sampled) {
    private static final byte[] NAME = "\r\ntraceparent:".getBytes(StandardCharsets.US_ASCII);

    /** §3.2: a later version may have more after a dash; ff is none. */
    private static final Pattern FIELD =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    /** What a head says. */
    enum Found {
        /** It has no traceparent. */
        NONE,
        ONE,
        /** It has one that is none, or several: to be treated as if there was none, and left alone. */
        WRONG
    }

    record Reading(Found found, @Nullable TraceContext context) {}

    /** A trace that begins here. */
    static TraceContext begin(boolean sampled) {
        return new TraceContext(hex() + hex(), hex(), null, sampled);
    }

    /** Reads the head that stands in {@code head} from {@code start} to its position. */
    static Reading read(ByteBuffer head, int start) {
        int at = find(head, start);
        if (at < 0) {
            return new Reading(Found.NONE, null);
        }
        if (find(head, at) >= 0) {
            return new Reading(Found.WRONG, null);
        }
        StringBuilder value = new StringBuilder(60);
        for (int i = at; i < head.position() && head.get(i) != '\r'; i++) {
            value.append((char) (head.get(i) & 0xff));
        }
        Matcher field = FIELD.matcher(value.toString().strip());
        if (!field.matches()) {
            return new Reading(Found.WRONG, null);
        }
        boolean sampled = (Integer.parseInt(field.group(3), 16) & 1) != 0;
        return new Reading(Found.ONE, new TraceContext(field.group(1), hex(), field.group(2), sampled));
    }

    /** Just behind the field's colon; -1 when it is not there. */
    private static int find(ByteBuffer head, int start) {
        for (int i = start; i <= head.position() - NAME.length; i++) {
            int j = 0;
            while (j < NAME.length && lower(head.get(i + j)) == NAME[j]) {
                j++;
            }
            if (j == NAME.length) {
                return i + j;
            }
        }
        return -1;
    }

    private static int lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet;
    }

    /** Adds a traceparent to the complete head that ends at the position of {@code head}, if there is room. */
    void addTo(ByteBuffer head) {
        byte[] field = ("traceparent: 00-" + traceId + '-' + spanId + (sampled ? "-01" : "-00") + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        int end = head.position();
        if (head.remaining() >= field.length && end >= 2 && head.get(end - 2) == '\r' && head.get(end - 1) == '\n') {
            head.position(end - 2).put(field);
        }
    }

    private static String hex() {
        long random = 0;
        while (random == 0) {
            random = ThreadLocalRandom.current().nextLong();
        }
        return String.format("%016x", random);
    }
}
