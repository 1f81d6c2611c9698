package io.sluice.config;

import io.sluice.config.Yaml.Kind;
import io.sluice.config.Yaml.Mapping;
import io.sluice.config.Yaml.Scalar;
import io.sluice.config.Yaml.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A section as {@link Reader} reads it: a value that is left out, or was refused before, is null; one whose form is
 * wrong is refused here.
 */
record Section(Mapping mapping, Problems problems) {
    private static final String EXPECTED_SIZE = "at most 2147483647 bytes";

    /** From the text of a value; null: not of this form. */
    interface Form<T> {
        @Nullable
        T read(String text);
    }

    static Section of(@Nullable Yaml value, Problems problems) {
        return new Section(
                value instanceof Mapping mapping ? mapping : new Mapping(new Position(0, 0), Map.of()), problems);
    }

    Position at() {
        return mapping.at();
    }

    /** Where {@code key} stands; only where the section {@link #has} it. */
    Position at(String key) {
        return Objects.requireNonNull(mapping.entries().get(key)).at();
    }

    boolean has(String key) {
        return mapping.entries().containsKey(key);
    }

    Section section(String key) {
        return of(mapping.get(key), problems);
    }

    List<Section> sections(String key) {
        List<Section> sections = new ArrayList<>();
        for (Yaml item : items(key)) {
            if (item instanceof Mapping) {
                sections.add(of(item, problems));
            }
        }
        return sections;
    }

    List<Scalar> scalars(String key) {
        List<Scalar> scalars = new ArrayList<>();
        for (Yaml item : items(key)) {
            if (item instanceof Scalar scalar && scalar.kind() != Kind.EMPTY) {
                scalars.add(scalar);
            }
        }
        return scalars;
    }

    private List<Yaml> items(String key) {
        return mapping.get(key) instanceof Sequence list ? list.items() : List.of();
    }

    @Nullable
    Scalar scalar(String key) {
        return mapping.get(key) instanceof Scalar scalar && scalar.kind() != Kind.EMPTY ? scalar : null;
    }

    @Nullable
    String text(String key) {
        Scalar scalar = scalar(key);
        return scalar == null ? null : scalar.text();
    }

    <T> @Nullable T read(String key, Form<T> form, String expected) {
        Scalar scalar = scalar(key);
        if (scalar == null) {
            return null;
        }
        T value = form.read(scalar.text());
        if (value == null) {
            problems.refuse(scalar, key + " is " + Problems.quote(scalar.text()) + " (expected " + expected + ")");
        }
        return value;
    }

    <T> List<T> readAll(String key, Form<T> form, String expected) {
        List<T> values = new ArrayList<>();
        for (Scalar scalar : scalars(key)) {
            T value = form.read(scalar.text());
            if (value == null) {
                problems.refuse(scalar, key + " has " + Problems.quote(scalar.text()) + " (expected " + expected + ")");
            } else {
                values.add(value);
            }
        }
        return values;
    }

    @Nullable
    Duration duration(String key) {
        return read(key, Quantity::duration, "a number and a unit, as in 5s");
    }

    /** Whole seconds, at most {@code most}. */
    @Nullable
    Duration seconds(String key, int most) {
        return read(
                key,
                text -> {
                    Duration time = Quantity.duration(text);
                    return time == null || time.getNano() != 0 || time.getSeconds() > most ? null : time;
                },
                "whole seconds, as in 30s, at most " + most + "s");
    }

    @Nullable
    Integer bytes(String key) {
        return read(key, Quantity::bytes, EXPECTED_SIZE);
    }

    @Nullable
    BodyRate rate(String key) {
        return read(key, Quantity::rate, "a size per time, as in 1B/30s, of " + EXPECTED_SIZE);
    }

    @Nullable
    Integer number(String key) {
        return read(key, text -> text.matches("[0-9]{1,9}") ? Integer.valueOf(text) : null, "a whole number");
    }

    @Nullable
    Boolean isOn(String key) {
        Scalar scalar = scalar(key);
        return scalar == null ? null : (Boolean) scalar.isOn();
    }
}
