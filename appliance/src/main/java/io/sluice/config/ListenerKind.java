package io.sluice.config;

import java.util.Locale;

/** What is spoken on a listener. */
public enum ListenerKind {
    HTTP,
    /** StreamLink type 1: relayed as bytes to the one Liberator of the listener. */
    DIRECT,
    /** TLS that is the Liberators' own: relayed as bytes, the server name asked for decides where to. */
    TLS_PASSTHROUGH;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As in the configuration. */
    public String label() {
        return label;
    }
}
