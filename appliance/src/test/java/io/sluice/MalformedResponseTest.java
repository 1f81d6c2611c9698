package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Phase;
import io.sluice.account.Refusal;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedResponseTest {
    @RegisterExtension
    final Sluices sluices = new Sluices();

    private Conversation liberator;
    private TestClient client;

    private void ask() {
        FakeLiberator fake = sluices.liberator();
        sluices.serve(fake);
        client = sluices.client().get("/x");
        liberator = fake.next();
        liberator.expectHead("GET /x");
    }

    private static String ok(String fields) {
        return "HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\n";
    }

    static Stream<Arguments> heads() {
        return Stream.of(
                Arguments.of("no status line", "hello\r\n\r\n"),
                Arguments.of("an RTTP line", "6c 0 0\r\n\r\n"),
                Arguments.of("status of two digits", "HTTP/1.1 20 OK\r\n\r\n"),
                Arguments.of("status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"),
                Arguments.of("status in letters", "HTTP/1.1 2x0 OK\r\n\r\n"),
                Arguments.of("status below 100", "HTTP/1.1 099 OK\r\n\r\n"),
                Arguments.of("status negative", "HTTP/1.1 -20 OK\r\n\r\n"),
                Arguments.of("no status", "HTTP/1.1\r\n\r\n"),
                Arguments.of("no blank before status", "HTTP/1.1200 OK\r\n\r\n"),
                Arguments.of("two blanks before status", "HTTP/1.1  200 OK\r\n\r\n"),
                Arguments.of("HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n"),
                Arguments.of("http in small letters", "http/1.1 200 OK\r\n\r\n"),
                Arguments.of("blank first", " HTTP/1.1 200 OK\r\n\r\n"),
                Arguments.of("empty line first", "\r\nHTTP/1.1 200 OK\r\n\r\n"),
                Arguments.of("control character in reason", "HTTP/1.1 200 O\u0001K\r\n\r\n"),
                Arguments.of("bare LF", "HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
                Arguments.of("bare LF after field", ok("A: b\nContent-Length: 0")),
                Arguments.of("bare CR in field", ok("A: b\rc\r\nContent-Length: 0")),
                Arguments.of("NUL in field", ok("A: b\0c\r\nContent-Length: 0")),
                Arguments.of("control character in field", ok("A: b\u0002c\r\nContent-Length: 0")),
                Arguments.of("folded field", ok("A: b\r\n c\r\nContent-Length: 0")),
                Arguments.of("blank before colon", ok("A : b\r\nContent-Length: 0")),
                Arguments.of("field without colon", ok("A\r\nContent-Length: 0")),
                Arguments.of("field without name", ok(": b\r\nContent-Length: 0")),
                Arguments.of("CL and TE", ok("Content-Length: 3\r\nTransfer-Encoding: chunked") + "0\r\n\r\n"),
                Arguments.of("two CL", ok("Content-Length: 3\r\nContent-Length: 4") + "abcd"),
                Arguments.of("two equal CL", ok("Content-Length: 3\r\nContent-Length: 3") + "abc"),
                Arguments.of("CL list", ok("Content-Length: 3, 3") + "abc"),
                Arguments.of("CL negative", ok("Content-Length: -1")),
                Arguments.of("CL plus", ok("Content-Length: +1")),
                Arguments.of("CL empty", ok("Content-Length:")),
                Arguments.of("CL too large", ok("Content-Length: 99999999999999999999")),
                Arguments.of("TE gzip", ok("Transfer-Encoding: gzip")),
                Arguments.of("TE gzip, chunked", ok("Transfer-Encoding: gzip, chunked")),
                Arguments.of("two TE", ok("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")),
                Arguments.of("TE in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("interim with length", "HTTP/1.1 103 Hints\r\nContent-Length: 3\r\n\r\nabc"),
                Arguments.of("Connection names Content-Length", ok("Connection: Content-Length\r\nContent-Length: 0")),
                Arguments.of("Connection names Set-Cookie", ok("Connection: Set-Cookie\r\nSet-Cookie: a=b")),
                Arguments.of("too many fields", ok("A: b\r\n".repeat(101) + "Content-Length: 0")),
                Arguments.of("head too large", ok("A: " + "b".repeat(40_000))),
                Arguments.of("head without end", "HTTP/1.1 200 OK\r\nA: " + "b".repeat(40_000)));
    }

    @Nested
    class A_head_that_breaks_the_rules {
        @ParameterizedTest(name = "{0}")
        @MethodSource("io.sluice.MalformedResponseTest#heads")
        void is_a_502_and_the_end_of_both(String title, String answer) {
            ask();
            liberator.send(answer);
            assertThat(client.readUntilEnd())
                    .isEqualTo("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nCache-Control: no-store\r\n"
                            + "Connection: close\r\n\r\n");
            liberator.awaitClientGone();
            assertThat(sluices.ledger().endedIn(EndCause.LIBERATOR_FAULT, Phase.UPSTREAM_HEAD))
                    .isOne();
            assertThat(sluices.refusals().count(Refusal.LIBERATOR_FAULT)).isOne();
        }
    }

    @Nested
    class A_chunked_body_that_breaks_the_rules {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "xyz\r\n",
                    "0x5\r\nhello\r\n",
                    "-5\r\nhello\r\n",
                    "\r\nhello\r\n",
                    "5\nhello\r\n",
                    "5\r\nhello!\r\n",
                    "5\r\nhello\n",
                    "00000000000000005\r\nhello\r\n",
                    "5;a=\"\r\nhello\r\n",
                    "0\r\nA: b\n\r\n"
                })
        void is_broken_off_and_the_client_sees_it(String body) {
            ask();
            liberator.send(ok("Transfer-Encoding: chunked") + "2\r\nok\r\n");
            client.readHead();
            assertThat(client.readChunk()).isEqualTo("2\r\nok\r\n");
            liberator.send(body);
            assertThat(client.readUntilGone()).doesNotContain("0\r\n\r\n");
            liberator.awaitClientGone();
            assertThat(sluices.ledger().endedIn(EndCause.LIBERATOR_FAULT, Phase.RELAY))
                    .isOne();
        }
    }

    @Nested
    class Bytes_behind_a_complete_response {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Content-Length: 2\r\n\r\nok",
                    "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                    "Content-Length: 0\r\n\r\n"
                })
        void are_never_relayed_and_end_both(String rest) {
            ask();
            String good = "HTTP/1.1 200 OK\r\n" + rest;
            liberator.send(good + ok("Content-Length: 5") + "wrong");
            assertThat(client.readUntilEnd()).isEqualTo(good);
            liberator.awaitClientGone();
        }

        @ParameterizedTest
        @ValueSource(strings = {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n"})
        void are_never_relayed_where_there_is_no_body(String good) {
            ask();
            liberator.send(good + "surplus");
            assertThat(client.readUntilEnd()).isEqualTo(good);
            liberator.awaitClientGone();
        }

        @Test
        void never_answer_the_next_request() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            client = sluices.client().send(TestClient.request("GET", "/1") + TestClient.request("GET", "/2"));
            liberator = fake.next();
            liberator.expectHead("GET /1");
            liberator.send(ok("Content-Length: 2") + "ok" + ok("Content-Length: 5") + "wrong");
            assertThat(client.readUntilEnd()).isEqualTo(ok("Content-Length: 2") + "ok");
            liberator.awaitClientGone();
        }

        @Test
        void on_an_idle_connection_end_both() {
            ask();
            liberator.answer("ok");
            client.readHead();
            client.readText(2);
            liberator.send(ok("Content-Length: 5") + "wrong");
            assertThat(client.readUntilGone()).isEmpty();
            liberator.awaitClientGone();
        }
    }
}
