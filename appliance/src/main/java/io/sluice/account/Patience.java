package io.sluice.account;

import java.util.concurrent.TimeUnit;

/**
 * From when on a stream counts as slow or stalled, as its route says. 0 = never.
 *
 * @param slowAfterNanos bytes waiting for the client for so long make it slow
 * @param slowTimeoutNanos and for so long end it
 * @param stalledAfterNanos silence both ways for so long makes it stalled
 */
public record Patience(long slowAfterNanos, long slowTimeoutNanos, long stalledAfterNanos) {
    /** Where the configuration says nothing. */
    public static final Patience DEFAULT = new Patience(TimeUnit.SECONDS.toNanos(5), 0, 0);
}
