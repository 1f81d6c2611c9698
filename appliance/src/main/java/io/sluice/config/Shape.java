package io.sluice.config;

import io.sluice.config.Yaml.Entry;
import io.sluice.config.Yaml.Kind;
import io.sluice.config.Yaml.Mapping;
import io.sluice.config.Yaml.Scalar;
import io.sluice.config.Yaml.Sequence;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds a file against the shipped JSON Schema (2020-12), {@code sluice.schema.json}: names, kinds and forms of values.
 *
 * <p>It knows the keywords that schema uses and no others; the tests hold its verdicts against a full validator. That
 * validator is not used here because it takes half a second to come up in a fresh JVM, a quarter of the time the whole
 * appliance may take to start, and because sentences for operators need the names of sections and the schema's own
 * {@code x-expected}, the end of "expected …" for a value.
 */
final class Shape {
    private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

    private final Mapping schema;

    private Shape(Mapping schema) {
        this.schema = schema;
    }

    /** The shape of the configuration file; read once. */
    static Shape shipped() {
        return Shipped.SHAPE;
    }

    private static final class Shipped {
        static final Shape SHAPE = read();

        private static Shape read() {
            try (InputStream in = Shape.class.getResourceAsStream("sluice.schema.json")) {
                String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
                Problems problems = new Problems("sluice.schema.json");
                if (YamlText.parse(text, problems) instanceof Mapping root && problems.isEmpty()) {
                    return new Shape(root);
                }
                throw new IllegalStateException("broken schema: " + problems.inOrder());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    void check(Yaml file, Problems problems) {
        check(schema, file, new Place("the file", false, "the file"), "", problems);
    }

    /**
     * Where a value stands, in the operator's words.
     *
     * @param key its key, or that of the list it is in
     * @param item whether it is an entry of a list
     * @param section what it is called if it is a section
     */
    private record Place(String key, boolean item, String section) {}

    /** Whether the value itself may stand; a problem deeper inside it is noted but does not count. */
    private boolean check(Mapping rule, Yaml value, Place place, String outerExpected, Problems problems) {
        String expected = rule.get("x-expected") instanceof Scalar own ? own.text() : outerExpected;
        if (rule.get("$ref") instanceof Scalar ref && !check(definition(ref), value, place, expected, problems)) {
            return false;
        }
        boolean fits = fitsType(rule, value) && fitsEnum(rule, value);
        if (value instanceof Scalar scalar) {
            fits = fits && fitsScalar(rule, scalar);
        } else if (value instanceof Sequence list) {
            fits = fits && list.items().size() >= number(rule, "minItems", 0);
        }
        if (!fits) {
            problems.refuse(value, read(value, place) + (expected.isEmpty() ? "" : " (expected " + expected + ")"));
            return false;
        }
        if (value instanceof Sequence list && rule.get("items") instanceof Mapping itemRule) {
            checkItems(itemRule, list, place, problems);
        } else if (value instanceof Mapping section) {
            checkSection(rule, section, place, problems);
        }
        if (rule.get("if") instanceof Mapping condition) {
            boolean holds = holds(condition, value);
            if (rule.get(holds ? "then" : "else") instanceof Mapping branch) {
                return check(branch, value, place, expected, problems);
            }
        }
        return true;
    }

    private boolean holds(Mapping condition, Yaml value) {
        Problems unheard = new Problems("");
        check(condition, value, new Place("", false, ""), "", unheard);
        return unheard.isEmpty();
    }

    private void checkItems(Mapping itemRule, Sequence list, Place place, Problems problems) {
        int ordinal = 0;
        for (Yaml item : list.items()) {
            ordinal++;
            check(itemRule, item, new Place(place.key(), true, itemName(place.key(), item, ordinal)), "", problems);
        }
    }

    private void checkSection(Mapping rule, Mapping section, Place place, Problems problems) {
        Mapping known = rule.get("properties") instanceof Mapping properties ? properties : null;
        boolean closed = rule.get("additionalProperties") instanceof Scalar additional && additional.isOff();
        for (Map.Entry<String, Entry> entry : section.entries().entrySet()) {
            String key = entry.getKey();
            if (known != null && known.get(key) instanceof Mapping keyRule) {
                check(keyRule, entry.getValue().value(), new Place(key, false, key), "", problems);
            } else if (closed && known != null) {
                problems.at(
                        entry.getValue().at(),
                        unknownKey(key, place, List.copyOf(known.entries().keySet())));
            }
        }
        if (rule.get("required") instanceof Sequence required) {
            for (Yaml item : required.items()) {
                String key = ((Scalar) item).text();
                if (!section.entries().containsKey(key)) {
                    problems.at(section.at(), place.section() + " has no " + key + " (required)");
                }
            }
        }
    }

    private static String unknownKey(String key, Place place, List<String> known) {
        String suggestion = Suggestion.forWord(key, known);
        return "unknown key " + Problems.quote(key) + " in " + place.section()
                + (suggestion.isEmpty() ? " (known: " + String.join(", ", known) + ")" : suggestion);
    }

    /** What an entry of a list is called: {@code listener 'public'}, {@code route 'fx.example.com'}. */
    static String itemName(String listKey, Yaml item, int ordinal) {
        return switch (listKey) {
            case "listeners" -> named("listener", item, "name", ordinal);
            case "liberators" -> named("Liberator", item, "name", ordinal);
            case "routes" -> named("route", item, "host", ordinal);
            default -> "entry " + ordinal + " of " + listKey;
        };
    }

    private static String named(String noun, Yaml item, String nameKey, int ordinal) {
        return item instanceof Mapping section && section.get(nameKey) instanceof Scalar name
                ? noun + " " + Problems.quote(name.text())
                : noun + " " + ordinal;
    }

    private static String read(Yaml value, Place place) {
        String verb = place.item() ? " has " : " is ";
        if (value instanceof Scalar scalar) {
            boolean empty = scalar.kind() == Kind.EMPTY && scalar.text().isEmpty();
            return place.key() + verb + (empty ? place.item() ? "an empty entry" : "empty" : quoted(scalar));
        }
        boolean emptyList = value instanceof Sequence list && list.items().isEmpty();
        return place.key() + verb + (value instanceof Mapping ? "a section" : emptyList ? "an empty list" : "a list");
    }

    private static String quoted(Scalar scalar) {
        return Problems.quote(scalar.text());
    }

    private Mapping definition(Scalar ref) {
        String name = ref.text().substring("#/$defs/".length());
        if (schema.get("$defs") instanceof Mapping definitions && definitions.get(name) instanceof Mapping found) {
            return found;
        }
        throw new IllegalStateException("the schema has no " + ref.text());
    }

    private static boolean fitsType(Mapping rule, Yaml value) {
        Yaml type = rule.get("type");
        if (type instanceof Scalar one) {
            return isOfType(value, one.text());
        }
        return !(type instanceof Sequence several)
                || several.items().stream().anyMatch(one -> isOfType(value, ((Scalar) one).text()));
    }

    private static boolean isOfType(Yaml value, String type) {
        return switch (type) {
            case "object" -> value instanceof Mapping;
            case "array" -> value instanceof Sequence;
            case "string" -> isKind(value, Kind.STRING);
            case "integer" -> isKind(value, Kind.INTEGER);
            case "boolean" -> isKind(value, Kind.BOOLEAN);
            default -> throw new IllegalStateException("the schema has a type " + type);
        };
    }

    private static boolean isKind(Yaml value, Kind kind) {
        return value instanceof Scalar scalar && scalar.kind() == kind;
    }

    private static boolean fitsEnum(Mapping rule, Yaml value) {
        return !(rule.get("enum") instanceof Sequence allowed)
                || (value instanceof Scalar scalar
                        && allowed.items().stream()
                                .anyMatch(one -> one instanceof Scalar other
                                        && other.kind() == scalar.kind()
                                        && other.text().equals(scalar.text())));
    }

    private static boolean fitsScalar(Mapping rule, Scalar scalar) {
        if (scalar.kind() == Kind.STRING) {
            return (!(rule.get("pattern") instanceof Scalar pattern)
                            || PATTERNS.computeIfAbsent(pattern.text(), Pattern::compile)
                                    .matcher(scalar.text())
                                    .find())
                    && scalar.text().length() >= number(rule, "minLength", 0);
        }
        if (scalar.kind() == Kind.INTEGER) {
            BigInteger number = new BigInteger(scalar.text());
            return number.compareTo(BigInteger.valueOf(number(rule, "minimum", Long.MIN_VALUE))) >= 0
                    && number.compareTo(BigInteger.valueOf(number(rule, "maximum", Long.MAX_VALUE))) <= 0;
        }
        return true;
    }

    private static long number(Mapping rule, String keyword, long otherwise) {
        @Nullable Yaml value = rule.get(keyword);
        return value instanceof Scalar scalar ? Long.parseLong(scalar.text()) : otherwise;
    }
}
