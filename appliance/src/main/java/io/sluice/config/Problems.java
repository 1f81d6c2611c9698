package io.sluice.config;

import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Gathers the problems of one file. A value that was refused once is not refused a second time by a later step. */
final class Problems {
    private static final int SHOWN_CHARS = 80;

    private final String file;
    private final Set<Problem> problems = new LinkedHashSet<>();
    private final Set<Yaml> refused = Collections.newSetFromMap(new IdentityHashMap<>());

    Problems(String file) {
        this.file = file;
    }

    void wholeFile(String sentence) {
        problems.add(new Problem(file, 0, 0, sentence));
    }

    void at(Position position, String sentence) {
        problems.add(new Problem(file, position.line(), position.column(), sentence));
    }

    void refuse(Yaml value, String sentence) {
        refuse(value, value.at(), sentence);
    }

    void refuse(Yaml value, Position position, String sentence) {
        if (refused.add(value)) {
            at(position, sentence);
        }
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    /** In the order of the file. */
    List<Problem> inOrder() {
        return problems.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .toList();
    }

    /** In quotes, on one line, and not longer than a reader wants it. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("'");
        text.codePoints().limit(SHOWN_CHARS).forEach(c -> {
            if (Character.isISOControl(c)) {
                quoted.append(String.format("\\x%02x", c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return quoted.append(text.codePointCount(0, text.length()) > SHOWN_CHARS ? "…'" : "'")
                .toString();
    }
}
