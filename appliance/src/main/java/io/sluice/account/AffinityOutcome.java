package io.sluice.account;

import java.util.Locale;

/** What a pool did with a client. */
public enum AffinityOutcome {
    ASSIGNED("a new client was given a Liberator"),
    KEPT("goes to the Liberator that it belongs to"),
    RELEASED_DOWN("its Liberator has been down for too long: told to start anew"),
    RELEASED_REMOVED("its Liberator left the pool: told to start anew"),
    GONE("its Liberator left the pool, and it may not start anew"),
    REFUSED("what it showed was not ours"),
    NO_LIBERATOR("it is new, and no Liberator takes new clients now");

    private final String sentence;
    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    AffinityOutcome(String sentence) {
        this.sentence = sentence;
    }

    /** As metrics show it: {@code released-down}. */
    public String label() {
        return label;
    }

    /** It in words. */
    public String sentence() {
        return sentence;
    }
}
