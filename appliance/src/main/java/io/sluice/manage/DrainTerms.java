package io.sluice.manage;

import io.sluice.drain.Drain;
import java.time.Duration;

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

    static String sentence(Drain drain, int perSecond, int deadlineSeconds) {
        String kept = drain.kept() == 0 ? "" : drain.kept() + " kept connections to leave, ";
        return drain.remaining() - drain.kept() + " streams to end, " + kept
                + (perSecond == Drain.AT_ONCE ? "at once" : perSecond + " a second") + ", what is left after "
                + deadlineSeconds + " s is ended then";
    }
}
