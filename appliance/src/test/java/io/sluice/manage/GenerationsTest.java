package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FreePort;
import io.sluice.config.HostAndPort;
import io.sluice.config.JmxConfig;
import io.sluice.config.JmxUser;
import io.sluice.config.PasswordHash;
import io.sluice.config.Role;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration, changed over JMX while a stream is open: the stream never notices. */
class GenerationsTest {
    private static final String TABLE = "RoutingTable";

    @TempDir
    private Path folder;

    private Managed managed;
    private Socket client;
    private Socket liberator;

    @BeforeEach
    void open_a_stream() throws Exception {
        managed = Managed.inFolder(folder);
        openStream();
    }

    private void openStream() throws Exception {
        client = managed.client("direct-a");
        client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
        liberator = managed.a.next();
    }

    @AfterEach
    void find_it_open() throws Exception {
        liberator.getOutputStream().write("still here".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(client.getInputStream().readNBytes(10), StandardCharsets.US_ASCII))
                .isEqualTo("still here");
        client.close();
        managed.close();
    }

    private String does(String operation, Object... arguments) throws Exception {
        return (String) managed.invoke(TABLE, operation, arguments);
    }

    private String[] says(String operation, Object... arguments) throws Exception {
        return (String[]) managed.invoke(TABLE, operation, arguments);
    }

    private void isRefused(String sentence, String operation, Object... arguments) throws Exception {
        long version = managed.get(TABLE, "Version");
        assertThatThrownBy(() -> managed.invoke(TABLE, operation, arguments)).hasStackTraceContaining(sentence);
        assertThat(managed.<Long>get(TABLE, "Version")).isEqualTo(version);
    }

    private String status(String host) throws Exception {
        return managed.get("plain", host, "/x").substring("HTTP/1.1 ".length());
    }

    private String comments() throws Exception {
        String[] lines = managed.get(TABLE, "Generations");
        return String.join("\n", lines);
    }

    private String text() {
        return managed.text(Managed.CONFIG);
    }

    @Nested
    class A_route {
        @Test
        void is_added_and_removed_at_once() throws Exception {
            assertThat(status("new.example.com")).startsWith("404");
            assertThat(does("addRoute", "new.example.com", "lib-b", "plain"))
                    .isEqualTo("table version 2 in force: 5 routes, 2 Liberators, 3 listeners");
            assertThat(status("new.example.com")).startsWith("204");
            assertThat(does("removeRoute", "new.example.com")).startsWith("table version 3 in force: 4 routes");
            assertThat(status("new.example.com")).startsWith("404");
            assertThat(comments()).contains("anyone", "addRoute new.exam", "remove route new.");
        }

        @Test
        void that_is_wrong_is_refused_with_line_and_column() throws Exception {
            isRefused(
                    "sluice.yaml:11:38: route 'x.example.com' names Liberator 'lib-c', which is not defined"
                            + " (defined: lib-a, lib-b); did you mean 'lib-a'?",
                    "addRoute",
                    "x.example.com",
                    "lib-c",
                    "");
            isRefused("'a.example.com' is defined twice", "addRoute", "a.example.com", "lib-b", "");
            isRefused("host is 'String', which JConsole fills in", "addRoute", "String", "lib-a", "");
            isRefused("route 'none' is not defined (defined: a.example.com, *.b.example.com)", "removeRoute", "none");
            isRefused("connectTimeout is '5'", "changeRoute", "a.example.com", "connectTimeout", "5");
            isRefused("unknown key 'conectTimeout'", "changeRoute", "a.example.com", "conectTimeout", "5s");
            isRefused("not YAML", "changeRoute", "a.example.com", "connectTimeout", "[ 5s");
            isRefused("no liberator", "changeRoute", "a.example.com", "liberator", "");
        }

        @Test
        void that_is_disabled_answers_its_onDown() throws Exception {
            does("disableRoute", "a.example.com");
            assertThat(status("a.example.com")).startsWith("503");
            assertThat(managed.<String[]>get(TABLE, "Routes")).anyMatch(line -> line.contains("lib-a (disabled)"));
            assertThat(says("explain", "plain", "", "a.example.com", "/"))
                    .contains("because    route disabled by an operator", "result     refused: 503, route-disabled");
            does("changeRoute", "a.example.com", "onDown", "\"404\"");
            assertThat(status("a.example.com")).startsWith("404");
            does("enableRoute", "a.example.com");
            assertThat(status("a.example.com")).startsWith("204");
            isRefused("has no disabled of its own", "enableRoute", "a.example.com");
        }
    }

    @Nested
    class Liberators_and_listeners {
        @Test
        void are_added_changed_and_removed_at_once() throws Exception {
            does("addLiberator", "lib-c", "127.0.0.1:" + managed.b.port());
            does("changeRoute", "a.example.com", "liberator", "lib-c");
            assertThat(status("a.example.com")).startsWith("204");
            assertThat(managed.<Long>get("Liberator,name=lib-c", "StreamsTotal"))
                    .isOne();
            isRefused("names Liberator 'lib-c', which is not defined", "removeLiberator", "lib-c");
            does("changeLiberator", "lib-c", "health", "off");

            does("addListener", "more", "127.0.0.1:0", "");
            assertThat(managed.get("more", "a.example.com", "/")).startsWith("HTTP/1.1 204");
            var address = managed.address("more");
            does("changeListener", "more", "limits", "{ connections: 7 }");
            assertThat(managed.<Integer>get("Listener,name=more", "ConnectionsLimit"))
                    .isEqualTo(7);
            assertThat(managed.address("more")).isEqualTo(address);
            does("removeListener", "more");
            assertThat(managed.appliance.listeners().listener("more")).isNull();
        }

        @Test
        void that_a_stream_is_on_may_go() throws Exception {
            does("removeListener", "direct-a");
            does("removeRoute", "a.example.com");
            does("removeLiberator", "lib-a");
            assertThat(managed.<String>get("Liberator,name=lib-a", "State")).isEqualTo("REMOVED");
        }

        @Test
        void whose_address_is_taken_leave_everything_as_it_was() throws Exception {
            isRefused(
                    "listener 'more' cannot bind 127.0.0.1:" + managed.a.port(),
                    "addListener",
                    "more",
                    "127.0.0.1:" + managed.a.port(),
                    "lib-a");
            assertThat(comments()).doesNotContain("addListener");
        }
    }

    @Nested
    class What_is_staged {
        @Test
        void can_be_looked_at_before_it_is_committed() throws Exception {
            String next =
                    text().replace("host: a.example.com, liberator: lib-a", "host: a.example.com, liberator: lib-b");
            assertThat(says("stage", next))
                    .containsExactly(
                            "staged on version 1",
                            "touches 1 route, 0 of 1 stream",
                            "closes none: open streams keep their route",
                            "listener 'plain', host 'a.example.com': 0 streams",
                            "~ route 'a.example.com' liberator: lib-a -> lib-b");
            assertThat(managed.<String>get(TABLE, "Staged")).startsWith("on version 1 by anyone at 20");
            assertThat(says("explainStaged", "plain", "", "a.example.com", "/"))
                    .contains("table      version 2", "result     goes to Liberator 'lib-b'");
            assertThat(says("explain", "plain", "", "a.example.com", "/"))
                    .contains("result     goes to Liberator 'lib-a'");
            assertThat(says("explainClientStaged", "192.0.2.1", "plain", "", "a.example.com", "/", ""))
                    .contains("table      version 2", "client     192.0.2.1", "result     goes to Liberator 'lib-b'");

            assertThat(does("commit", "to b")).startsWith("table version 2 in force");
            assertThat(managed.<String>get(TABLE, "Staged")).isEmpty();
            assertThat(comments()).contains("anyone  to b");
            assertThat(says("compare", 1L, 2L)).containsExactly("~ route 'a.example.com' liberator: lib-a -> lib-b");
            isRefused("nothing is staged", "commit", "again");
        }

        @Test
        void lets_clients_in_by_its_own_rules_also_at_a_listener_that_is_not_there_yet() throws Exception {
            says("stage", text().replace("listeners:\n", """
                    listeners:
                      - name: more
                        bind: "127.0.0.1:%d"
                        limits: { deny: [ 192.0.2.0/24 ] }
                    """.formatted(FreePort.find())));
            assertThat(says("explainClientStaged", "192.0.2.1", "more", "", "a.example.com", "/", ""))
                    .contains("rule       deny 192.0.2.0/24", "result     refused: address-denied");
            assertThat(says("explainClientStaged", "198.51.100.1", "more", "", "a.example.com", "/", ""))
                    .contains("listener   0 connections open, at most 50000", "result     goes to Liberator 'lib-a'");
            assertThat(says("explainClient", "198.51.100.1", "more", "", "a.example.com", "/", ""))
                    .contains("listener 'more' is not defined");
        }

        @Test
        void counts_the_streams_on_routes_that_change() throws Exception {
            String next = text().replace("kind: direct, liberator: lib-a", "kind: direct, liberator: lib-b");
            assertThat(says("stage", next))
                    .contains(
                            "touches 1 route, 1 of 1 stream",
                            "closes none: open streams keep their route",
                            "listener 'direct-a': 1 stream");
            assertThat(does("unstage")).isEqualTo("nothing is staged any more");
            isRefused("nothing is staged", "impact");
        }

        @Test
        void leaves_no_Liberator_in_the_accounts() throws Exception {
            says("stage", text().replace("lib-b", "lib-x"));
            assertThat(managed.appliance.accounts().liberators())
                    .extracting(each -> each.liberator())
                    .containsExactlyInAnyOrder("lib-a", "lib-b");
        }

        @Test
        void is_refused_whole_with_every_problem() throws Exception {
            String bad = "listeners: [ { name: x, bind: nowhere } ]\nroutes: [ { host: a } ]\n";
            isRefused("3 problems", "stage", bad);
            assertThat(says("validate", bad))
                    .hasSize(3)
                    .allMatch(line -> line.matches(".*sluice.yaml:[0-9]+:[0-9]+: .*"));
            assertThat(says("validate", text())).containsExactly("good");
        }

        @Test
        void is_not_committed_over_what_somebody_else_did_since() throws Exception {
            says("stage", text());
            does("disableRoute", "a.example.com");
            isRefused("staged on version 1, but version 2 is in force since", "commit", "late");
        }

        @Test
        void may_come_from_the_file() throws Exception {
            Files.writeString(managed.file(), text().replace("/secret", "/hidden"));
            assertThat(says("stageFile")).contains("~ route '*.b.example.com' denyPaths: [/secret] -> [/hidden]");
            Files.writeString(managed.file(), "listeners: 7");
            isRefused("nothing was staged: ", "stageFile");
        }
    }

    @Nested
    class A_change {
        @Test
        void can_be_rolled_back_as_a_new_generation() throws Exception {
            does("disableRoute", "a.example.com");
            assertThat(does("rollback", 1L)).startsWith("table version 3 in force");
            assertThat(status("a.example.com")).startsWith("204");
            assertThat(comments()).contains("rollback to 1");
            isRefused("there is no generation 9 (kept: 1 to 3)", "rollback", 9L);
            isRefused("version 3 is in force", "rollback", 3L);
        }

        @Test
        void gives_way_when_it_is_not_confirmed_in_time() throws Exception {
            says("stage", text().replace("host: a.example.com, ", "host: a.example.com, disabled: true, "));
            assertThat(does("commitWithin", "risky", 1))
                    .endsWith("version 2 gives way to version 1 in 1 s unless it is confirmed");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .untilAsserted(() ->
                            assertThat(managed.<Long>get(TABLE, "Version")).isEqualTo(3));
            assertThat(status("a.example.com")).startsWith("204");
            assertThat(managed.<String>get(TABLE, "ConfirmUntil")).isEmpty();
        }

        @Test
        void stays_when_it_is_confirmed_and_holds_up_others_until_then() throws Exception {
            isRefused("there is no generation before version 1", "confirmWithin", 60);
            does("disableRoute", "a.example.com");
            does("confirmWithin", 60);
            assertThat(managed.<String>get(TABLE, "ConfirmUntil")).isNotEmpty();
            isRefused("version 2 waits for its confirmation until", "enableRoute", "a.example.com");
            assertThat((String) managed.invoke("Appliance", "reload"))
                    .startsWith("routing table not changed, still serving version 2: version 2 waits for its");
            assertThat(does("confirm")).isEqualTo("version 2 is confirmed and stays");
            does("enableRoute", "a.example.com");
            isRefused("nothing waits for a confirmation", "confirm");
            isRefused("seconds is 0 (expected 1 to 86400)", "confirmWithin", 0);
        }

        @Test
        void shows_how_many_streams_still_use_what_was_before() throws Exception {
            does("disableRoute", "a.example.com");
            try (Socket second = managed.client("direct-a")) {
                second.getOutputStream().write('x');
                managed.a.next();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> assertThat(managed.<Integer>get("Streams", "Active"))
                                .isEqualTo(2));
                String[] lines = managed.get(TABLE, "Generations");
                assertThat(Arrays.stream(lines).skip(1).map(line -> line.strip().split("\\s+", 3)[1]))
                        .isEqualTo(List.of("1", "1"));
            }
        }

        @Test
        void is_remembered_fifty_times() throws Exception {
            for (int i = 0; i < 30; i++) {
                does("disableRoute", "a.example.com");
                does("enableRoute", "a.example.com");
            }
            assertThat(managed.<String[]>get(TABLE, "Generations")).hasSize(51).allMatch(line -> line.length() <= 60);
        }
    }

    @Nested
    class A_pool {
        @BeforeEach
        void is_staged() throws Exception {
            Files.writeString(folder.resolve("affinity.keys"), "k1 " + "A".repeat(43) + "=\n");
            Files.setPosixFilePermissions(
                    folder.resolve("affinity.keys"), PosixFilePermissions.fromString("rw-------"));
            says("stage", pooled(1));
        }

        private String pooled(int weight) {
            return text() + "  - { host: pool.example.com, pool: { liberators: [ { name: lib-a, weight: " + weight
                    + " }, { name: lib-b } ], affinity: { kind: cookie, name: sluice, keys: affinity.keys } } }\n";
        }

        @Test
        void leaves_no_count_until_it_is_committed() throws Exception {
            assertThat(says("explainStaged", "plain", "", "pool.example.com", "/"))
                    .anyMatch(line -> line.startsWith("result     goes to Liberator 'lib-"));
            does("commit", "pool");
            assertThat(status("pool.example.com")).startsWith("204");
        }

        @Test
        void is_touched_by_another_weight_and_not_by_being_read_again() throws Exception {
            does("commit", "pool");
            assertThat(says("stage", pooled(1))).contains("touches 0 routes, 0 of 1 stream", "no difference");
            assertThat(says("stage", pooled(2)))
                    .contains("touches 1 route, 0 of 1 stream", "listener 'plain', host 'pool.example.com': 0 streams");
        }

        @Test
        void is_disabled_whole() throws Exception {
            does("commit", "pool");
            does("disableRoute", "pool.example.com");
            assertThat(status("pool.example.com")).startsWith("503");
            assertThat(says("explain", "plain", "", "pool.example.com", "/"))
                    .contains("result     refused: 503, route-disabled");
            does("enableRoute", "pool.example.com");
            assertThat(status("pool.example.com")).startsWith("204");
        }
    }

    @Nested
    class The_file {
        @Test
        void is_written_only_when_asked_and_keeps_its_comments_and_the_old_one() throws Exception {
            String commented = "# ours\n" + text().replace("routes:", "# hosts\nroutes:");
            Files.writeString(managed.file(), commented);
            Files.setPosixFilePermissions(managed.file(), PosixFilePermissions.fromString("rw-r-----"));
            assertThat((String) managed.invoke("Appliance", "reload")).startsWith("table version 2 in force");
            does("addRoute", "new.example.com", "lib-b", "");
            assertThat(managed.file()).hasContent(commented);

            String said = does("save");

            assertThat(said).startsWith(managed.file() + " is written, comments kept, spacing not; the old one is ");
            assertThat(Files.readString(managed.file())).contains("# ours", "# hosts", "new.example.com");
            assertThat(Files.getPosixFilePermissions(managed.file()))
                    .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
            assertThat(Path.of(said.substring(said.indexOf("one is ") + 7))).hasContent(commented);
            assertThat(folder.toFile().list()).hasSize(2);
            assertThat(does("save")).endsWith("nothing was written");
            assertThat((String) managed.invoke("Appliance", "reload")).startsWith("table version 4 in force: 5 routes");
        }

        @Test
        void that_somebody_edited_meanwhile_is_not_overwritten() throws Exception {
            does("addRoute", "new.example.com", "lib-b", "");
            Files.writeString(managed.file(), text() + "# mine\n");
            isRefused("has been edited since it was read", "save");
            assertThat(managed.file()).hasContent(text() + "# mine\n");
        }
    }

    @Nested
    class With_users {
        @Test
        void a_viewer_looks_and_an_operator_changes() throws Exception {
            Path audit = folder.resolve("audit.log");
            PasswordHash secret = PasswordHash.of("open sesame".toCharArray());
            List<JmxUser> users =
                    List.of(new JmxUser("olga", Role.OPERATOR, secret), new JmxUser("vera", Role.VIEWER, secret));
            client.close();
            managed.close();
            managed = new Managed(
                    Managed.CONFIG, new JmxConfig(new HostAndPort("127.0.0.1", 0), "127.0.0.1", null, users), audit);
            openStream();
            ObjectName table = new ObjectName("sluice:type=RoutingTable");
            String[] none = {};
            try (JMXConnector connector =
                    JmxClient.connect(managed.management.url().toString(), "vera", "open sesame", false)) {
                MBeanServerConnection vera = connector.getMBeanServerConnection();
                assertThat((String[]) vera.getAttribute(table, "Generations")).hasSize(2);
                String text = String.class.getName();
                assertThat((String[]) vera.invoke(table, "validate", new Object[] {"x"}, new String[] {text}))
                        .isNotEmpty();
                for (String each : List.of("stageFile", "unstage", "confirm", "save")) {
                    assertThatThrownBy(() -> vera.invoke(table, each, none, none))
                            .as(each)
                            .isInstanceOf(SecurityException.class);
                }
                for (String each : List.of("disableRoute", "enableRoute", "removeRoute", "stage", "commit")) {
                    assertThatThrownBy(
                                    () -> vera.invoke(table, each, new Object[] {"a.example.com"}, new String[] {text}))
                            .as(each)
                            .isInstanceOf(SecurityException.class);
                }
                assertThat(managed.<Long>get(TABLE, "Version")).isOne();
                assertThat(does("disableRoute", "a.example.com")).startsWith("table version 2");
                assertThat((String[]) vera.getAttribute(table, "Generations"))
                        .anyMatch(line -> line.contains("olga   disableRoute a.ex"));
            }
            assertThat(Files.readString(audit))
                    .contains("\"user\":\"vera\"", "\"operation\":\"stageFile\"", "\"result\":\"refused: ")
                    .contains("\"operation\":\"disableRoute\",\"arguments\":[\"a.example.com\"],\"result\":\"ok\"");
        }

        @Test
        void what_nobody_confirms_gives_way_although_the_session_that_asked_is_gone() throws Exception {
            try (JMXConnector connector =
                    JmxClient.connect(managed.management.url().toString(), "", "", false)) {
                MBeanServerConnection mbeans = connector.getMBeanServerConnection();
                ObjectName table = new ObjectName("sluice:type=RoutingTable");
                mbeans.invoke(
                        table, "disableRoute", new Object[] {"a.example.com"}, new String[] {String.class.getName()});
                mbeans.invoke(table, "confirmWithin", new Object[] {1}, new String[] {"int"});
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .untilAsserted(() ->
                            assertThat(managed.<Long>get(TABLE, "Version")).isEqualTo(3));
            assertThat(status("a.example.com")).startsWith("204");
            assertThat(comments()).contains("confirmWithin");
        }
    }

    @Test
    void what_is_in_force_can_be_read_whole() throws Exception {
        assertThat(String.join("\n", says("generation", 1L)) + "\n").isEqualTo(text());
    }
}
