package io.sluice.console.verb;

/**
 * What the doctor found.
 *
 * @param subject what was looked at
 * @param state {@code ok}, {@code warning} or {@code bad}
 * @param found what is so
 * @param advice what to do; empty where nothing is
 */
record Finding(String subject, String state, String found, String advice) {
    boolean isBad() {
        return state.equals("bad");
    }

    static Finding ok(String subject, String found) {
        return new Finding(subject, "ok", found, "");
    }

    static Finding warning(String subject, String found, String advice) {
        return new Finding(subject, "warning", found, advice);
    }

    static Finding bad(String subject, String found, String advice) {
        return new Finding(subject, "bad", found, advice);
    }
}
