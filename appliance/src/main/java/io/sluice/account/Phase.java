package io.sluice.account;

import java.util.Locale;

/** How far a stream had come when it ended, in the order of its life. */
public enum Phase {
    ACCEPT,
    TLS,
    HEAD,
    ROUTE,
    CONNECT,
    UPSTREAM_HEAD,
    RELAY;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }
}
