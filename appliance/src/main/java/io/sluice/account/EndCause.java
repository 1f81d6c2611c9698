package io.sluice.account;

import java.util.Locale;

/** Why a stream ended; each stream has exactly one, set by whoever ended it first. */
public enum EndCause {
    /** The response was relayed whole. */
    COMPLETED("the response was relayed whole"),
    /** The client ended the connection in an orderly way (FIN, close_notify). */
    CLIENT_CLOSED("the client closed its connection"),
    /** The client's connection was reset or failed. */
    CLIENT_LOST("the client's connection was reset or failed"),
    /** The Liberator ended the connection in an orderly way where that is a proper end. */
    LIBERATOR_CLOSED("the Liberator closed its connection"),
    /** The Liberator's connection was reset, or ended in the middle of a response. */
    LIBERATOR_LOST("the Liberator's connection broke off"),
    /** The Liberator's answer broke the rules of HTTP and was not passed on. */
    LIBERATOR_FAULT("the Liberator's answer was malformed"),
    /** No connection to the Liberator: refused, unreachable or too slow. */
    CONNECT_FAILED("no connection to the Liberator"),
    /** The Liberator sent no response head in time. */
    HEAD_TIMEOUT("the Liberator sent no response head in time"),
    /** Silent both ways for longer than {@code streamIdleTimeout}. */
    IDLE("silent both ways for longer than streamIdleTimeout"),
    /** Bytes waited for a client that took none for longer than {@code stalledClientTimeout}. */
    CLIENT_STALLED("the client took no byte for longer than stalledClientTimeout"),
    /** Bytes waited for a client without a break for longer than {@code slowClientTimeout}. */
    CLIENT_SLOW("the client was behind for longer than slowClientTimeout"),
    /** The request was refused; the reason says why. */
    REFUSED("the request was refused"),
    /** Closed by a drain. */
    DRAINED("closed by a drain"),
    /** Closed by an operator. */
    KILLED("closed by an operator"),
    /** The appliance stopped, or failed in its own code. */
    APPLIANCE("the appliance stopped or failed");

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final String sentence;

    EndCause(String sentence) {
        this.sentence = sentence;
    }

    /** As in the log: {@code client-closed}. */
    public String label() {
        return label;
    }

    /** What it means, for people. */
    public String sentence() {
        return sentence;
    }

    /** Which side closed first. */
    public Closer closer() {
        return switch (this) {
            case COMPLETED -> Closer.NOBODY;
            case CLIENT_CLOSED, CLIENT_LOST -> Closer.CLIENT;
            case LIBERATOR_CLOSED, LIBERATOR_LOST, CONNECT_FAILED -> Closer.LIBERATOR;
            case LIBERATOR_FAULT,
                    HEAD_TIMEOUT,
                    IDLE,
                    CLIENT_STALLED,
                    CLIENT_SLOW,
                    REFUSED,
                    DRAINED,
                    KILLED,
                    APPLIANCE -> Closer.SLUICE;
        };
    }

    /** Whether an operator counts it among the failures. */
    public boolean isFailure() {
        return switch (this) {
            case LIBERATOR_LOST,
                    LIBERATOR_FAULT,
                    CONNECT_FAILED,
                    HEAD_TIMEOUT,
                    CLIENT_STALLED,
                    CLIENT_SLOW,
                    APPLIANCE -> true;
            default -> false;
        };
    }
}
