package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import io.sluice.config.ListenerConfig;
import io.sluice.config.SluiceConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code sluice init}: what it writes is good, and what it cannot write well it says. */
class InitCommandTest {
    @TempDir
    private Path folder;

    private String said = "";

    private int init(String... options) {
        return answered("", options);
    }

    private int answered(String answers, String... options) {
        List<String> arguments = new ArrayList<>(List.of("-o", folder.toString()));
        arguments.addAll(List.of(options));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        InputStream in = System.in;
        PrintStream captured = new PrintStream(text, true, StandardCharsets.UTF_8);
        System.setOut(captured);
        System.setErr(captured);
        System.setIn(new ByteArrayInputStream(answers.getBytes(StandardCharsets.UTF_8)));
        try {
            return new CommandLine(new InitCommand())
                    .setErr(new PrintWriter(captured, true))
                    .execute(arguments.toArray(String[]::new));
        } finally {
            System.setOut(out);
            System.setErr(err);
            System.setIn(in);
            said = text.toString(StandardCharsets.UTF_8);
        }
    }

    private SluiceConfig written(String name) {
        ConfigResult result = ConfigLoader.load(folder.resolve(name));
        assertThat(result).as(said).isInstanceOf(ConfigResult.Loaded.class);
        return ((ConfigResult.Loaded) result).config();
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Nested
    class Layout_A {
        private final String[] two = {
            "--liberator", "lib-a=10.1.0.1:18080",
            "--host", "lib-a=a.example.com",
            "--liberator", "lib-b=10.1.0.2:18080",
            "--host", "lib-b=*.b.example.com",
        };

        @Test
        void is_one_listener_and_a_route_for_each_host() throws IOException {
            assertThat(init(two)).as(said).isZero();
            SluiceConfig config = written("sluice.yaml");
            assertThat(config.listeners())
                    .extracting(ListenerConfig::name, each -> each.bind().toString(), ListenerConfig::liberator)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("public", "0.0.0.0:8080", null));
            assertThat(config.routes())
                    .extracting(each -> each.host() + " " + each.liberator())
                    .containsExactly("a.example.com lib-a", "*.b.example.com lib-b");
            assertThat(config.liberators())
                    .extracting(each -> each.address().toString())
                    .containsExactly("10.1.0.1:18080", "10.1.0.2:18080");
            assertThat(files()).containsExactly("sluice.yaml");
        }

        @Test
        void with_a_certificate_listens_on_443_and_finds_the_files_from_anywhere() throws IOException {
            Path chain = Files.createFile(folder.resolve("a b.pem"));
            Path key = Files.createFile(folder.resolve("a.key"));
            String[] options = java.util.Arrays.copyOf(two, two.length + 2);
            options[two.length] = "--certificate";
            options[two.length + 1] = chain + "," + key;
            assertThat(init(options)).as(said).isZero();
            assertThat(written("sluice.yaml").listeners().get(0).bind()).hasToString("0.0.0.0:443");
            assertThat(Files.readString(folder.resolve("sluice.yaml"))).contains(chain.toString(), key.toString());
        }

        @Test
        void a_certificate_that_is_not_there_is_said_and_nothing_is_written() throws IOException {
            String[] options = java.util.Arrays.copyOf(two, two.length + 2);
            options[two.length] = "--certificate";
            options[two.length + 1] = folder.resolve("none.pem") + "," + folder.resolve("none.key");
            assertThat(init(options)).isEqualTo(78);
            assertThat(said).contains("none.pem", "nothing written");
            assertThat(files()).isEmpty();
        }

        @Test
        void direct_connections_get_a_listener_of_their_own_on_the_same_port() {
            String[] options = java.util.Arrays.copyOf(two, two.length + 2);
            options[two.length] = "--direct";
            options[two.length + 1] = "lib-b=10.1.0.2:14001";
            assertThat(init(options)).as(said).isZero();
            SluiceConfig config = written("sluice.yaml");
            ListenerConfig direct = config.listeners().get(1);
            assertThat(direct.name() + " " + direct.bind() + " " + direct.liberator())
                    .isEqualTo("direct-lib-b 0.0.0.0:14001 lib-b");
            assertThat(config.liberators().get(1).direct()).hasToString("10.1.0.2:14001");
        }

        @Test
        void a_host_that_is_missing_is_named() throws IOException {
            assertThat(init("--liberator", "lib-a=10.1.0.1:18080")).isEqualTo(2);
            assertThat(said).contains("--host lib-a=... is missing");
            assertThat(files()).isEmpty();
        }

        @Test
        void an_option_for_an_unknown_Liberator_is_named() {
            assertThat(init("--liberator", "a=10.1.0.1:1", "--host", "b=b.example.com"))
                    .isEqualTo(2);
            assertThat(said).contains("--host names 'b', which is no --liberator (given: a)");
        }

        @Test
        void a_bad_address_or_a_text_that_would_be_YAML_is_refused_where_it_stands() throws IOException {
            assertThat(init("--liberator", "a=10.1.0.1", "--host", "a=x\"}\n- evil: 1"))
                    .isEqualTo(78);
            assertThat(said).contains("address", "host").doesNotContain("unknown key");
            assertThat(files()).isEmpty();
        }

        @Test
        void instances_are_refused() {
            String[] options = java.util.Arrays.copyOf(two, two.length + 1);
            options[two.length] = "--instances";
            assertThat(init(options)).isEqualTo(2);
            assertThat(said).contains("--instances needs --layout b");
        }
    }

    @Nested
    class Layout_B {
        private final String[] two = {
            "--layout", "b",
            "--liberator", "lib-a=10.1.0.1:18080",
            "--listen", "lib-a=192.0.2.1:8080",
            "--liberator", "lib-b=10.1.0.2:18080",
            "--listen", "lib-b=192.0.2.2:8080",
        };

        private String[] with(String... more) {
            List<String> options = new ArrayList<>(List.of(two));
            options.addAll(List.of(more));
            return options.toArray(String[]::new);
        }

        @Test
        void is_a_listener_for_each_Liberator_that_refuses_while_it_is_down() {
            assertThat(init(two)).as(said).isZero();
            SluiceConfig config = written("sluice.yaml");
            assertThat(config.listeners())
                    .extracting(each -> each.bind() + " " + each.liberator())
                    .containsExactly("192.0.2.1:8080 lib-a", "192.0.2.2:8080 lib-b");
            assertThat(config.routes()).isEmpty();
        }

        @Test
        void in_instances_each_has_a_file_a_JMX_port_and_a_log_of_its_own() throws IOException {
            assertThat(init(with("--instances", "--jmx-port", "7300", "--log-folder", "/var/log/sluice")))
                    .as(said)
                    .isZero();
            assertThat(files()).containsExactly("lib-a.yaml", "lib-b.yaml");
            assertThat(written("lib-a.yaml").liberators()).hasSize(1);
            assertThat(written("lib-a.yaml").listeners()).hasSize(1);
            assertThat(Files.readString(folder.resolve("lib-a.yaml")))
                    .contains("127.0.0.1:7300", "/var/log/sluice/sluice-lib-a.log")
                    .doesNotContain("lib-b");
            assertThat(Files.readString(folder.resolve("lib-b.yaml")))
                    .contains("127.0.0.1:7301", "/var/log/sluice/sluice-lib-b.log");
        }

        @Test
        void one_bad_instance_keeps_the_others_from_being_written() throws IOException {
            assertThat(init(
                            "--layout",
                            "b",
                            "--instances",
                            "--liberator",
                            "good=10.1.0.1:1",
                            "--listen",
                            "good=192.0.2.1:1",
                            "--liberator",
                            "bad=10.1.0.1:1",
                            "--listen",
                            "bad=nowhere"))
                    .isEqualTo(78);
            assertThat(said).contains("bad.yaml:");
            assertThat(files()).isEmpty();
        }

        @Test
        void an_address_without_a_name_is_explained() {
            assertThat(init("--layout", "b", "--liberator", "a=10.1.0.1:1", "--listen", "192.0.2.1:1"))
                    .isEqualTo(2);
            assertThat(said).contains("layout b expects NAME=HOST:PORT");
        }

        @Test
        void a_file_that_is_there_is_kept_without_force_and_no_other_is_written() throws IOException {
            Files.writeString(folder.resolve("lib-b.yaml"), "mine");
            assertThat(init(with("--instances"))).isEqualTo(1);
            assertThat(said).contains("lib-b.yaml is there already; --force overwrites it");
            assertThat(files()).containsExactly("lib-b.yaml");
            assertThat(folder.resolve("lib-b.yaml")).hasContent("mine");

            assertThat(init(with("--instances", "--force"))).as(said).isZero();
            assertThat(files()).containsExactly("lib-a.yaml", "lib-b.yaml");
            written("lib-b.yaml");
        }

        @Test
        void a_dry_run_prints_and_writes_nothing() throws IOException {
            assertThat(init(with("--dry-run"))).isZero();
            assertThat(said).contains("sluice.yaml", "192.0.2.2:8080");
            assertThat(files()).isEmpty();
        }
    }

    @Nested
    class Asked {
        @Test
        void for_layout_A_it_asks_again_after_an_answer_that_is_none() {
            String answers = String.join(
                    "\n",
                    "C",
                    "a",
                    "n",
                    "", // 0.0.0.0:8080
                    "", // liberator-a
                    "10.1.0.1",
                    "10.1.0.1:18080",
                    "a.example.com",
                    "n",
                    "y",
                    "fx",
                    "10.1.0.2:18080",
                    "fx.example.com",
                    "y",
                    "10.1.0.2:14001",
                    "",
                    "n",
                    "");
            assertThat(answered(answers)).as(said).isZero();
            assertThat(said).contains("'C' is no answer (expected: A or B)", "'10.1.0.1' is no answer");
            SluiceConfig config = written("sluice.yaml");
            assertThat(config.routes())
                    .extracting(each -> each.host() + " " + each.liberator())
                    .containsExactly("a.example.com liberator-a", "fx.example.com fx");
            assertThat(config.listeners())
                    .extracting(each -> each.bind().toString())
                    .containsExactly("0.0.0.0:8080", "0.0.0.0:14001");
        }

        @Test
        void for_layout_B_it_can_make_instances() throws IOException {
            String answers = String.join(
                    "\n",
                    "b",
                    "n",
                    "",
                    "10.1.0.1:1",
                    "192.0.2.1:1",
                    "",
                    "y",
                    "",
                    "10.1.0.2:1",
                    "192.0.2.2:1",
                    "",
                    "n",
                    "y",
                    "");
            assertThat(answered(answers)).as(said).isZero();
            assertThat(files()).containsExactly("liberator-a.yaml", "liberator-b.yaml");
            written("liberator-a.yaml");
            written("liberator-b.yaml");
        }

        @Test
        void without_answers_it_says_which_options_there_are() throws IOException {
            assertThat(answered("")).isEqualTo(2);
            assertThat(said).contains("no more answers", "--liberator");
            assertThat(files()).isEmpty();
        }
    }
}
