package io.sluice.console.top;

/**
 * A key.
 *
 * @param character what it types; only of {@link Name#CHARACTER}
 */
record Key(Name name, char character) {
    enum Name {
        NONE,
        CLOSED,
        RESIZED,
        CHARACTER,
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        ENTER,
        ESCAPE,
        BACKSPACE,
        TAB
    }

    static Key of(Name name) {
        return new Key(name, '\0');
    }

    static Key typed(char character) {
        return new Key(Name.CHARACTER, character);
    }
}
