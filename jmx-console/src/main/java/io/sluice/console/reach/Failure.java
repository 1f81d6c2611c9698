package io.sluice.console.reach;

import org.jspecify.annotations.Nullable;

/** Why a command did not do what it was asked: a sentence for the operator that says what to do, and the exit code. */
public final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    private final Exit exit;

    public Failure(Exit exit, String sentence) {
        this(exit, sentence, null);
    }

    public Failure(Exit exit, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.exit = exit;
    }

    public Exit exit() {
        return exit;
    }

    /** Never null. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
