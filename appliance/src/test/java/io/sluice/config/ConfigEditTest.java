package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.ConfigEdit.Field;
import io.sluice.config.ConfigEdit.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConfigEditTest {
    private static final Path EXAMPLE = Path.of("../scripts/sluice.example.yaml");
    private static final Pattern COMMENT = Pattern.compile("(^|\\s)# ?(.*)$", Pattern.MULTILINE);

    private static final String SMALL = """
            # the whole
            version: 1
            listeners:
              - { name: plain, bind: "127.0.0.1:8080" }   # for tests
            liberators:
              # the first
              - name: lib-a
                address: 127.0.0.1:18080   # inner
            """;

    private static List<String> comments(String text) {
        return COMMENT.matcher(text)
                .results()
                .map(each -> each.group(2).strip())
                .sorted()
                .toList();
    }

    private static List<Field> route(String host) {
        return List.of(Field.of("host", host), Field.of("liberator", "lib-a"));
    }

    @Test
    void every_comment_of_the_example_outlives_an_entry_that_comes_and_goes() throws IOException {
        String text = Files.readString(EXAMPLE);

        String more = ConfigEdit.added(text, Part.ROUTES, route("new.example.com"));

        assertThat(ConfigDiff.between(text, more))
                .containsExactly(
                        "+ route 'new.example.com' host: new.example.com",
                        "+ route 'new.example.com' liberator: lib-a");
        assertThat(comments(more)).isEqualTo(comments(text));
        String without = ConfigEdit.removed(more, Part.ROUTES, "new.example.com");
        assertThat(ConfigDiff.between(text, without)).isEmpty();
        assertThat(comments(without)).isEqualTo(comments(text));
    }

    @Test
    void an_edit_of_what_was_edited_moves_nothing_more() {
        String once = ConfigEdit.added(SMALL, Part.ROUTES, route("a"));
        String twice = ConfigEdit.removed(ConfigEdit.added(once, Part.ROUTES, route("b")), Part.ROUTES, "b");
        assertThat(twice).isEqualTo(once);
    }

    @Test
    void a_list_that_is_not_there_is_made() {
        String text = ConfigEdit.added(SMALL, Part.ROUTES, route("a"));
        assertThat(ConfigDiff.between(SMALL, text)).hasSize(2).allMatch(line -> line.startsWith("+ route 'a'"));
        assertThat(comments(text)).containsExactly("for tests", "inner", "the first", "the whole");
    }

    @Test
    void texts_that_YAML_would_read_as_something_else_are_quoted() {
        for (String host : List.of("yes", "12", "*.example.com", "a: b", "# no", "[x", "'", "null", "")) {
            String text = ConfigEdit.added(SMALL, Part.ROUTES, List.of(Field.of("host", host)));
            assertThat(ConfigDiff.between(SMALL, text))
                    .as(host)
                    .singleElement()
                    .asString()
                    .endsWith(" host: " + (host.isEmpty() ? "''" : host));
        }
    }

    @Test
    void a_value_cannot_bring_other_keys_with_it() {
        assertThatThrownBy(() -> ConfigEdit.changed(SMALL, Part.LIBERATORS, "lib-a", "address", "x\nhealth: off"))
                .isInstanceOf(IllegalArgumentException.class);
        String text = ConfigEdit.changed(SMALL, Part.LIBERATORS, "lib-a", "health", "{ check: tcp }");
        assertThat(ConfigDiff.between(SMALL, text)).containsExactly("+ Liberator 'lib-a' health check: tcp");
    }

    @Test
    void an_entry_that_is_not_there_is_named_with_those_that_are() {
        assertThatThrownBy(() -> ConfigEdit.removed(SMALL, Part.LIBERATORS, "lib-x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Liberator 'lib-x' is not defined (defined: lib-a)");
        assertThatThrownBy(() -> ConfigEdit.changed(SMALL, Part.LIBERATORS, "lib-a", "health", null))
                .hasMessage("Liberator 'lib-a' has no health of its own");
    }

    @Test
    void a_diff_sees_neither_spacing_nor_order_nor_comments() {
        String other = """
                liberators: [ { address: "127.0.0.1:18080", name: lib-a } ]
                listeners: [ { name: plain, bind: "127.0.0.1:8080" } ]
                version: 1
                """;
        assertThat(ConfigDiff.between(SMALL, other)).isEmpty();
        assertThat(ConfigDiff.between(SMALL, other.replace("18080", "18081")))
                .containsExactly("~ Liberator 'lib-a' address: 127.0.0.1:18080 -> 127.0.0.1:18081");
    }
}
