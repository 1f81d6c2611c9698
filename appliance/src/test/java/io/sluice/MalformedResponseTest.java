package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Phase;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Liberator may not do, besides what stands in the tables of {@link CorpusTest}. */
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
