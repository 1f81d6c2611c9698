package io.sluice.agent;

import io.sluice.account.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * The stages of one stream until its first bytes are at the client. Times are {@link System#nanoTime}; 0: not reached,
 * or not on this stream.
 *
 * <p><b>Threading:</b> written by the stream's loop.
 */
final class Journey {
    final StreamRecord stream;
    long acceptedNanos;
    long onLoopNanos;
    long securedNanos;
    long firstByteNanos;
    long parsedNanos;
    long openedNanos;
    long connectNanos;
    long connectedNanos;
    long responseHeadNanos;
    long answeredNanos;

    @Nullable
    Object event;

    /** Null while no spans are made of it. */
    @Nullable
    TraceContext context;

    Journey(StreamRecord stream) {
        this.stream = stream;
    }

    /** How long {@code stage} took in nanoseconds; -1 when it was not reached or was not part of this stream. */
    long nanos(Stage stage) {
        return switch (stage) {
            case ACCEPT -> between(acceptedNanos, onLoopNanos);
            case TLS -> between(onLoopNanos, securedNanos);
            case HEAD -> between(firstByteNanos, parsedNanos);
            case ROUTE -> between(parsedNanos, openedNanos);
            case CONNECT -> connectNanos == 0 ? -1 : connectNanos;
            case UPSTREAM_HEAD -> between(connectedNanos, responseHeadNanos);
            case FIRST_BYTE -> between(responseHeadNanos, answeredNanos);
            case TO_CLIENT, TO_LIBERATOR, CLIENT_WAIT, LIBERATOR_WAIT -> -1;
        };
    }

    /** When {@code stage} ended; only for one that was reached. */
    long endNanos(Stage stage) {
        return switch (stage) {
            case ACCEPT -> onLoopNanos;
            case TLS -> securedNanos;
            case HEAD -> parsedNanos;
            case ROUTE -> openedNanos;
            case CONNECT -> connectedNanos;
            case UPSTREAM_HEAD -> responseHeadNanos;
            default -> answeredNanos;
        };
    }

    /** The request's first byte, or the opening where there is no request. */
    long startNanos() {
        return firstByteNanos == 0 ? openedNanos : firstByteNanos;
    }

    /** From the request's first byte, or from the opening where there is no request, to the last stage reached. */
    long totalNanos() {
        long start = startNanos();
        long end = Math.max(openedNanos, start);
        for (Stage stage : Stage.values()) {
            if (nanos(stage) >= 0 && endNanos(stage) - end > 0) {
                end = endNanos(stage);
            }
        }
        return end - start;
    }

    private static long between(long start, long end) {
        return start == 0 || end == 0 ? -1 : end - start;
    }
}
