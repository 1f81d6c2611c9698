package io.sluice.demo;

/**
 * What a client says: a session id, then a command, as in {@code A-5f0c2b91 NOOP}. A body that is only a session id is
 * a poll.
 */
record Command(String session, String text) {
    static Command of(String line) {
        String trimmed = line.strip();
        int space = trimmed.indexOf(' ');
        return space < 0
                ? new Command(trimmed, "")
                : new Command(
                        trimmed.substring(0, space),
                        trimmed.substring(space + 1).strip());
    }
}
