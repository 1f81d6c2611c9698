package io.sluice.route;

/** What a host leads to: one Liberator, or a pool of which each client has one. */
public sealed interface Destination permits Route, Pool {
    /** The host as configured: a name, {@code *.} and a name, or {@code *} for all hosts of a listener. */
    String host();

    /** Decides one request. Nothing is changed or counted by it: the same request may be looked at twice. */
    Decision decide(Asked asked);

    /**
     * Whether requests would be served alike by both: by the same Liberators at the same addresses, by the same rules.
     */
    boolean isLike(Destination other);
}
