package io.sluice.config;

import static io.sluice.config.Given.BASE;
import static io.sluice.config.Given.lines;
import static io.sluice.config.Given.loaded;
import static io.sluice.config.Given.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.LogConfig.StreamEvent;
import io.sluice.config.TlsConfig.UnknownSni;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    @Nested
    class A_good_file {
        @Test
        void that_says_only_what_it_must_has_the_defaults_everywhere() {
            SluiceConfig config = loaded(BASE);

            assertThat(config.defaults()).isEqualTo(Settings.DEFAULTS);
            assertThat(config.listeners())
                    .containsExactly(new ListenerConfig(
                            "plain",
                            new HostAndPort("127.0.0.1", 8080),
                            ListenerKind.HTTP,
                            Set.of(Protocol.HTTP_1_1),
                            null,
                            null,
                            ProxyProtocolConfig.OFF,
                            new Limits(50_000, 0, 64, 0, AddressRules.NONE),
                            Overrides.NONE));
            assertThat(config.liberators().get(0))
                    .isEqualTo(new LiberatorConfig(
                            "lib1",
                            new HostAndPort("127.0.0.1", 18080),
                            new HostAndPort("127.0.0.1", 18080),
                            null,
                            ProxyVersion.OFF,
                            30_000,
                            0,
                            Duration.ofSeconds(5),
                            new HealthConfig(new HealthConfig.Tcp(), Duration.ofSeconds(5), 2, 3),
                            Overrides.NONE));
            assertThat(config.routes()).isEmpty();
            assertThat(config.management())
                    .isEqualTo(new ManagementConfig(
                            JmxConfig.on(new HostAndPort("127.0.0.1", 7199)), null, Duration.ofSeconds(10)));
            assertThat(config.log()).isEqualTo(new LogConfig(null, null, Set.of(StreamEvent.OPEN, StreamEvent.END)));
        }

        @Test
        void says_where_it_was_read() {
            assertThat(loaded(BASE).file()).isEqualTo(Path.of("/nowhere/sluice.yaml"));
        }

        @Test
        void may_be_JSON() {
            assertThat(loaded("{\"listeners\": [{\"name\": \"a\", \"bind\": \"[::1]:80\"}],\n"
                                    + "\t\"liberators\": [{\"name\": \"b\", \"address\": \"localhost:81\"}]}")
                            .listeners()
                            .get(0)
                            .bind())
                    .isEqualTo(new HostAndPort("::1", 80));
        }

        @Test
        void may_use_anchors() {
            SluiceConfig config = loaded(BASE + """
                    routes:
                      - { host: a.example.com, liberator: lib1, forwarded: &f { via: on } }
                      - { host: b.example.com, liberator: lib1, forwarded: *f }
                    """);
            assertThat(config.routes().get(1).overrides().forwarded())
                    .isNotNull()
                    .isEqualTo(config.routes().get(0).overrides().forwarded());
        }

        @Test
        void may_have_been_written_by_a_YAML_1_1_tool_that_makes_false_of_off() {
            SluiceConfig config = loaded("""
                    version: 1
                    defaults: { forwarded: { xForwarded: false, rfc7239: false, via: true }, onDown: 502 }
                    listeners: [ { name: a, bind: "127.0.0.1:0", tls: false, proxyProtocol: { accept: [] } } ]
                    liberators: [ { name: b, address: "127.0.0.1:1", tls: false, proxyProtocol: false, health: { check: false } } ]
                    management: { jmx: false, metrics: false, drainTime: 0 }
                    """);
            assertThat(config.defaults().forwarded())
                    .isEqualTo(new ForwardedPolicy(ForwardedPolicy.XForwarded.OFF, List.of(), false, true));
            assertThat(config.defaults().onDown()).isEqualTo(OnDown.BAD_GATEWAY_502);
            assertThat(config.liberators().get(0).health().check()).isEqualTo(new HealthConfig.Off());
            assertThat(config.management()).isEqualTo(new ManagementConfig(null, null, Duration.ZERO));
        }

        @Test
        void takes_upper_case_host_names_as_lower_case() {
            assertThat(loaded(BASE + "routes: [ { host: '*.FX.Example.com', liberator: lib1 } ]")
                            .routes()
                            .get(0)
                            .host())
                    .isEqualTo("*.fx.example.com");
        }

        @Test
        void finds_files_from_its_own_folder(@TempDir Path folder) throws IOException {
            Files.createDirectory(folder.resolve("tls"));
            Files.createFile(folder.resolve("tls/a.pem"));
            Files.createFile(folder.resolve("tls/a.key"));
            Path file = folder.resolve("sluice.yaml");
            Files.writeString(file, BASE + """
                                tls:
                                  certificates: [ { chain: tls/a.pem, key: tls/a.key } ]
                                  versions: [ TLSv1.3 ]
                                  unknownSni: default
                            log: { file: log/s.log, audit: /var/log/audit.log, streams: [ poll ] }
                            """);

            ConfigResult result = ConfigLoader.load(file);

            assertThat(result).isInstanceOf(ConfigResult.Loaded.class);
            SluiceConfig config = ((ConfigResult.Loaded) result).config();
            assertThat(config.file()).isEqualTo(file);
            assertThat(config.listeners().get(0).tls())
                    .isEqualTo(new TlsConfig(
                            List.of(new TlsConfig.CertificateFiles.Pem(
                                    folder.resolve("tls/a.pem"), folder.resolve("tls/a.key"), null)),
                            Set.of("TLSv1.3"),
                            UnknownSni.DEFAULT,
                            TlsConfig.ClientAuth.NONE,
                            null,
                            null));
            assertThat(config.log())
                    .isEqualTo(new LogConfig(
                            folder.resolve("log/s.log"), Path.of("/var/log/audit.log"), Set.of(StreamEvent.POLL)));
        }

        @Test
        void reads_each_kind_of_health_check() {
            assertThat(health("{ check: { http: /url-check.gif, expect: 204 }, interval: 500ms, rise: 1, fall: 9 }"))
                    .isEqualTo(new HealthConfig(
                            new HealthConfig.Http("/url-check.gif", 204), Duration.ofMillis(500), 1, 9));
            assertThat(health("{ check: { http: /x } }").check()).isEqualTo(new HealthConfig.Http("/x", 200));
            assertThat(health("{ check: off }").check()).isEqualTo(new HealthConfig.Off());
            assertThat(health("off").check()).isEqualTo(new HealthConfig.Off());
            assertThat(health("tcp")).isEqualTo(HealthConfig.DEFAULTS);
        }

        private HealthConfig health(String value) {
            return loaded("listeners: [ { name: a, bind: '127.0.0.1:0' } ]\n"
                            + "liberators: [ { name: b, address: '127.0.0.1:1', health: " + value + " } ]")
                    .liberators()
                    .get(0)
                    .health();
        }

        @Test
        void may_give_one_host_to_different_Liberators_on_different_listeners() {
            assertThat(loaded("""
                                    liberators: [ { name: x, address: "h:1" }, { name: y, address: "h:2", direct: "h:3" } ]
                                    listeners:
                                      - { name: a, bind: "127.0.0.1:80" }
                                      - { name: b, bind: "127.0.0.2:80" }
                                      - { name: c, bind: "127.0.0.3:80", liberator: y }
                                      - { name: d, bind: "127.0.0.4:80", kind: direct, liberator: y }
                                    routes:
                                      - { host: fx.example.com, liberator: x, listeners: [ a ] }
                                      - { host: fx.example.com, liberator: y, listeners: [ b ] }
                                      - { host: "*.example.com", liberator: y }
                                    """).routes()).hasSize(3);
        }
    }

    @Nested
    class A_file_that_cannot_be_read {
        @Test
        void is_refused_if_it_does_not_exist(@TempDir Path folder) {
            Path file = folder.resolve("none.yaml");
            assertThat(lines(ConfigLoader.load(file))).containsExactly(file + ": there is no such file");
        }

        @Test
        void is_refused_if_it_is_a_folder(@TempDir Path folder) {
            assertThat(lines(ConfigLoader.load(folder))).containsExactly(folder + ": is a folder (expected a file)");
        }

        @Test
        void is_refused_if_it_is_too_large(@TempDir Path folder) throws IOException {
            Path file = Files.write(folder.resolve("s.yaml"), new byte[ConfigLoader.MOST_BYTES + 1]);
            assertThat(lines(ConfigLoader.load(file))).containsExactly(file + ": is larger than 2MiB");
        }

        @Test
        void is_refused_where_it_is_not_UTF_8(@TempDir Path folder) throws IOException {
            Path file = Files.write(folder.resolve("s.yaml"), new byte[] {'a', '\n', 'b', ':', (byte) 0xff});
            assertThat(lines(ConfigLoader.load(file))).containsExactly(file + ":2:3: not UTF-8 text");
        }
    }

    @Nested
    class Text_that_is_not_YAML {
        @Test
        void is_refused_where_the_syntax_breaks() {
            assertThat(problems("version: 1\nlisteners: [ { name: a ]\n"))
                    .containsExactly("2:24: not YAML: expected ',' or '}', but got ] (while parsing a flow mapping)");
        }

        @Test
        void is_told_that_an_address_in_brackets_needs_quotes() {
            assertThat(problems("listeners:\n  - name: a\n    bind: [::]:443\n"))
                    .singleElement()
                    .asString()
                    .startsWith("3:")
                    .endsWith("; an address in brackets needs quotes: \"[::]:443\"");
        }

        @Test
        void is_refused_at_a_character_that_text_must_not_have() {
            assertThat(problems("version: 1\na: \u0001"))
                    .containsExactly("2:4: not YAML: a character that is not allowed in text");
        }

        @Test
        void is_refused_if_it_is_nested_without_end() {
            assertThat(problems("[".repeat(200_000))).hasSize(1);
        }

        @Test
        void is_refused_if_its_aliases_unfold_without_end() {
            StringBuilder text = new StringBuilder("a0: &a0 [ x, x, x, x, x, x, x, x, x, x ]\n");
            for (int i = 1; i < 9; i++) {
                text.append("a%d: &a%d [ %s ]%n"
                        .formatted(i, i, "*a%d, ".formatted(i - 1).repeat(10)));
            }
            assertThat(problems(text.toString()))
                    .containsExactly(" holds more than 100000 values once its aliases are unfolded");
        }

        @Test
        void is_refused_if_an_anchor_contains_itself() {
            assertThat(problems("routes: &a [ *a ]\n" + BASE)).contains("1:9: an anchor that contains itself");
        }

        @Test
        void is_refused_if_it_has_tags_of_its_own() {
            assertThat(problems(BASE + "version: !!java.io.File 1"))
                    .containsExactly("8:10: tag 'tag:yaml.org,2002:java.io.File' has no meaning here");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "# nothing\n", "---\n"})
        void is_refused_if_it_is_empty(String text) {
            assertThat(problems(text))
                    .singleElement()
                    .asString()
                    .endsWith("the file is empty (expected sections such as listeners, liberators and routes)");
        }

        @Test
        void is_refused_if_it_is_only_a_word() {
            assertThat(problems("hello"))
                    .containsExactly(
                            "1:1: the file is 'hello' (expected sections such as listeners, liberators and routes)");
        }
    }

    @Nested
    class A_key {
        @Test
        void that_is_unknown_is_refused_with_the_one_that_was_probably_meant() {
            assertThat(problems(BASE + "    conectTimeout: 5s\nrouts: []\n"))
                    .containsExactly(
                            "8:5: unknown key 'conectTimeout' in listener 'plain'; did you mean 'connectTimeout'?",
                            "9:1: unknown key 'routs' in the file; did you mean 'routes'?");
        }

        @Test
        void that_is_like_no_other_is_refused_with_the_known_ones() {
            assertThat(problems(BASE + "    limits: { zzz: 1 }"))
                    .containsExactly("8:15: unknown key 'zzz' in limits"
                            + " (known: connections, connectionsPerAddress, ipv6Prefix, acceptPerSecond, allow, deny)");
        }

        @Test
        void that_stands_twice_is_refused_with_the_line_of_the_first() {
            assertThat(problems(BASE + "    bind: 127.0.0.1:8081"))
                    .containsExactly("8:5: key 'bind' stands here twice (first at line 7)");
        }

        @Test
        void that_is_required_is_missed_in_its_section() {
            assertThat(problems("listeners:\n  - kind: http\nliberators:\n  - name: a\nroutes:\n  - liberator: a\n"))
                    .containsExactly(
                            "2:5: listener 1 has no name (required)",
                            "2:5: listener 1 has no bind (required)",
                            "4:5: Liberator 'a' has no address (required)",
                            "6:5: route 1 has no host (required)");
        }

        @Test
        void that_has_no_value_is_refused() {
            assertThat(problems(BASE + "    tls:\nroutes:\n"))
                    .containsExactly(
                            "8:9: tls is empty (expected off, or a section with certificates)",
                            "9:8: routes is empty (expected a list of routes)");
        }

        @Test
        void that_is_a_list_is_refused() {
            assertThat(problems(BASE + "? [ a ]\n: b\n"))
                    .containsExactly("8:3: a list or section stands where a key is expected");
        }
    }

    @Nested
    class A_value {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '"',
                value = {
                    "connectTimeout | 5 | '5' (expected a number and a unit, as in 5s)",
                    "connectTimeout | 0 | '0' (expected a number and a unit, as in 5s)",
                    "connectTimeout | 5sec | '5sec' (expected a number and a unit, as in 5s)",
                    "connectTimeout | 1.5s | '1.5s' (expected a number and a unit, as in 5s)",
                    "connectTimeout | -5s | '-5s' (expected a number and a unit, as in 5s)",
                    "responseHeadTimeout | 60 | '60' (expected a number and a unit, as in 5s, or 0 for none)",
                    "responseHeadTimeout | [ 5s ] | a list (expected a number and a unit, as in 5s, or 0 for none)",
                    "maxUri | 8KB | '8KB' (expected a number of bytes, or a number with KiB or MiB, as in 64KiB)",
                    "maxUri | 0 | '0' (expected a number of bytes, or a number with KiB or MiB, as in 64KiB)",
                    "maxUri | 99999999999999999999 | '99999999999999999999' (expected a number of bytes, or a number with KiB or MiB, as in 64KiB)",
                    "maxUri | 2048MiB | '2048MiB' (expected at most 2147483647 bytes)",
                    "tcpKeepAliveIdle | 500ms | '500ms' (expected whole seconds, as in 30s, or 0 for none)",
                    "tcpKeepAliveIdle | 10h | '10h' (expected whole seconds, as in 30s, at most 32767s)",
                    "tcpKeepAliveInterval | 0 | '0' (expected whole seconds, as in 30s)",
                    "tcpKeepAliveProbes | 128 | '128' (expected a whole number from 1 to 127)",
                    "requestBodyMinRate | 1B | '1B' (expected a size per time, as in 1B/30s)",
                    "requestBodyMinRate | 0B/1s | '0B/1s' (expected a size per time, as in 1B/30s)",
                    "onDown | 500 | '500' (expected \"503\", \"502\", \"404\" or refuse)",
                    "forwarded | replace | 'replace' (expected a section, as in { xForwarded: replace })",
                    "denyPaths | /status | '/status' (expected a list of paths, as in [ /status ])",
                    "denyPaths | { a: b } | a section (expected a list of paths, as in [ /status ])",
                })
        void of_a_wrong_form_is_refused_with_what_is_allowed(String key, String value, String sentence) {
            assertThat(problems(BASE + "    " + key + ": " + value))
                    .containsExactly("8:" + (7 + key.length()) + ": " + key + " is " + sentence);
        }

        @ParameterizedTest
        @CsvSource({"500ms,500", "5s,5000", "2m,120000", "1h,3600000", "0,0", "0s,0"})
        void may_be_a_duration_in_each_unit(String text, long millis) {
            assertThat(loaded(BASE + "defaults: { streamIdleTimeout: " + text + " }")
                            .defaults()
                            .streamIdleTimeout())
                    .isEqualTo(Duration.ofMillis(millis));
        }

        @ParameterizedTest
        @CsvSource({"1MiB,1048576", "64KiB,65536", "512B,512", "4096,4096", "2047MiB,2146435072"})
        void may_be_a_size_in_each_unit(String text, int bytes) {
            assertThat(loaded(BASE + "defaults: { maxRequestHead: " + text + " }")
                            .defaults()
                            .maxRequestHeadBytes())
                    .isEqualTo(bytes);
        }

        @Test
        void may_be_a_rate() {
            assertThat(loaded(BASE + "defaults: { requestBodyMinRate: 2KiB/500ms }")
                            .defaults()
                            .requestBodyMinRate())
                    .isEqualTo(new BodyRate(2048, Duration.ofMillis(500)));
        }

        @Test
        void in_a_list_is_refused_alone() {
            assertThat(problems(BASE + "    denyPaths: [ /ok, nok, ]\n    forwarded: { trust: [ 10.0.0.0/8, 10/8 ] }"))
                    .containsExactly(
                            "8:23: denyPaths has 'nok' (expected a path that starts with /, as in /status)",
                            "9:39: trust has '10/8' (expected an address or a range, as in 10.0.0.0/8)");
        }

        @Test
        void with_control_characters_is_shown_on_one_line() {
            assertThat(problems(BASE + "    onDown: \"5\\n\\e\""))
                    .containsExactly("8:13: onDown is '5\\x0a\\x1b' (expected \"503\", \"502\", \"404\" or refuse)");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "localhost",
                    "127.0.0.1",
                    "'*:80'",
                    "':80'",
                    "127.0.0.1:65536",
                    "127.0.0.1:-1",
                    "256.0.0.1:80",
                    "1.2.3:80",
                    "'::1:80'",
                    "'[::1'",
                    "'[::1]'",
                    "'[:::1]:80'",
                    "'[127.0.0.1]:80'",
                    "'a b:80'",
                    "'a..b:80'",
                    "'-a:80'",
                    "'http://a:80'",
                    "8080",
                    "'127.0.0.1:080'",
                    "'[fe80::1%eth0]:80'"
                })
        void that_is_no_address_is_refused(String text) {
            String shown = text.replace("'", "");
            assertThat(problems(BASE + "  - { name: x, bind: " + text + " }"))
                    .containsExactly("8:22: bind is '" + shown
                            + "' (expected host:port, as in 127.0.0.1:8080 or \"[::1]:8080\")");
        }

        @Test
        void of_port_0_is_no_address_to_connect_to() {
            assertThat(problems("listeners: [ { name: a, bind: '127.0.0.1:0' } ]\n"
                            + "liberators: [ { name: a, address: '127.0.0.1:0' } ]"))
                    .singleElement()
                    .asString()
                    .startsWith("2:35: address is '127.0.0.1:0' (expected host:port");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '"',
                value = {
                    "'*' | (expected a host name; to send every host to one Liberator, give the listener a liberator)",
                    "fx.example.com:443 | (expected a host name without a port: the port is the listener's)",
                    "https://fx.example.com | (expected a host name alone, without scheme or path)",
                    "bücher.example.com | (expected ASCII, as in 'xn--bcher-kva.example.com')",
                    "'a.*.example.com' | (expected a host name, as in fx.example.com or *.example.com)",
                    "'*fx.example.com' | (expected a host name, as in fx.example.com or *.example.com)",
                    "'*.*.example.com' | (expected a host name, as in fx.example.com or *.example.com)",
                    "'*.10.0.0.1' | (expected a host name, as in fx.example.com or *.example.com)",
                    "fx.example.com. | (expected a host name, as in fx.example.com or *.example.com)",
                    "'fx example' | (expected a host name, as in fx.example.com or *.example.com)",
                    "-fx.example.com | (expected a host name, as in fx.example.com or *.example.com)",
                    "10.0.0.256 | (expected a host name, as in fx.example.com or *.example.com)",
                })
        void that_is_no_host_name_is_refused(String text, String sentence) {
            assertThat(problems(BASE + "routes:\n  - host: " + text + "\n    liberator: lib1"))
                    .containsExactly("9:11: host is '" + text.replace("'", "") + "' " + sentence);
        }

        @ParameterizedTest
        @ValueSource(strings = {"fx", "10.0.0.1", "'[::1]'", "'*.example.com'", "a-b.c_d.e"})
        void may_be_each_form_of_host_name(String text) {
            assertThat(loaded(BASE + "routes: [ { host: " + text + ", liberator: lib1 } ]")
                            .routes())
                    .hasSize(1);
        }
    }

    @Nested
    class A_name {
        @Test
        void of_a_Liberator_that_is_not_defined_is_refused_with_the_defined_ones_and_the_likely_one() {
            assertThat(problems(
                            BASE + "    liberator: lib9\nroutes:\n  - { host: fx.example.com, liberator: other }\n"))
                    .containsExactly(
                            "8:16: listener 'plain' names Liberator 'lib9', which is not defined"
                                    + " (defined: lib1, lib2); did you mean 'lib1'?",
                            "10:5: route 'fx.example.com' has no effect: there is no listener of kind http without a"
                                    + " liberator of its own",
                            "10:40: route 'fx.example.com' names Liberator 'other', which is not defined"
                                    + " (defined: lib1, lib2)");
        }

        @Test
        void of_a_listener_that_is_not_defined_is_refused() {
            assertThat(problems(BASE + "routes:\n  - { host: a, liberator: lib1, listeners: [ plain, plan, plain ] }"))
                    .containsExactly(
                            "9:53: route 'a' names listener 'plan', which is not defined (defined: plain);"
                                    + " did you mean 'plain'?",
                            "9:59: route 'a' names listener 'plain' twice");
        }

        @Test
        void that_is_defined_twice_is_refused_with_the_line_of_the_first() {
            assertThat(problems("liberators: [ { name: a, address: 'h:1' },\n  { name: a, address: 'h:2' } ]\n"
                            + "listeners: [ { name: a, bind: 'h:1' },\n  { name: a, bind: 'h:2' } ]\n"))
                    .containsExactly(
                            "2:11: Liberator 'a' is defined twice (first at line 1)",
                            "4:11: listener 'a' is defined twice (first at line 3)");
        }

        @Test
        void that_logs_and_MBeans_could_not_show_is_refused() {
            assertThat(problems("liberators: [ { name: 'a b', address: 'h:1' } ]\n"
                            + "listeners: [ { name: 1, bind: 'h:1' } ]\n"))
                    .containsExactly(
                            "1:23: name is 'a b' (expected 1 to 63 letters, digits, '-', '_' or '.', as in lib-a)");
        }
    }

    @Nested
    class Listeners_and_routes {
        @Test
        void of_kind_direct_need_a_Liberator() {
            assertThat(problems(
                            BASE + "  - name: d\n    bind: 127.0.0.1:1\n    kind: direct\n    protocols: [ http/1.1 ]"))
                    .containsExactly(
                            "8:5: listener 'd' has no liberator (required for kind: direct; defined: lib1, lib2)",
                            "11:5: protocols has no effect on kind: direct");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '"',
                value = {
                    "127.0.0.1:8080 | ''",
                    "0.0.0.0:8080 | ' with 127.0.0.1:8080'",
                    "'[::]:8080' | ' with 127.0.0.1:8080'",
                    "'[::ffff:127.0.0.1]:8080' | ' with 127.0.0.1:8080'",
                })
        void must_not_bind_what_is_taken(String bind, String with) {
            assertThat(problems(BASE + "  - name: x\n    bind: " + bind))
                    .containsExactly("9:11: listener 'x' binds " + bind.replace("'", "")
                            + ", which listener 'plain' (line 7) takes already" + with.replace("'", ""));
        }

        @ParameterizedTest
        @ValueSource(strings = {"127.0.0.1:8081", "127.0.0.2:8080", "'[::1]:8080'", "localhost:8080", "127.0.0.1:0"})
        void may_bind_what_is_free(String bind) {
            assertThat(loaded(BASE + "  - { name: x, bind: " + bind + " }").listeners())
                    .hasSize(2);
        }

        @Test
        void must_not_bind_the_JMX_port() {
            assertThat(problems(BASE + "management:\n  jmx: { bind: 127.0.0.1:8080 }"))
                    .containsExactly("9:16: management.jmx binds 127.0.0.1:8080,"
                            + " which listener 'plain' (line 7) takes already");
        }

        @Test
        void must_not_have_a_host_twice() {
            assertThat(problems(BASE + """
                              - { name: other, bind: 127.0.0.1:8081 }
                            routes:
                              - { host: fx.example.com, liberator: lib1, listeners: [ plain ] }
                              - { host: FX.example.com, liberator: lib2 }
                            """))
                    .containsExactly(
                            "11:13: route 'fx.example.com' is defined twice on listener 'plain' (first at line 10)");
        }

        @Test
        void must_have_an_effect() {
            assertThat(problems(BASE + """
                              - { name: b, bind: 127.0.0.1:8081, liberator: lib2 }
                              - { name: d, bind: 127.0.0.1:8082, liberator: lib2, kind: direct }
                            routes:
                              - { host: a, liberator: lib1, listeners: [ plain, b, d ] }
                              - { host: b, liberator: lib1, listeners: [] }
                              - { host: c }
                            """))
                    .containsExactly(
                            "11:53: route 'a' has no effect on listener 'b', which sends every host to Liberator 'lib2'",
                            "11:56: route 'a' has no effect on listener 'd', which is of kind direct",
                            "12:44: route 'b' has an empty list of listeners (leave it out for all HTTP ones)",
                            "13:5: route 'c' has no liberator (required; defined: lib1, lib2)");
        }

        @Test
        void must_be_there_at_all() {
            assertThat(problems("listeners: []\nroutes: []\n"))
                    .containsExactly(
                            "1:1: the file has no liberators (required)",
                            "1:12: listeners is an empty list (expected a list of at least one listener)");
        }
    }

    @Nested
    class Files_and_management {
        @Test
        void need_certificates_that_exist(@TempDir Path folder) throws IOException {
            Files.createDirectory(folder.resolve("tls"));
            assertThat(problems(
                            BASE
                                    + "    tls:\n      certificates:\n        - { chain: tls/a.pem, key: /none/a.key }\n"
                                    + "        - { chain: tls }\n",
                            folder))
                    .containsExactly(
                            "10:20: chain is 'tls/a.pem', which does not exist (" + folder + "/tls/a.pem)",
                            "10:36: key is '/none/a.key', which does not exist",
                            "11:11: entry 2 of certificates has no key (required)",
                            "11:20: chain is 'tls', which is a folder (" + folder + "/tls)");
        }

        @ParameterizedTest
        @ValueSource(strings = {"127.0.0.9:7199", "'[::1]:7199'", "localhost:0"})
        void may_have_JMX_on_any_loopback_address(String bind) {
            assertThat(loaded(BASE + "management: { jmx: { bind: " + bind + " } }")
                            .management()
                            .jmxBind())
                    .isNotNull();
        }
    }

    @Nested
    class Several_problems {
        @Test
        void of_every_kind_come_at_once_in_the_order_of_the_file() {
            assertThat(problems("""
                            version: 2
                            defaults:
                              connectTimeout: 5
                              maxUrl: 8KiB
                            listeners:
                              - name: public
                                bind: 0.0.0.0:443
                                kind: htpp
                                protocols: [ http/1.1, h2 ]
                              - name: public
                                bind: 127.0.0.1:443
                            liberators:
                              - name: lib1
                                address: lib1
                                health: { check: udp }
                            routes:
                              - host: fx_.example.com:80
                                liberator: lib9
                                connectTimeout: 5
                            metrics: off
                            """))
                    .containsExactly(
                            "1:10: version is '2' (expected 1)",
                            "3:19: connectTimeout is '5' (expected a number and a unit, as in 5s)",
                            "4:3: unknown key 'maxUrl' in defaults; did you mean 'maxUri'?",
                            "8:11: kind is 'htpp' (expected http, direct or tls-passthrough)",
                            "10:11: listener 'public' is defined twice (first at line 6)",
                            "11:11: listener 'public' binds 127.0.0.1:443, which listener 'public' (line 7) takes already"
                                    + " with 0.0.0.0:443",
                            "14:14: address is 'lib1' (expected host:port, as in 127.0.0.1:8080 or \"[::1]:8080\","
                                    + " with a port above 0)",
                            "15:22: check is 'udp' (expected tcp, { http: /url-check.gif, expect: 200 } or off)",
                            "17:11: host is 'fx_.example.com:80' (expected a host name without a port: the port is the"
                                    + " listener's)",
                            "18:16: route 'fx_.example.com:80' names Liberator 'lib9', which is not defined"
                                    + " (defined: lib1); did you mean 'lib1'?",
                            "19:21: connectTimeout is '5' (expected a number and a unit, as in 5s)",
                            "20:1: unknown key 'metrics' in the file (known: version, limits, defaults, listeners, liberators,"
                                    + " routes, management, log)");
        }

        @Test
        void name_the_file_as_it_was_given() {
            assertThat(lines(ConfigLoader.parse("staged by ann", "a: 1", Path.of("/etc"))))
                    .allMatch(line -> line.startsWith("staged by ann:1:1: "));
        }
    }
}
