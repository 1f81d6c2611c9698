package io.sluice.account;

import java.util.Locale;

/** What a pool did with a client. */
public enum AffinityOutcome {
    /** A new client was given a Liberator. */
    ASSIGNED,
    /** A client went to the Liberator that it belongs to. */
    KEPT,
    /** Its Liberator has been down for too long: it was told to start anew. */
    RELEASED_DOWN,
    /** Its Liberator left the pool: it was told to start anew. */
    RELEASED_REMOVED,
    /** Its Liberator left the pool, and it may not start anew. */
    GONE,
    /** What it showed was not ours. */
    REFUSED,
    /** It was new, and no Liberator takes new clients now. */
    NO_LIBERATOR;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As metrics show it: {@code released-down}. */
    public String label() {
        return label;
    }
}
