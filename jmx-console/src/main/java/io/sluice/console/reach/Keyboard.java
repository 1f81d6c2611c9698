package io.sluice.console.reach;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/** Where an operator can be asked. */
public interface Keyboard {
    /** The answer without its line end; null at the end of the input, and where nobody can be asked. */
    @Nullable
    String ask(String question);

    /** The same without showing what is typed. */
    char @Nullable [] askSecretly(String question);

    /** Whether there is anybody to ask. */
    boolean isThere();

    /** The terminal that the command was started from, or nobody. Java's console is not made before somebody is asked. */
    static Keyboard ofTerminal() {
        return new Keyboard() {
            @Override
            public @Nullable String ask(String question) {
                Console console = console();
                return console == null ? null : console.readLine("%s", question);
            }

            @Override
            public char @Nullable [] askSecretly(String question) {
                Console console = console();
                return console == null ? null : console.readPassword("%s", question);
            }

            @Override
            public boolean isThere() {
                return console() != null;
            }

            private @Nullable Console console() {
                return Terminals.inIsTerminal() ? System.console() : null;
            }
        };
    }
}
