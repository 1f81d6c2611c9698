package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The table of streams and their end by an operator, over JMX: two Direct streams to lib-a, a request to lib-b. */
class StreamsBeanTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final List<Socket> clients = new ArrayList<>();
    private Managed managed;

    @BeforeEach
    void start() throws Exception {
        managed = new Managed();
        managed.b.silent = true;
        for (int i = 0; i < 2; i++) {
            Socket direct = managed.client("direct-a");
            direct.getOutputStream().write(new byte[5 + i]);
            clients.add(direct);
            awaitStreams(i + 1);
        }
        Socket request = managed.client("plain");
        request.getOutputStream()
                .write("POST /RTTP-TYPE2 HTTP/1.1\r\nHost: x.b.example.com\r\nContent-Length: 9\r\n\r\n"
                        .getBytes("US-ASCII"));
        clients.add(request);
        awaitStreams(3);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(count("received=6B")).isOne());
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(count("phase=relay liberator=lib-a")).isEqualTo(2));
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket each : clients) {
            each.close();
        }
        managed.close();
    }

    private void awaitStreams(int number) {
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(managed.<Integer>get("Streams", "Active")).isEqualTo(number));
    }

    private int count(String query) throws Exception {
        return (Integer) managed.invoke("Streams", "count", query);
    }

    private List<String> ids(String query) throws Exception {
        CompositeData[] rows = (CompositeData[]) managed.invoke("Streams", "list", query, 0, 0);
        return Arrays.stream(rows).map(row -> (String) row.get("id")).toList();
    }

    @Nested
    class A_query {
        @Test
        void keeps_what_matches_all_its_terms() throws Exception {
            assertThat(count("")).isEqualTo(3);
            assertThat(count("kind=direct")).isEqualTo(2);
            assertThat(count("kind=direct,other")).isEqualTo(3);
            assertThat(count("kind!=direct")).isEqualTo(1);
            assertThat(count("liberator=lib-b")).isEqualTo(1);
            assertThat(count("liberator=LIB-B")).isEqualTo(1);
            assertThat(count("liberator=lib-b kind=direct")).isEqualTo(0);
            assertThat(count("host=x.b.example.com")).isEqualTo(1);
            assertThat(count("host=*.b.example.com")).isEqualTo(1);
            assertThat(count("host=*.c.example.com")).isEqualTo(0);
            assertThat(count("route=*.b.example.com")).isEqualTo(1);
            assertThat(count("listener=direct-a")).isEqualTo(2);
            assertThat(count("protocol=http/1.1")).isEqualTo(1);
            assertThat(count("sni=x")).isEqualTo(0);
            assertThat(count("id=1")).isEqualTo(1);
            assertThat(count("client=127.0.0.1")).isEqualTo(3);
            assertThat(count("client=127.0.0.0/8")).isEqualTo(3);
            assertThat(count("client=10.0.0.0/8,fd00::/8")).isEqualTo(0);
            assertThat(count("client!=10.0.0.0/8")).isEqualTo(3);
            assertThat(count("age>1h")).isEqualTo(0);
            assertThat(count("age<1h")).isEqualTo(3);
            assertThat(count("idle<1h")).isEqualTo(3);
            assertThat(count("behind>0B")).isEqualTo(0);
            assertThat(count("waiting=0")).isEqualTo(3);
            assertThat(count("upbehind>1KiB")).isEqualTo(0);
            assertThat(count("received>4B kind=direct")).isEqualTo(2);
            assertThat(count("table=1")).isEqualTo(3);
            assertThat(count("table>1")).isEqualTo(0);
        }

        @Test
        void orders_by_a_number_the_largest_first_or_the_smallest() throws Exception {
            assertThat(ids("")).containsExactly("1", "2", "3");
            assertThat(ids("kind=direct sort=received")).containsExactly("2", "1");
            assertThat(ids("kind=direct sort=-received")).containsExactly("1", "2");
            assertThat(ids("sort=age")).containsExactly("1", "2", "3");
            assertThat(ids("sort=-age")).containsExactly("3", "2", "1");
        }

        @Test
        void that_is_none_is_answered_with_what_is_expected() {
            isRefused(
                    "String",
                    "query is 'String', which JConsole fills in (expected: terms such as kind=websocket idle>5m, or nothing for all streams; queryHelp() lists them)");
            isRefused(
                    "websocket",
                    "'websocket' is no term (expected a column, one of = != < >, and a value without spaces, as in kind=websocket or idle>5m)");
            isRefused(
                    "knd=direct",
                    "'knd=direct' names no column (expected client, id, kind, liberator, listener, host, sni, route, phase, flow, protocol, age, idle, behind, waiting, upbehind, upwaiting, sent, received, table or sort)");
            isRefused(
                    "kind=drect",
                    "'kind=drect': 'drect' is unknown (expected direct, http-stream, poll, forever-frame, websocket, sse, tls, other)");
            isRefused("idle>5", "'idle>5': '5' is not a time, as in 500ms, 5s, 2m, 1h");
            isRefused("behind>lots", "'behind>lots': 'lots' is not a size, as in 512B, 64KiB, 1MiB");
            isRefused("table=x", "'table=x': 'x' is not a number");
            isRefused(
                    "client=10.0.0.0/33",
                    "'client=10.0.0.0/33': '10.0.0.0/33' is no address or network (expected one such as 192.0.2.7 or 10.1.0.0/16)");
            isRefused(
                    "kind>direct",
                    "'kind>direct': > is for columns of numbers (age, idle, behind, waiting, upbehind, upwaiting, sent, received, table)");
            isRefused(
                    "sort=kind",
                    "'sort=kind' is no order (expected sort= and one of age, idle, behind, waiting, upbehind, upwaiting, sent, received, table, with a minus for the smallest first)");
        }

        private void isRefused(String query, String message) {
            assertThatThrownBy(() -> count(query)).hasRootCauseMessage(message);
        }

        @Test
        void is_explained_in_lines_that_JConsole_can_show() throws Exception {
            String[] lines = (String[]) managed.invoke("Streams", "queryHelp");
            assertThat(lines).allMatch(line -> line.length() <= 60).hasSizeGreaterThan(15);
            assertThat(String.join("\n", lines)).contains("websocket", "sort=behind", "10.1.0.0/16");
        }
    }

    @Nested
    class A_stream {
        @Test
        void is_shown_with_all_that_is_known_of_it() throws Exception {
            String[] lines = (String[]) managed.invoke("Streams", "show", "3");
            assertThat(lines)
                    .allMatch(line -> line.length() <= 60)
                    .contains(
                            "kind          other over http/1.1",
                            "host          x.b.example.com",
                            "sni           none",
                            "route         *.b.example.com of table 1",
                            "  behind      nothing")
                    .anyMatch(line -> line.matches("from client   \\d+ B, last \\d+s ago"));
            assertThatThrownBy(() -> managed.invoke("Streams", "show", "9"))
                    .hasRootCauseMessage("stream '9' is not open (it has ended, or never was; the log's stream.end line"
                            + " says why)");
            assertThatThrownBy(() -> managed.invoke("Streams", "show", "String"))
                    .hasRootCauseMessage("id is 'string' (expected the hexadecimal id of a stream, as table() and the"
                            + " log show it)");
        }

        @Test
        void that_is_not_behind_is_not_among_the_slowest() throws Exception {
            assertThat((String[]) managed.invoke("Streams", "slowest", 0))
                    .containsExactly("id  liberator  client  behind  waiting  sent");
        }

        @Test
        void is_ended_by_its_id() throws Exception {
            assertThat(managed.invoke("Streams", "kill", "1", true))
                    .isEqualTo("id=1: 1 stream (1 direct) would be ended; nothing was changed");
            assertThat(managed.<Integer>get("Streams", "Active")).isEqualTo(3);
            assertThat(managed.invoke("Streams", "kill", "1", false))
                    .isEqualTo("id=1: 1 stream (1 direct), 1 ended now");
            assertThat(clients.get(0).getInputStream().readAllBytes()).isEmpty();
            assertThat(ids("")).containsExactly("2", "3");
            assertThat(managed.<Long>get("Liberator,name=lib-a", "EndedKilledTotal"))
                    .isOne();
        }
    }

    @Test
    void the_streams_of_a_client_are_ended_after_a_dry_run() throws Exception {
        assertThat(managed.invoke("Streams", "killClient", "127.0.0.0/8", true))
                .isEqualTo(
                        "client=127.0.0.0/8: 3 streams (2 direct, 1 other) would be ended; nothing was" + " changed");
        assertThat(managed.invoke("Streams", "killClient", "10.0.0.0/8", false))
                .isEqualTo("client=10.0.0.0/8: 0 streams; nothing was changed");
        awaitStreams(3);
        assertThat(managed.invoke("Streams", "killClient", "127.0.0.1", false))
                .isEqualTo("client=127.0.0.1/32: 3 streams (2 direct, 1 other), 3 ended now");
        awaitStreams(0);
    }

    @Test
    void the_streams_of_a_Liberator_are_ended_and_no_other() throws Exception {
        assertThat(managed.invoke("Streams", "killLiberator", "lib-a", true))
                .isEqualTo("liberator=lib-a: 2 streams (2 direct) would be ended; nothing was changed");
        assertThat(managed.invoke("Streams", "killLiberator", "lib-a", false))
                .isEqualTo("liberator=lib-a: 2 streams (2 direct), 2 ended now");
        assertThat(ids("")).containsExactly("3");
    }

    @Test
    void nothing_is_ended_for_a_parameter_that_names_nothing() {
        assertThatThrownBy(() -> managed.invoke("Streams", "killLiberator", "lib-z", false))
                .hasRootCauseMessage("liberator 'lib-z' is unknown (expected one of lib-a, lib-b)");
        assertThatThrownBy(() -> managed.invoke("Streams", "killClient", "", false))
                .hasRootCauseMessage(
                        "client '' is no address or network (expected one such as 192.0.2.7 or 10.1.0.0/16)");
        assertThatThrownBy(() -> managed.invoke("Streams", "killClient", "String", false))
                .hasRootCauseMessage(
                        "client is 'String', which JConsole fills in (expected: an address or a network, as"
                                + " in 192.0.2.7 or 10.1.0.0/16); nothing was changed");
        awaitStreams(3);
    }
}
