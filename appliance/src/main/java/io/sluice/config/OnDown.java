package io.sluice.config;

import org.jspecify.annotations.Nullable;

/** What a client gets while the Liberator of its route is down. */
public enum OnDown {
    SERVICE_UNAVAILABLE_503("503"),
    BAD_GATEWAY_502("502"),
    NOT_FOUND_404("404"),
    /** The connection is refused; a listener with a Liberator of its own closes its listening socket. */
    REFUSE("refuse");

    private final String label;

    OnDown(String label) {
        this.label = label;
    }

    /** As in the configuration. */
    public String label() {
        return label;
    }

    /** The one of that label; null when there is none. */
    static @Nullable OnDown labelled(@Nullable String label) {
        for (OnDown each : values()) {
            if (each.label.equals(label)) {
                return each;
            }
        }
        return null;
    }
}
