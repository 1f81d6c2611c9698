package io.sluice.console.sheet;

import io.sluice.console.show.Colour;

/** What a piece of a screen shall look like; each face knows how. */
public enum Tone {
    PLAIN,
    FAINT,
    HEAD,
    BAR,
    GOOD,
    CARE,
    BAD,
    GRAPH;

    /** Of a word that says a state. */
    public static Tone of(String word) {
        return switch (Colour.of(word)) {
            case GOOD -> GOOD;
            case CARE -> CARE;
            case BAD -> BAD;
            case PLAIN -> PLAIN;
        };
    }
}
