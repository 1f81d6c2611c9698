package io.sluice.config;

/** What a client gets while the Liberator of its route is down. */
public enum OnDown {
    SERVICE_UNAVAILABLE_503,
    BAD_GATEWAY_502,
    NOT_FOUND_404,
    /** The connection is refused; a listener with a Liberator of its own closes its listening socket. */
    REFUSE
}
