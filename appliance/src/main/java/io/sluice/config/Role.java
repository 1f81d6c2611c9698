package io.sluice.config;

import java.util.Locale;

/** What somebody who manages the appliance from another process may do. */
public enum Role {
    /** Read attributes and invoke operations that only read. */
    VIEWER,
    /** Everything a viewer may, and operations that change something. */
    OPERATOR;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As in the file of users. */
    public String word() {
        return word;
    }
}
