package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.sluice.Corpus.Case;
import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Refusal;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client or a Liberator may say in HTTP/1.1, and what becomes of it: the tables in {@code corpus/}. */
class CorpusTest {
    private static final String REQUEST_BEHIND = "GET /behind HTTP/1.1\r\nHost: fx.example.com\r\n\r\n";

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator fake;

    static List<Case> refusedRequests() {
        return Corpus.read("refused-requests");
    }

    static List<Case> brokenBodies() {
        return Corpus.read("broken-bodies");
    }

    /** Some streams have no end: what their extensions come to in all is no fault of a Liberator. */
    static List<Case> brokenResponseBodies() {
        return brokenBodies().stream()
                .filter(each -> !each.title().equals("extensions too long"))
                .toList();
    }

    static List<Case> passedRequests() {
        return Corpus.read("passed-requests");
    }

    static List<Case> refusedResponses() {
        return Corpus.read("refused-responses");
    }

    static List<Case> passedResponses() {
        return Corpus.read("passed-responses");
    }

    @AfterAll
    static void say_how_many() {
        int requests = refusedRequests().size()
                + 2 * brokenBodies().size()
                + passedRequests().size();
        int responses = refusedResponses().size()
                + brokenResponseBodies().size()
                + passedResponses().size();
        System.out.println("corpus: " + (requests + responses) + " cases: " + requests + " of requests, " + responses
                + " of responses");
    }

    private TestClient serve() {
        fake = sluices.liberator();
        sluices.serve(fake, "forwarded: { xForwarded: off }", "denyPaths: [ /status, /diagnostics ]");
        return sluices.client();
    }

    @Nested
    class A_refused_request {
        @ParameterizedTest(name = "{0}")
        @MethodSource("io.sluice.CorpusTest#refusedRequests")
        void is_answered_once_counted_once_logged_once_and_reaches_no_Liberator(Case each) {
            String[] wanted = each.text(0).split(" ");
            try (LogLines lines = new LogLines("sluice.streams")) {
                TestClient client = serve().send(each.bytes(1));
                String answer = client.readUntilEnd();
                assertThat(answer)
                        .startsWith("HTTP/1.1 " + wanted[0] + " ")
                        .contains("\r\nCache-Control: no-store\r\n")
                        .contains("\r\nConnection: close\r\n")
                        .endsWith("\r\n\r\n");
                assertThat(answer.indexOf("HTTP/1.1 ", 9)).as("a second answer").isNegative();
                client.close();
                assertThat(lines.all()).hasSize(1);
                ILoggingEvent line = lines.all().get(0);
                assertThat(line.getLevel()).isEqualTo(Level.INFO);
                assertThat(line.getFormattedMessage()).contains(" reason=" + wanted[1] + " ");
            }
            assertThat(fake.visits()).isZero();
            assertThat(sluices.ledger().connectionsTotal()).isZero();
            assertThat(sluices.refusals().given()).hasSize(1);
            Refusal refusal = sluices.refusals().given().keySet().iterator().next();
            assertThat(refusal.label()).isEqualTo(wanted[1]);
            assertThat(sluices.refusals().count(refusal)).isOne();
        }
    }

    @Nested
    class A_chunked_body_that_breaks_the_rules {
        private static final String HEAD =
                "POST /x HTTP/1.1\r\nHost: fx.example.com\r\nTransfer-Encoding: chunked\r\n\r\n";

        @ParameterizedTest(name = "{0}")
        @MethodSource("io.sluice.CorpusTest#brokenBodies")
        void is_refused_with_its_head_before_anybody_is_connected(Case each) {
            TestClient client = serve().send(HEAD + each.bytes(0) + REQUEST_BEHIND);
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 400 ").endsWith("\r\n\r\n");
            assertThat(fake.visits()).isZero();
            assertThat(sluices.refusals().count(Refusal.BAD_CHUNK)).isOne();
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("io.sluice.CorpusTest#brokenBodies")
        void behind_its_head_is_refused_and_the_Liberator_never_sees_the_end_of_it(Case each) {
            TestClient client = serve().send(HEAD);
            Conversation liberator = fake.next();
            liberator.expectHead("POST /x");
            client.send(each.bytes(0) + REQUEST_BEHIND);
            assertThat(client.readUntilEnd())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("\r\nConnection: close\r\n")
                    .endsWith("\r\n\r\n");
            assertThat(liberator.readUntilReset()).doesNotContain("0\r\n\r\n").doesNotContain("/behind");
            assertThat(fake.visits()).isOne();
            assertThat(sluices.ledger().ended(EndCause.REFUSED)).isOne();
        }
    }

    @Nested
    class A_request_that_passes {
        @ParameterizedTest(name = "{0}")
        @MethodSource("io.sluice.CorpusTest#passedRequests")
        void reaches_its_Liberator_in_these_bytes_and_no_others(Case each) {
            String sent = each.bytes(0);
            String expected = each.text(1).equals("=") ? sent : each.bytes(1);
            TestClient client = serve().send(sent);
            Conversation liberator = fake.next();
            assertThat(liberator.readText(expected.length())).isEqualTo(expected);
            liberator.answer("");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
            client.close();
            liberator.awaitClientGone();
        }

        @Test
        void comes_out_the_same_byte_by_byte() {
            Case each = passedRequests().stream()
                    .filter(one -> one.title().equals("extension quoted"))
                    .findFirst()
                    .orElseThrow();
            TestClient client = serve();
            for (char one : each.bytes(0).toCharArray()) {
                client.send(String.valueOf(one));
            }
            Conversation liberator = fake.next();
            liberator.expectHead("POST /x");
            liberator.readUntil("0\r\n\r\n");
            liberator.answer("");
            client.readHead();
        }
    }

    @Nested
    class A_refused_response {
        @ParameterizedTest(name = "{0}")
        @MethodSource("io.sluice.CorpusTest#refusedResponses")
        void is_a_502_and_the_end_of_both(Case each) {
            TestClient client = serve().get("/x");
            Conversation liberator = fake.next();
            liberator.expectHead("GET /x");
            Peer.Sending sending = liberator.sendAside(Peer.bytes(each.bytes(0)));
            if (!each.bytes(0).contains("\n")) {
                sending.awaitTaken();
                liberator.halfClose();
            }
            assertThat(client.readUntilEnd())
                    .isEqualTo("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nCache-Control: no-store\r\n"
                            + "Connection: close\r\n\r\n");
            liberator.awaitClientGone();
            assertThat(sluices.refusals().total()).isOne();
        }
    }

    @Nested
    class A_chunked_response_that_breaks_the_rules {
        /** The body is looked at as it comes: what stands before the fault has gone out, its end never does. */
        @ParameterizedTest(name = "{0}")
        @MethodSource("io.sluice.CorpusTest#brokenResponseBodies")
        void never_looks_complete_and_is_the_end_of_both(Case each) {
            TestClient client = serve().get("/x");
            Conversation liberator = fake.next();
            liberator.expectHead("GET /x");
            liberator.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
            liberator.sendChunk("ok");
            client.readHead();
            assertThat(client.readChunk()).isEqualTo("2\r\nok\r\n");
            liberator.sendAside(Peer.bytes(each.bytes(0)));
            assertThat(client.readUntilGone()).doesNotContain("0\r\n").doesNotContain("0\n");
            liberator.awaitClientGone();
            assertThat(sluices.ledger().ended(EndCause.LIBERATOR_FAULT)).isOne();
        }
    }

    @Nested
    class A_response_that_passes {
        @ParameterizedTest(name = "{0}")
        @MethodSource("io.sluice.CorpusTest#passedResponses")
        void reaches_the_client_in_these_bytes_and_no_others(Case each) {
            String answer = each.bytes(1);
            String expected = each.text(2).equals("=") ? answer : each.bytes(2);
            TestClient client = serve().send(TestClient.request(each.text(0), "/x"));
            Conversation liberator = fake.next();
            liberator.expectHead(each.text(0) + " /x");
            liberator.send(answer);
            assertThat(client.readText(expected.length())).isEqualTo(expected);
            switch (each.text(3)) {
                case "kept" -> {
                    client.get("/next");
                    liberator.expectHead("GET /next");
                }
                case "closed" -> {
                    client.awaitEnd();
                    liberator.awaitClientGone();
                }
                case "source closes" -> {
                    liberator.close();
                    client.awaitEnd();
                }
                default -> throw new AssertionError("unknown end '" + each.text(3) + "'");
            }
        }
    }
}
