package io.sluice.connect;

import io.sluice.account.EndCause;
import io.sluice.account.Refusal;

/** Why there is no connection to a Liberator. */
public enum ConnectFailure {
    /** Refused, unreachable or reset. */
    REFUSED(Refusal.LIBERATOR_DOWN),
    /** Its name has no address. */
    UNRESOLVED(Refusal.LIBERATOR_DOWN),
    /** Not connected within {@code connectTimeout}. */
    TIMEOUT(Refusal.CONNECT_TIMEOUT),
    /**
     * Connected, but the TLS handshake failed: its certificate is not trusted or for another name, or it speaks no TLS.
     */
    TLS(Refusal.LIBERATOR_TLS),
    /** The process has no descriptor left for it; its Liberator may well be up. */
    NO_DESCRIPTOR(Refusal.NO_DESCRIPTOR),
    /** No turn in time at its {@code newStreamsPerSecond}. */
    NO_TURN(Refusal.NEW_STREAM_LIMIT),
    /** At its {@code maxConnections}. */
    LIMIT(Refusal.LIBERATOR_LIMIT),
    /** Being drained, or disabled. */
    OUT_OF_SERVICE(Refusal.OUT_OF_SERVICE);

    private final Refusal refusal;

    ConnectFailure(Refusal refusal) {
        this.refusal = refusal;
    }

    /** Why the stream ended: what an operator wanted is no failure. */
    public EndCause endCause() {
        return this == OUT_OF_SERVICE ? EndCause.REFUSED : EndCause.CONNECT_FAILED;
    }

    /** What the client is told. */
    public Refusal refusal() {
        return refusal;
    }
}
