package io.sluice.console.top;

import io.sluice.console.show.Colour;
import org.jline.utils.AttributedStyle;

/** What a piece of the screen looks like. */
enum Tone {
    PLAIN(AttributedStyle.DEFAULT),
    FAINT(AttributedStyle.DEFAULT.faint()),
    HEAD(AttributedStyle.DEFAULT.bold()),
    BAR(AttributedStyle.DEFAULT.inverse()),
    GOOD(AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN)),
    CARE(AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW)),
    BAD(AttributedStyle.BOLD.foreground(AttributedStyle.RED)),
    GRAPH(AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN));

    @SuppressWarnings("ImmutableEnumChecker") // it is; it only does not say so
    private final AttributedStyle style;

    Tone(AttributedStyle style) {
        this.style = style;
    }

    AttributedStyle style() {
        return style;
    }

    /** Of a word that says a state. */
    static Tone of(String word) {
        return switch (Colour.of(word)) {
            case GOOD -> GOOD;
            case CARE -> CARE;
            case BAD -> BAD;
            case PLAIN -> PLAIN;
        };
    }
}
