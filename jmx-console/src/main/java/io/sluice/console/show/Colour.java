package io.sluice.console.show;

import java.util.Locale;
import java.util.Set;

/** What a word of state looks like on a terminal. */
public enum Colour {
    GOOD("32"),
    CARE("33"),
    BAD("31"),
    PLAIN("");

    private static final Set<String> GOOD_WORDS = Set.of("up", "ok", "yes", "on", "listening", "true", "enabled");
    private static final Set<String> CARE_WORDS = Set.of(
            "draining", "drained", "disabled", "unknown", "warning", "removed", "unverified", "warn", "maintenance");
    private static final Set<String> BAD_WORDS =
            Set.of("down", "lost", "critical", "bad", "expired", "failed", "kept", "no");

    private final String code;

    Colour(String code) {
        this.code = code;
    }

    public static Colour of(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        if (GOOD_WORDS.contains(lower)) {
            return GOOD;
        } else if (CARE_WORDS.contains(lower)) {
            return CARE;
        }
        return BAD_WORDS.contains(lower) ? BAD : PLAIN;
    }

    String paint(String text) {
        return code.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
