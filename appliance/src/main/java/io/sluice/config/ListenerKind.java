package io.sluice.config;

/** What is spoken on a listener. */
public enum ListenerKind {
    HTTP,
    /** StreamLink type 1: relayed as bytes to the one Liberator of the listener. */
    DIRECT
}
