package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.Kind;
import io.sluice.account.Refusal;
import io.sluice.route.RoutingTable;
import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two Liberators behind one appliance: by host name (layout A), by address (layout B), and while the table changes. */
class RoutingTest {
    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator a;
    private FakeLiberator b;

    private void serveTwo() {
        a = sluices.liberator();
        b = sluices.liberator();
        sluices.start(two(""));
    }

    private String two(String more) {
        return """
                liberators:
                  - { name: lib-a, address: "127.0.0.1:%d", health: off }
                  - { name: lib-b, address: "127.0.0.1:%d", health: off }
                listeners:
                  - { name: plain, bind: "127.0.0.1:0" }
                  - { name: at-a, bind: "127.0.0.1:0", liberator: lib-a }
                  - { name: at-b, bind: "127.0.0.1:0", liberator: lib-b }
                  - { name: direct-a, bind: "127.0.0.1:0", kind: direct, liberator: lib-a }
                  - { name: direct-b, bind: "127.0.0.1:0", kind: direct, liberator: lib-b }
                routes:
                  - { host: a.example.com, liberator: lib-a }
                  - { host: b.example.com, liberator: lib-b }
                  - { host: "*.b.example.com", liberator: lib-b }
                """.formatted(a.port(), b.port()) + more;
    }

    private static String get(String host) {
        return "GET /x HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    private static Conversation answer(Conversation liberator, String body) {
        liberator.expectHead("GET ");
        return liberator.answer(body);
    }

    private static void expectAnswer(TestClient client, String body) {
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(client.readText(body.length())).isEqualTo(body);
    }

    @Nested
    class By_host {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "b.example.com",
                    "B.Example.COM",
                    "b.example.com:8443",
                    "b.example.com.",
                    "B.EXAMPLE.COM.:80",
                    "one.b.example.com"
                })
        void the_name_decides_whatever_its_case_and_port(String host) {
            serveTwo();
            TestClient client = sluices.client().send(get(host));
            answer(b.next(), "from b");
            expectAnswer(client, "from b");
            assertThat(a.visits()).isZero();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "c.example.com",
                    "example.com",
                    "two.one.b.example.com",
                    "a.example.com.evil",
                    "127.0.0.1",
                    "[::1]",
                    "xa.example.com"
                })
        void an_unknown_one_is_a_404_and_no_Liberator_hears_of_it(String host) {
            serveTwo();
            TestClient client = sluices.client().send(get(host));
            assertThat(client.readUntilEnd())
                    .startsWith("HTTP/1.1 404 Not Found\r\n")
                    .endsWith("\r\n\r\n");
            assertNobodyWasDisturbed();
            assertThat(sluices.refusals().count(Refusal.UNKNOWN_HOST)).isOne();
        }

        @Test
        void an_absolute_target_that_names_the_same_host_is_served() {
            serveTwo();
            TestClient client = sluices.client()
                    .send("GET http://A.example.com:8080/x?y HTTP/1.1\r\nHost: a.example.com:8080\r\n\r\n");
            Conversation liberator = a.next();
            assertThat(liberator.expectHead("GET /x?y HTTP/1.1\r\n")).contains("\r\nHost: a.example.com:8080\r\n");
            liberator.answer("a");
            expectAnswer(client, "a");
        }

        @Test
        void a_connection_that_switches_the_host_goes_to_the_other_Liberator_over_a_new_one() {
            serveTwo();
            TestClient client = sluices.client().send(get("a.example.com"));
            Conversation first = answer(a.next(), "one");
            expectAnswer(client, "one");
            client.send(get("b.example.com"));
            Conversation second = answer(b.next(), "two");
            first.awaitClientGone();
            expectAnswer(client, "two");
            client.send(get("a.example.com"));
            answer(a.next(), "three");
            second.awaitClientGone();
            expectAnswer(client, "three");
            assertThat(a.visits()).isEqualTo(2);
            assertThat(b.visits()).isOne();
        }

        @Test
        void pipelined_requests_for_two_hosts_never_mix() {
            serveTwo();
            TestClient client = sluices.client()
                    .send(get("a.example.com") + get("b.example.com") + get("a.example.com") + get("b.example.com"));
            for (String body : new String[] {"1", "2", "3", "4"}) {
                answer((body.equals("1") || body.equals("3") ? a : b).next(), body);
                expectAnswer(client, body);
            }
            assertThat(sluices.ledger("lib-a").stickinessChecks()).isEqualTo(2);
            assertThat(sluices.ledger("lib-b").stickinessChecks()).isEqualTo(2);
        }

        @Test
        void an_unknown_host_on_a_kept_connection_ends_it() {
            serveTwo();
            TestClient client = sluices.client().send(get("a.example.com"));
            Conversation liberator = answer(a.next(), "one");
            expectAnswer(client, "one");
            client.send(get("nobody.example.com"));
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 404 ");
            liberator.awaitClientGone();
        }
    }

    @Nested
    class By_address {
        @ParameterizedTest
        @ValueSource(strings = {"a.example.com", "b.example.com", "whatever"})
        void the_listener_decides_whatever_the_host(String host) {
            serveTwo();
            TestClient client = sluices.client("at-b").send(get(host));
            answer(b.next(), "from b");
            expectAnswer(client, "from b");
            assertThat(a.visits()).isZero();
        }

        @Test
        void Direct_connections_go_where_their_listener_leads() {
            serveTwo();
            sluices.client("direct-a").send("for a");
            assertThat(a.next().readText(5)).isEqualTo("for a");
            sluices.client("direct-b").send("for b");
            assertThat(b.next().readText(5)).isEqualTo("for b");
        }
    }

    @Nested
    class Denied_paths {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/status",
                    "/status/",
                    "/status/x?y=z",
                    "/status?x",
                    "/STATUS",
                    "//status",
                    "/./status",
                    "/x/../status",
                    "/%73tatus",
                    "/%2573tatus",
                    "/%2Fstatus",
                    "/x/%2e%2e/status",
                    "/status;v=1",
                    "/;/status",
                    "/\\status",
                    "/%5cstatus",
                    "/status%2f",
                    "/status%00",
                    "/status%20",
                    "/.//status",
                    "/diagnostics",
                    "http://a.example.com/status"
                })
        void are_a_403_in_every_disguise(String target) {
            serveTwo();
            TestClient client = sluices.client().send("GET " + target + " HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 403 ");
            assertNobodyWasDisturbed();
            assertThat(sluices.refusals().count(Refusal.DENIED_PATH)).isOne();
        }

        @ParameterizedTest
        @ValueSource(strings = {"/statuses", "/x/status", "/x?/status", "/RTTP-TYPE2", "/%2e%2e/x", "/"})
        void are_no_other_paths_and_those_pass_byte_for_byte(String target) {
            serveTwo();
            sluices.client().send("GET " + target + " HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
            a.next().expectHead("GET " + target + " HTTP/1.1\r\n");
        }
    }

    private void assertNobodyWasDisturbed() {
        assertThat(sluices.ledger("lib-a").connectionsTotal()).isZero();
        assertThat(sluices.ledger("lib-b").connectionsTotal()).isZero();
        assertThat(a.visits() + b.visits()).isZero();
    }

    @Nested
    class A_setting_of_a_route {
        @Test
        void is_in_force_for_the_bodies_of_its_requests_too() {
            a = sluices.liberator();
            sluices.start("""
                    liberators: [ { name: lib-a, address: "127.0.0.1:%d", health: off } ]
                    listeners: [ { name: plain, bind: "127.0.0.1:0" } ]
                    routes: [ { host: %s, liberator: lib-a, requestBodyMinRate: 1000B/200ms } ]
                    """.formatted(a.port(), Sluices.HOST));
            TestClient client = sluices.client().send(TestClient.request("POST", "/x", "Content-Length: 3000") + "abc");
            a.next().expectHead("POST");
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 408 ");
            assertThat(sluices.refusals().count(Refusal.BODY_TIMEOUT)).isOne();
        }
    }

    @Nested
    class While_the_table_changes {
        @Test
        void open_streams_go_on_and_new_requests_see_the_new_table() throws IOException {
            serveTwo();
            TestClient stream = sluices.client().send(get("a.example.com"));
            Conversation streaming = a.next();
            streaming.expectHead("GET");
            streaming.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
            stream.readHead();
            TestClient direct = sluices.client("direct-a").send("hello");
            Conversation raw = a.next();
            assertThat(raw.readText(5)).isEqualTo("hello");
            TestClient kept = sluices.client().send(get("a.example.com"));
            Conversation first = answer(a.next(), "old");
            expectAnswer(kept, "old");

            RoutingTable table = sluices.appliance()
                    .change(Sluices.config(two("").replace(
                                    "host: a.example.com, liberator: lib-a", "host: a.example.com, liberator: lib-b")));
            assertThat(table.version()).isEqualTo(2);

            streaming.sendChunk("still here");
            assertThat(stream.readChunk()).isEqualTo(Conversation.chunk("still here"));
            direct.send("me too");
            assertThat(raw.readText(6)).isEqualTo("me too");
            kept.send(get("a.example.com"));
            answer(b.next(), "new");
            expectAnswer(kept, "new");
            first.awaitClientGone();
            TestClient fresh = sluices.client().send(get("a.example.com"));
            answer(b.next(), "new too");
            expectAnswer(fresh, "new too");
        }

        @Test
        void the_ledgers_go_on_counting() throws IOException {
            serveTwo();
            TestClient client = sluices.client().send(get("a.example.com"));
            Conversation liberator = answer(a.next(), "one");
            expectAnswer(client, "one");
            sluices.appliance().change(Sluices.config(two("")));
            client.send(get("a.example.com"));
            answer(liberator, "two");
            Sluices.await(() ->
                    assertThat(sluices.ledger("lib-a").kind(Kind.OTHER).total()).isEqualTo(2));
        }

        @Test
        void a_new_listener_opens_and_one_that_is_gone_closes_but_not_its_streams() throws IOException {
            serveTwo();
            TestClient direct = sluices.client("direct-a").send("hello");
            Conversation raw = a.next();
            raw.readText(5);
            var before = sluices.address("plain");
            sluices.appliance()
                    .change(Sluices.config(two("").replace("name: direct-a", "name: direct-c")
                            .replace("kind: direct, liberator: lib-a", "kind: direct, liberator: lib-b")));
            assertThat(sluices.appliance().listeners().listener("direct-a")).isNull();
            sluices.client("direct-c").send("for b");
            assertThat(b.next().readText(5)).isEqualTo("for b");
            direct.send("still");
            assertThat(raw.readText(5)).isEqualTo("still");
            assertThat(sluices.address("plain")).isEqualTo(before);
        }

        @Test
        void one_that_cannot_bind_leaves_table_and_listeners_as_they_were() throws IOException {
            serveTwo();
            RoutingTable before = sluices.appliance().router().table();
            var listeners = sluices.appliance().listeners().all();
            try (ServerSocket taken = new ServerSocket(0)) {
                String text = two("").replace(
                                "listeners:\n",
                                "listeners:\n  - { name: new, bind: \"127.0.0.1:0\" }\n  - { name: taken, bind: \"127.0.0.1:"
                                        + taken.getLocalPort() + "\" }\n");
                assertThatThrownBy(() -> sluices.appliance().change(Sluices.config(text)))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("listener 'taken' cannot bind 127.0.0.1:" + taken.getLocalPort());
            }
            assertThat(sluices.appliance().router().table()).isSameAs(before);
            assertThat(sluices.appliance().listeners().all()).isEqualTo(listeners);
            TestClient client = sluices.client().send(get("a.example.com"));
            answer(a.next(), "as before");
            expectAnswer(client, "as before");
        }

        @Test
        void a_listener_may_change_its_rules_in_place() throws IOException {
            serveTwo();
            int port = sluices.address("at-a").getPort();
            String fixed = two("").replace(
                            "name: at-a, bind: \"127.0.0.1:0\"", "name: at-a, bind: \"127.0.0.1:" + freshPort() + "\"");
            sluices.appliance().change(Sluices.config(fixed));
            assertThat(sluices.address("at-a").getPort()).isNotEqualTo(port);
            sluices.appliance()
                    .change(Sluices.config(fixed.replace(
                            "liberator: lib-a }\n  - { name: at-b",
                            "liberator: lib-a, limits: { connections: 1 } }\n  - { name: at-b")));
            TestClient client = sluices.client("at-a").send(get("x"));
            answer(a.next(), "first");
            expectAnswer(client, "first");
            sluices.awaitRefused("at-a");
            assertThat(sluices.appliance()
                            .accounts()
                            .listener("at-a")
                            .refusals()
                            .count(Refusal.LISTENER_LIMIT))
                    .isOne();
        }

        @Test
        void a_listener_that_changes_its_rules_never_stops_listening() throws IOException {
            serveTwo();
            var address = sluices.address("at-a");
            TestClient open = sluices.client("at-a").send(get("x"));
            Conversation conversation = a.next();
            conversation.expectHead("GET");
            conversation.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
            open.readHead();
            for (int connections = 1000; connections > 980; connections--) {
                sluices.appliance()
                        .change(Sluices.config(two("").replace(
                                        "liberator: lib-a }\n  - { name: at-b",
                                        "liberator: lib-a, limits: { connections: " + connections
                                                + " } }\n  - { name: at-b")));
                // Any free port was asked for: only the same socket has this one.
                assertThat(sluices.address("at-a")).isEqualTo(address);
                sluices.client("at-a");
            }
            conversation.sendChunk("still here");
            assertThat(open.readChunk()).isEqualTo(Conversation.chunk("still here"));
            Sluices.await(() -> assertThat(
                            sluices.appliance().accounts().listener("at-a").active())
                    .isEqualTo(21));
        }

        @Test
        void two_listeners_may_swap_their_addresses() throws IOException {
            serveTwo();
            String one = "127.0.0.1:" + freshPort();
            String two = "127.0.0.1:" + freshPort();
            sluices.appliance().change(Sluices.config(swapped(one, two)));
            sluices.appliance().change(Sluices.config(swapped(two, one)));
            assertThat(sluices.address("at-a").getPort()).isEqualTo(port(two));
            TestClient client = sluices.client("at-a").send(get("x"));
            answer(a.next(), "from a");
            expectAnswer(client, "from a");
            TestClient other = sluices.client("at-b").send(get("x"));
            answer(b.next(), "from b");
            expectAnswer(other, "from b");
        }

        private String swapped(String atA, String atB) {
            return two("").replace("name: at-a, bind: \"127.0.0.1:0\"", "name: at-a, bind: \"" + atA + "\"")
                    .replace("name: at-b, bind: \"127.0.0.1:0\"", "name: at-b, bind: \"" + atB + "\"");
        }

        private static int port(String address) {
            return Integer.parseInt(address.substring(address.indexOf(':') + 1));
        }

        @Test
        void a_listener_may_change_its_name_in_place() throws IOException {
            serveTwo();
            String fixed = two("").replace(
                            "name: direct-a, bind: \"127.0.0.1:0\"",
                            "name: direct-a, bind: \"127.0.0.1:" + freshPort() + "\"");
            sluices.appliance().change(Sluices.config(fixed));
            TestClient open = sluices.client("direct-a").send("open");
            Conversation liberator = a.next();
            assertThat(liberator.readText(4)).isEqualTo("open");
            sluices.appliance().change(Sluices.config(fixed.replace("name: direct-a", "name: renamed")));
            sluices.client("renamed").send("new");
            assertThat(a.next().readText(3)).isEqualTo("new");
            open.send("still");
            assertThat(liberator.readText(5)).isEqualTo("still");
        }

        private static int freshPort() {
            return FreePort.find();
        }
    }
}
