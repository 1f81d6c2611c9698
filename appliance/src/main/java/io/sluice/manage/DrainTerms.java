package io.sluice.manage;

import io.sluice.drain.Drain;
import java.time.Duration;
import java.util.Collection;

/** What an operator may ask of a drain, and what is answered. */
final class DrainTerms {
    private static final int MOST_PER_SECOND = 100_000;
    private static final int MOST_SECONDS = 86_400;

    private DrainTerms() {}

    static int perSecond(int perSecond) {
        if (perSecond < 0 || perSecond > MOST_PER_SECOND) {
            throw new IllegalArgumentException("perSecond is " + perSecond + " (expected 1 to " + MOST_PER_SECOND
                    + ", or 0 for all at once); nothing was changed");
        }
        return perSecond;
    }

    static Duration deadline(int seconds) {
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new IllegalArgumentException(
                    "deadlineSeconds is " + seconds + " (expected 1 to " + MOST_SECONDS + "); nothing was changed");
        }
        return Duration.ofSeconds(seconds);
    }

    /** How long yet, rounded up: 0 only when it is over. */
    static long seconds(Duration eta) {
        return eta.plusMillis(999).toSeconds();
    }

    /** What {@code begun}, which go by one rate, have to do. */
    static String sentence(Collection<Drain> begun, int perSecond, int deadlineSeconds) {
        int kept = begun.stream().mapToInt(Drain::kept).sum();
        int streams = begun.stream().mapToInt(Drain::remaining).sum() - kept;
        return streams + " streams to end, " + (kept == 0 ? "" : kept + " kept connections to leave, ")
                + (perSecond == Drain.AT_ONCE ? "at once" : perSecond + " a second") + ", what is left after "
                + deadlineSeconds + " s is ended then";
    }
}
