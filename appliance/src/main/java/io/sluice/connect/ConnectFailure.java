package io.sluice.connect;

import io.sluice.account.Refusal;

/** Why there is no connection to a Liberator. */
public enum ConnectFailure {
    /** Refused, unreachable, reset, or no socket to be had. */
    REFUSED(Refusal.LIBERATOR_DOWN),
    /** Its name has no address. */
    UNRESOLVED(Refusal.LIBERATOR_DOWN),
    /** Not connected within {@code connectTimeout}. */
    TIMEOUT(Refusal.CONNECT_TIMEOUT),
    /** At its {@code maxConnections}. */
    LIMIT(Refusal.LIBERATOR_LIMIT);

    private final Refusal refusal;

    ConnectFailure(Refusal refusal) {
        this.refusal = refusal;
    }

    /** What the client is told. */
    public Refusal refusal() {
        return refusal;
    }
}
