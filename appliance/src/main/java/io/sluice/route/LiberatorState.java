package io.sluice.route;

/** What is known of a Liberator's health. */
public enum LiberatorState {
    /** Not probed yet, or probing is off. */
    UNKNOWN,
    UP,
    DOWN
}
