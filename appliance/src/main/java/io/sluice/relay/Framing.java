package io.sluice.relay;

/**
 * How the end of a message body is told (RFC 9112 §6.3).
 *
 * @param mode the rule
 * @param length content length in bytes for {@link Mode#LENGTH}, else 0
 */
public record Framing(Mode mode, long length) {
    public enum Mode {
        /** There is no body. */
        NONE,
        LENGTH,
        CHUNKED,
        /** The end of the connection ends the body; responses only. */
        UNTIL_CLOSE
    }

    public static final Framing NONE = new Framing(Mode.NONE, 0);
    static final Framing CHUNKED = new Framing(Mode.CHUNKED, 0);
    static final Framing UNTIL_CLOSE = new Framing(Mode.UNTIL_CLOSE, 0);

    static Framing ofLength(long bytes) {
        return bytes == 0 ? NONE : new Framing(Mode.LENGTH, bytes);
    }

    /** Whether the body may go on for ever. */
    boolean isUnbounded() {
        return mode == Mode.CHUNKED || mode == Mode.UNTIL_CLOSE;
    }
}
