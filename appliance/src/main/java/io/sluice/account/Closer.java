package io.sluice.account;

import java.util.Locale;

/** Which side closed a stream first. */
public enum Closer {
    /** The client's connection ended, was reset or failed. */
    CLIENT,
    /** The Liberator's connection ended, was reset or could not be had. */
    LIBERATOR,
    /** Sluice, for a limit, a fault or an operator. */
    SLUICE,
    /** The response was whole: there was nothing to close. */
    NOBODY;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
