package io.sluice.account;

import java.util.Locale;

/** Whether a stream flows, as its route sees it. */
public enum Flow {
    FLOWING,
    /** Bytes have been waiting for the client for longer than {@code slowClientAfter}. */
    SLOW,
    /** It has been silent both ways for longer than {@code stalledStreamAfter}. */
    STALLED;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }

    /**
     * Of {@code stream} at a moment.
     *
     * @param nowNanos as {@link System#nanoTime}
     */
    public static Flow of(StreamRecord stream, long nowNanos) {
        Patience patience = stream.terms().patience();
        if (patience.slowAfterNanos() > 0 && behindNanos(stream, nowNanos) >= patience.slowAfterNanos()) {
            return SLOW;
        }
        boolean lasting = stream.phase() == Phase.RELAY && stream.kind().isStream();
        return lasting
                        && patience.stalledAfterNanos() > 0
                        && quietNanos(stream, nowNanos) >= patience.stalledAfterNanos()
                ? STALLED
                : FLOWING;
    }

    /** How long bytes have been waiting for the client without a break. */
    static long behindNanos(StreamRecord stream, long nowNanos) {
        Backlog backlog = stream.clientBacklog();
        return backlog == null ? 0 : nowNanos - backlog.sinceNanos();
    }

    /** How long it has been silent both ways. */
    static long quietNanos(StreamRecord stream, long nowNanos) {
        return Math.min(nowNanos - stream.fromClientNanos(), nowNanos - stream.fromLiberatorNanos());
    }
}
