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

    /** The terminal that the command was started from, or nobody. */
    static Keyboard ofTerminal() {
        Console console = Terminals.inIsTerminal() ? System.console() : null;
        return new Keyboard() {
            @Override
            public @Nullable String ask(String question) {
                return console == null ? null : console.readLine("%s", question);
            }

            @Override
            public char @Nullable [] askSecretly(String question) {
                return console == null ? null : console.readPassword("%s", question);
            }

            @Override
            public boolean isThere() {
                return console != null;
            }
        };
    }
}
