package io.sluice.agent;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One stream or message that was slow, or a sample. Times are nanoseconds, -1 for what is not part of it.
 *
 * @param what {@code stream} (until its first bytes were at the client) or {@code message}
 * @param bytes of the message; of the stream, what went to the client so far
 * @param startNanos when it began, as {@link System#nanoTime}
 * @param journey the stages of its stream; null for a message whose stream's stages are not kept
 */
record Trace(
        Instant at,
        String what,
        boolean slow,
        String id,
        String liberator,
        String kind,
        @Nullable Boolean toClient,
        long bytes,
        String thread,
        long startNanos,
        long totalNanos,
        long transitNanos,
        long waitNanos,
        @Nullable Journey journey) {

    /**
     * As one line of JSON. Nothing in it comes from a client or a payload.
     *
     * @param activity what the JVM did meanwhile
     */
    String json(Pauses.Activity activity) {
        StringBuilder line = new StringBuilder(360);
        line.append("{\"at\":\"").append(at).append('"');
        text(line, "what", what);
        text(line, "why", slow ? "slow" : "sample");
        text(line, "id", id);
        text(line, "liberator", liberator);
        text(line, "kind", kind);
        if (toClient != null) {
            text(line, "direction", toClient ? "to-client" : "to-liberator");
        }
        line.append(",\"bytes\":").append(bytes);
        text(line, "thread", thread);
        micros(line, "total_us", totalNanos);
        micros(line, "transit_us", transitNanos);
        if (toClient != null) {
            micros(line, toClient ? "client_wait_us" : "liberator_wait_us", waitNanos);
        }
        if (journey != null) {
            for (Stage stage : Stage.values()) {
                micros(line, stage.key() + "_us", journey.nanos(stage));
            }
        }
        line.append(",\"collector_pauses\":").append(activity.pauses());
        micros(line, "collector_us", activity.nanos());
        micros(line, "stopped_us_at_most", activity.stoppedNanosAtMost());
        return line.append('}').toString();
    }

    private static void micros(StringBuilder line, String key, long nanos) {
        if (nanos >= 0) {
            line.append(",\"").append(key).append("\":").append(nanos / 1000);
        }
    }

    private static void text(StringBuilder line, String key, String value) {
        line.append(",\"").append(key).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char each = value.charAt(i);
            if (each == '"' || each == '\\') {
                line.append('\\').append(each);
            } else if (each < ' ') {
                line.append('?');
            } else {
                line.append(each);
            }
        }
        line.append('"');
    }
}
