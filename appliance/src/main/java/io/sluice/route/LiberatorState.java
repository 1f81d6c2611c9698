package io.sluice.route;

/** How a Liberator is: what is known of its health, unless an operator has decided otherwise. */
public enum LiberatorState {
    /** Not probed yet, or probing is off. */
    UNKNOWN,
    UP,
    DOWN,
    /** An operator wants it empty: no new streams, and those that are open are ended one after another. */
    DRAINING,
    /** An operator wants no new streams on it; what is open stays. */
    DISABLED
}
