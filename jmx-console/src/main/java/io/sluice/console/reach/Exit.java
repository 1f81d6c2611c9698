package io.sluice.console.reach;

/** What a command ends with. */
public enum Exit {
    DONE(0),
    /** The appliance refused, or could not do it. */
    REFUSED(1),
    /** The command line is wrong; nothing was tried. */
    USAGE(2),
    NO_CONNECTION(3),
    /** The login failed, or the user's role does not allow it. */
    NOT_ALLOWED(4);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
