package io.sluice.account;

import java.util.Locale;

/** What a client showed of where it belongs. */
public enum AffinityFinding {
    /** Nothing: it is new, or told apart by its address or path alone. */
    NONE,
    /** A cookie of ours. */
    GOOD,
    /** A cookie that was not made by us, not for this pool, or was altered. */
    FORGED,
    /** A cookie of ours that is older than maxAge. */
    EXPIRED,
    /** A cookie of a key that is not in the file. */
    UNKNOWN_KEY;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As metrics show it: {@code unknown-key}. */
    public String label() {
        return label;
    }
}
