package io.sluice.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of the file with the place where it stands. Compared by identity where it matters, never by content. */
sealed interface Yaml {
    Position at();

    /** What YAML 1.2 takes an unquoted scalar for. {@code on} and {@code off} are strings. */
    enum Kind {
        STRING,
        INTEGER,
        FRACTION,
        BOOLEAN,
        EMPTY
    }

    /**
     * A single value.
     *
     * @param text as written, without quotes
     */
    record Scalar(Position at, Kind kind, String text) implements Yaml {
        /** {@code off}, or {@code false}: what tools that speak YAML 1.1 make of it. */
        boolean isOff() {
            return text.equals("off") || (kind == Kind.BOOLEAN && text.equals("false"));
        }

        /** {@code on}, or {@code true}. */
        boolean isOn() {
            return text.equals("on") || (kind == Kind.BOOLEAN && text.equals("true"));
        }
    }

    /** A list. */
    record Sequence(Position at, List<Yaml> items) implements Yaml {}

    /** A section, in the order of the file. */
    record Mapping(Position at, Map<String, Entry> entries) implements Yaml {
        @Nullable
        Yaml get(String key) {
            Entry entry = entries.get(key);
            return entry == null ? null : entry.value();
        }
    }

    /**
     * What stands under a key.
     *
     * @param at where the key stands
     */
    record Entry(Position at, Yaml value) {}
}
