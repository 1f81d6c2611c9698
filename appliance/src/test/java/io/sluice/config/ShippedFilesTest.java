package io.sluice.config;

import static io.sluice.config.Given.BASE;
import static io.sluice.config.Given.loaded;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.sluice.config.Yaml.Mapping;
import io.sluice.config.Yaml.Scalar;
import io.sluice.config.Yaml.Sequence;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class ShippedFilesTest {
    private static final Path EXAMPLE = Path.of("../scripts/sluice.example.yaml");
    private static final Path DOCS = Path.of("../docs/configuration.md");
    private static final JsonNode SCHEMA = schema();

    private static JsonNode schema() {
        try (InputStream in = Shape.class.getResourceAsStream("sluice.schema.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Every key of the schema by its path, {@code listeners[].tls.versions}; settings by their name alone. */
    private static Map<String, JsonNode> keys() {
        Map<String, JsonNode> keys = new LinkedHashMap<>();
        collect("", SCHEMA, keys);
        return keys;
    }

    private static void collect(String path, JsonNode rule, Map<String, JsonNode> keys) {
        JsonNode whole = resolved(rule);
        for (JsonNode at : List.of(whole, whole.path("then"))) {
            at.path("properties").properties().forEach(property -> {
                boolean setting = isSetting(property.getKey()) && !path.contains(".");
                String key = path.isEmpty() || setting ? property.getKey() : path + "." + property.getKey();
                if (keys.putIfAbsent(key, resolved(property.getValue())) == null) {
                    collect(key, property.getValue(), keys);
                }
            });
        }
        if (whole.has("items")) {
            collect(path + "[]", whole.get("items"), keys);
        }
    }

    private static boolean isSetting(String key) {
        return SCHEMA.at("/properties/defaults/properties").has(key);
    }

    /** With what the definitions it refers to add to it. */
    private static JsonNode resolved(JsonNode rule) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        JsonNode at = rule;
        while (true) {
            at.properties().forEach(property -> {
                if (!whole.has(property.getKey())) {
                    whole.set(property.getKey(), property.getValue());
                }
            });
            if (!at.has("$ref")) {
                return whole;
            }
            at = SCHEMA.at(at.get("$ref").stringValue().substring(1));
        }
    }

    @Nested
    class The_example {
        @Test
        void loads_where_its_certificates_are(@TempDir Path folder) throws IOException {
            Files.createDirectory(folder.resolve("tls"));
            for (String file : List.of(
                    "a.pem", "a.key", "b.p12", "b.pass", "partners.pem", "inner-ca.pem", "jmx.pem", "admins.pem")) {
                Files.createFile(folder.resolve("tls").resolve(file));
            }
            Path key = Files.createFile(folder.resolve("tls/jmx.key"));
            Path users = Files.writeString(folder.resolve("jmx.users"), "alice operator certificate\n");
            for (Path each : List.of(key, users)) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rw-r-----"));
            }
            AffinityKeysTest.write(folder.resolve("affinity.keys"), "k1 " + "A".repeat(43) + "=");

            SluiceConfig config = loaded(Files.readString(EXAMPLE), folder);

            assertThat(config.defaults()).isEqualTo(Settings.DEFAULTS);
            assertThat(config.listeners())
                    .extracting(ListenerConfig::name)
                    .containsExactly("public", "partners", "plain", "sealed", "b-address", "direct-a");
            assertThat(config.listeners().get(0).limits()).isEqualTo(Limits.DEFAULTS);
            assertThat(config.liberators().get(0).health()).isEqualTo(HealthConfig.DEFAULTS);
            assertThat(config.liberators().get(0).maxConnections()).isEqualTo(LiberatorConfig.DEFAULT_MAX_CONNECTIONS);
            assertThat(config.management().jmxBind()).isEqualTo(ManagementConfig.DEFAULTS.jmxBind());
            assertThat(config.management().drainTime()).isEqualTo(ManagementConfig.DEFAULTS.drainTime());
            assertThat(config.log().streams()).isEqualTo(LogConfig.DEFAULTS.streams());
        }

        @Test
        void shows_every_setting_and_every_key() throws IOException {
            Set<String> shown = new TreeSet<>();
            Problems problems = new Problems("example");
            collect("", Objects.requireNonNull(YamlText.parse(Files.readString(EXAMPLE), problems)), shown);

            assertThat(shown).isEqualTo(new TreeSet<>(keys().keySet()));
        }

        private static void collect(String path, Yaml value, Set<String> shown) {
            if (value instanceof Mapping section) {
                section.entries().forEach((key, entry) -> {
                    boolean setting = isSetting(key);
                    String inner = path.isEmpty() || setting ? key : path + "." + key;
                    shown.add(inner);
                    collect(inner, entry.value(), shown);
                });
            } else if (value instanceof Sequence list) {
                list.items().forEach(item -> collect(path + "[]", item, shown));
            }
        }
    }

    @Nested
    class The_schema {
        @Test
        void describes_every_key() {
            assertThat(keys())
                    .allSatisfy(
                            (key, rule) -> assertThat(rule.path("description").stringValue(""))
                                    .as(key)
                                    .isNotEmpty());
        }

        @Test
        void gives_the_defaults_that_are_built_in() {
            StringBuilder text = new StringBuilder(BASE).append("defaults:\n");
            SCHEMA.at("/properties/defaults/properties")
                    .properties()
                    .forEach(property -> text.append("  ")
                            .append(property.getKey())
                            .append(": ")
                            .append(resolved(property.getValue()).get("default"))
                            .append('\n'));
            text.append("management:\n");
            List.of("jmx", "metrics", "drainTime")
                    .forEach(key -> text.append("  ")
                            .append(key)
                            .append(": ")
                            .append(resolved(keys().get("management." + key)).get("default"))
                            .append('\n'));
            SluiceConfig config = loaded(text.toString());
            assertThat(config.defaults()).isEqualTo(Settings.DEFAULTS);
            assertThat(config.management()).isEqualTo(ManagementConfig.DEFAULTS);

            Map<String, JsonNode> keys = keys();
            assertThat(keys.get("listeners[].limits.connections").get("default").intValue())
                    .isEqualTo(Limits.DEFAULTS.connections());
            assertThat(keys.get("listeners[].limits.connectionsPerAddress")
                            .get("default")
                            .intValue())
                    .isEqualTo(Limits.DEFAULTS.connectionsPerAddress());
            assertThat(keys.get("liberators[].maxConnections").get("default").intValue())
                    .isEqualTo(LiberatorConfig.DEFAULT_MAX_CONNECTIONS);
        }

        @Test
        void uses_only_keywords_that_the_appliance_knows() {
            Set<String> known = Set.of(
                    "$schema",
                    "$id",
                    "$defs",
                    "$ref",
                    "title",
                    "description",
                    "default",
                    "x-expected",
                    "type",
                    "enum",
                    "pattern",
                    "minimum",
                    "maximum",
                    "minLength",
                    "minItems",
                    "items",
                    "properties",
                    "required",
                    "additionalProperties",
                    "if",
                    "then",
                    "else");
            Set<String> used = new HashSet<>();
            collectKeywords(SCHEMA, used);
            assertThat(known).containsAll(used);
        }

        @Test
        void has_the_settings_whose_lines_are_known_and_no_others() {
            assertThat(SCHEMA.at("/properties/defaults/properties").propertyNames())
                    .containsExactlyInAnyOrderElementsOf(Settings.KEYS);
        }

        private static void collectKeywords(JsonNode rule, Set<String> used) {
            rule.properties().forEach(keyword -> {
                used.add(keyword.getKey());
                if (Set.of("properties", "$defs").contains(keyword.getKey())) {
                    keyword.getValue().properties().forEach(inner -> collectKeywords(inner.getValue(), used));
                } else if (Set.of("items", "if", "then", "else").contains(keyword.getKey())) {
                    collectKeywords(keyword.getValue(), used);
                }
            });
        }
    }

    @Nested
    class The_table_of_keys {
        private final Map<String, List<String>> rows = rows();

        private static Map<String, List<String>> rows() {
            Map<String, List<String>> rows = new LinkedHashMap<>();
            Pattern row = Pattern.compile("\\| `([^`]+)` \\|.*");
            try {
                for (String line : Files.readAllLines(DOCS)) {
                    var matcher = row.matcher(line);
                    if (matcher.matches()) {
                        rows.put(matcher.group(1), List.of(line.substring(2).split(" \\| ")));
                    }
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return rows;
        }

        @Test
        void has_a_row_for_every_key_of_the_schema_and_no_other() {
            assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(keys().keySet());
        }

        @Test
        void gives_the_default_of_the_schema() {
            keys().forEach((key, rule) -> {
                JsonNode value = rule.path("default");
                if (value.isValueNode()) {
                    String text = value.asString();
                    assertThat(rows.get(key).get(1)).as(key).isIn("`" + text + "`", "`\"" + text + "\"`");
                }
            });
        }

        @Test
        void says_what_the_schema_says() {
            keys().forEach((key, rule) -> assertThat(rows.get(key).get(4))
                    .as(key)
                    .isEqualTo(rule.path("description").stringValue("") + " |"));
        }
    }

    /** A full validator must find the same values wrong: then editors and the appliance agree. */
    @Nested
    class A_full_JSON_Schema_validator {
        private final Schema full = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SCHEMA);

        @Test
        void agrees_on_the_example_with_each_value_replaced() throws IOException {
            Yaml example = Objects.requireNonNull(YamlText.parse(Files.readString(EXAMPLE), new Problems("example")));
            JsonNode json = json(example);
            assertThat(full.validate(json)).isEmpty();

            Position nowhere = new Position(1, 1);
            List<Yaml> strangers = new ArrayList<>(List.of(
                    new Yaml.Sequence(nowhere, List.of()),
                    new Yaml.Mapping(nowhere, Map.of()),
                    new Yaml.Mapping(
                            nowhere,
                            Map.of("x", new Yaml.Entry(nowhere, new Scalar(nowhere, Yaml.Kind.STRING, "y"))))));
            for (String text : List.of("off", "x y", "5s", "0", "64KiB", "1B/1s", "/a", "tls-passthrough", "h2", "")) {
                strangers.add(new Scalar(nowhere, Yaml.Kind.STRING, text));
            }
            for (String text : List.of("0", "1", "-1", "503", "2147483648")) {
                strangers.add(new Scalar(nowhere, Yaml.Kind.INTEGER, text));
            }
            strangers.add(new Scalar(nowhere, Yaml.Kind.BOOLEAN, "false"));
            strangers.add(new Scalar(nowhere, Yaml.Kind.BOOLEAN, "true"));
            strangers.add(new Scalar(nowhere, Yaml.Kind.EMPTY, ""));

            List<Yaml> variants = new ArrayList<>();
            for (Yaml stranger : strangers) {
                variants.addAll(replaced(example, stranger));
            }
            assertThat(variants).hasSizeGreaterThan(1000);
            int refused = 0;
            for (Yaml variant : variants) {
                Problems problems = new Problems("variant");
                Shape.shipped().check(variant, problems);
                JsonNode text = json(variant);
                assertThat(problems.isEmpty())
                        .as(() -> text + " " + problems.inOrder() + " " + full.validate(text))
                        .isEqualTo(full.validate(text).isEmpty());
                refused += problems.isEmpty() ? 0 : 1;
            }
            assertThat(refused).isBetween(500, variants.size() - 50);
        }

        /** All trees that differ from this one in one value, or miss one key. */
        private static List<Yaml> replaced(Yaml tree, Yaml stranger) {
            List<Yaml> variants = new ArrayList<>(List.of(stranger));
            if (tree instanceof Mapping section) {
                section.entries().forEach((key, entry) -> {
                    for (Yaml inner : replaced(entry.value(), stranger)) {
                        Map<String, Yaml.Entry> entries = new LinkedHashMap<>(section.entries());
                        entries.put(key, new Yaml.Entry(entry.at(), inner));
                        variants.add(new Mapping(section.at(), entries));
                    }
                    Map<String, Yaml.Entry> without = new LinkedHashMap<>(section.entries());
                    without.remove(key);
                    variants.add(new Mapping(section.at(), without));
                });
            } else if (tree instanceof Sequence list) {
                for (int i = 0; i < list.items().size(); i++) {
                    for (Yaml inner : replaced(list.items().get(i), stranger)) {
                        List<Yaml> items = new ArrayList<>(list.items());
                        items.set(i, inner);
                        variants.add(new Sequence(list.at(), items));
                    }
                }
            }
            return variants;
        }

        private static JsonNode json(Yaml value) {
            JsonNodeFactory json = JsonNodeFactory.instance;
            if (value instanceof Mapping section) {
                ObjectNode object = json.objectNode();
                section.entries().forEach((key, entry) -> object.set(key, json(entry.value())));
                return object;
            }
            if (value instanceof Sequence list) {
                ArrayNode array = json.arrayNode();
                list.items().forEach(item -> array.add(json(item)));
                return array;
            }
            Scalar scalar = (Scalar) value;
            return switch (scalar.kind()) {
                case STRING -> json.stringNode(scalar.text());
                case INTEGER -> json.numberNode(Long.parseLong(scalar.text()));
                case FRACTION -> json.numberNode(Double.parseDouble(scalar.text()));
                case BOOLEAN -> json.booleanNode(Boolean.parseBoolean(scalar.text()));
                case EMPTY -> json.nullNode();
            };
        }
    }
}
