package io.sluice.console.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.console.Ctl;
import io.sluice.console.Ctl.Said;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;

/** What a line says that has the verbs alone which it was asked for: the same as one with all of them. */
class CallTest {
    private static final List<String> VERBS = Stream.of(
                    AllVerbs.class.getAnnotation(Command.class).subcommands())
            .map(each -> each.getAnnotation(Command.class).name())
            .toList();

    private static Said run(String... arguments) {
        return Ctl.with(Map.of()).run(arguments);
    }

    @Test
    void a_verb_alone_says_the_same_help_as_among_all() {
        assertThat(VERBS).hasSizeGreaterThan(40).contains("status", "support-bundle", "help");
        for (String each : VERBS) {
            if (!each.equals("help")) {
                Said alone = run(each, "--help");
                assertThat(alone.code()).as(each).isZero();
                assertThat(alone.out())
                        .startsWith("Usage: sluicectl " + each)
                        .isEqualTo(run("help", each).out());
            }
        }
    }

    @Test
    void help_of_the_whole_names_every_verb_wherever_it_is_asked_for() {
        for (Said each : List.of(run("--help"), run("help"), run("-h", "status"), run("--profile", "a", "-h", "top"))) {
            assertThat(each.code()).isZero();
            assertThat(each.out()).startsWith("Usage: sluicectl [");
            assertThat(VERBS).allSatisfy(verb -> assertThat(each.out()).containsPattern("(?m)^  " + verb + "\\s"));
        }
    }

    @Test
    void the_completion_names_every_verb() {
        String completion = run("completion").out();
        assertThat(VERBS).allSatisfy(verb -> assertThat(completion).containsPattern("\\b" + verb + "\\b"));
        assertThat(completion).contains("--profile", "_picocli_sluicectl_routes_add");
    }

    @Test
    void a_word_that_is_no_verb_is_held_against_all_of_them() {
        for (Said each : List.of(run("statu"), run("statu", "top"), run("--user", "olga", "liberator", "--all"))) {
            assertThat(each.code()).isEqualTo(2);
            assertThat(each.err()).contains("Unmatched argument").containsPattern("sluicectl (status|liberators)\\b");
        }
    }

    @Test
    void what_is_wrong_behind_a_verb_is_said_with_the_help_of_that_verb() {
        Said wrong = run("status", "drain");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("Unmatched argument", "'drain'", "Usage: sluicectl status");
        assertThat(run("stream").err()).contains("Missing required parameter", "Usage: sluicectl stream ");
    }

    @Test
    void nothing_at_all_asks_for_a_verb() {
        Said nothing = run();
        assertThat(nothing.code()).isEqualTo(2);
        assertThat(nothing.err()).contains("Missing required subcommand");
        assertThat(VERBS).allSatisfy(verb -> assertThat(nothing.err()).contains("  " + verb));
    }

    @Test
    void the_version_is_the_same_before_and_behind_a_verb() {
        String version = run("--version").out();
        assertThat(version).startsWith("sluicectl ").contains("Java ");
        assertThat(run("-V").out()).isEqualTo(version);
        assertThat(run("routes", "add", "--version").out()).isEqualTo(version);
    }

    @Test
    void a_verb_in_a_file_of_arguments_is_one(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("arguments"), "explain --help\n");
        assertThat(run("@" + file).out()).startsWith("Usage: sluicectl explain");
        assertThat(run("--user", "olga", "@" + file).out()).startsWith("Usage: sluicectl explain");
    }
}
