package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import io.sluice.account.Phase;
import io.sluice.account.Refusal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ordinary requests: files, commands, polls, whatever else comes through the same host. */
class RequestTest {
    private static final int TEN_MB = 10 * 1000 * 1000;

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private final byte[] unit = new byte[8191];
    private FakeLiberator fake;
    private Conversation liberator;
    private TestClient client;

    private void serve(String... defaults) {
        ThreadLocalRandom.current().nextBytes(unit);
        fake = sluices.liberator();
        sluices.serve(fake, defaults);
        client = sluices.client();
    }

    /** Sends the start of a request and meets it at the Liberator; returns its head. */
    private String ask(String text) {
        client.send(text);
        liberator = fake.next();
        return liberator.readHead();
    }

    private static String post(String... fields) {
        return TestClient.request("POST", "/RTTP-TYPE2", fields);
    }

    private void answerAndRead() {
        liberator.answer("done");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(client.readText(4)).isEqualTo("done");
    }

    @Nested
    class A_poll {
        @Test
        void keeps_both_connections_for_the_next() {
            serve();
            client.get("/RTTP-TYPE3");
            liberator = fake.next();
            for (int i = 0; i < 5; i++) {
                liberator.expectHead(i == 0 ? "GET /RTTP-TYPE3" : "POST /RTTP-TYPE3");
                if (i > 0) {
                    assertThat(liberator.readText(7)).isEqualTo("session");
                }
                String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Conversation.chunk("update " + i)
                        + "0\r\n\r\n";
                liberator.send(answer);
                assertThat(client.readText(answer.length())).isEqualTo(answer);
                client.send(TestClient.request("POST", "/RTTP-TYPE3", "Content-Length: 7") + "session");
            }
            assertThat(fake.visits()).isOne();
            liberator.expectHead("POST");
            assertThat(sluices.ledger().kind(Kind.POLL).total()).isEqualTo(5);
            assertThat(sluices.ledger().kind(Kind.POLL).active()).isOne();
            assertThat(sluices.ledger().stickinessChecks()).isEqualTo(5);
            assertThat(sluices.ledger().endedIn(EndCause.COMPLETED, Phase.RELAY))
                    .isEqualTo(5);
        }

        @Test
        void between_two_the_client_may_leave_and_the_Liberator_sees_it_at_once() {
            serve();
            ask(TestClient.request("GET", "/RTTP-TYPE3"));
            answerAndRead();
            client.close();
            liberator.awaitClientGone();
        }

        @Test
        void between_two_the_Liberator_may_leave_and_the_client_sees_it_at_once() {
            serve();
            ask(TestClient.request("GET", "/RTTP-TYPE3"));
            answerAndRead();
            liberator.close();
            client.awaitEnd();
        }

        @Test
        void whose_Liberator_says_close_ends_both_connections() {
            serve();
            ask(TestClient.request("GET", "/RTTP-TYPE3"));
            liberator.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n1");
            assertThat(client.readUntilEnd())
                    .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n1");
            liberator.awaitClientGone();
        }

        @Test
        void whose_client_says_close_ends_both_connections() {
            serve();
            String head = ask(TestClient.request("GET", "/RTTP-TYPE3", "Connection: close"));
            assertThat(head).contains("\r\nConnection: close\r\n");
            liberator.answer("1");
            assertThat(client.readUntilEnd())
                    .contains("\r\nConnection: close\r\n")
                    .endsWith("\r\n\r\n1");
            liberator.awaitClientGone();
        }

        @Test
        void whose_head_comes_byte_by_byte_is_served() {
            serve();
            for (char each : TestClient.request("GET", "/RTTP-TYPE3").toCharArray()) {
                client.send(String.valueOf(each));
            }
            liberator = fake.next();
            liberator.expectHead("GET /RTTP-TYPE3");
            answerAndRead();
        }
    }

    @Nested
    class A_request_body {
        @Test
        void told_by_length_passes_as_it_arrives() {
            serve();
            String head = ask(post("Content-Length: 10"));
            assertThat(head).contains("\r\nContent-Length: 10\r\n").doesNotContain("Transfer-Encoding");
            for (char each : "0123456789".toCharArray()) {
                client.send(String.valueOf(each));
                assertThat(liberator.readText(1)).isEqualTo(String.valueOf(each));
            }
            answerAndRead();
        }

        @Test
        void in_chunks_passes_as_it_arrives_without_extensions() {
            serve();
            String head = ask(post("Transfer-Encoding: Chunked"));
            assertThat(head).contains("\r\nTransfer-Encoding: chunked\r\n").doesNotContain("Content-Length");
            client.send("005;name=value;quoted=\"a;b\\\"c\"\r\nhello\r\n");
            assertThat(liberator.readChunk()).isEqualTo("5\r\nhello\r\n");
            client.send("A\r\n01234");
            assertThat(liberator.readChunk()).isEqualTo("5\r\n01234\r\n");
            client.send("56789\r\n0;last\r\n\r\n");
            assertThat(liberator.readText(15)).isEqualTo("5\r\n56789\r\n0\r\n\r\n");
            answerAndRead();
        }

        @Test
        void in_chunks_keeps_its_trailers_but_those_that_could_deceive() {
            serve();
            ask(post("Transfer-Encoding: chunked", "Trailer: X-Sum"));
            client.send("1\r\na\r\n0\r\nX-Sum: 42\r\nContent-Length: 7\r\nHost: evil\r\n"
                    + "X-Forwarded-For: 1.2.3.4\r\nTransfer-Encoding: gzip\r\nCookie: a=b\r\n\r\n");
            assertThat(liberator.readText(22)).isEqualTo("1\r\na\r\n0\r\nX-Sum: 42\r\n\r\n");
            answerAndRead();
        }

        @ParameterizedTest
        @ValueSource(strings = {"GET", "DELETE", "OPTIONS", "PUT", "PATCH", "REPORT"})
        void passes_with_every_method(String method) {
            serve();
            String head = ask(TestClient.request(method, "/x?y=%2e", "Content-Length: 3") + "abc");
            assertThat(head).startsWith(method + " /x?y=%2e HTTP/1.1\r\n").contains("\r\nContent-Length: 3\r\n");
            assertThat(liberator.readText(3)).isEqualTo("abc");
            answerAndRead();
        }

        @Test
        void of_no_length_passes_as_such() {
            serve();
            assertThat(ask(post("Content-Length: 0"))).contains("\r\nContent-Length: 0\r\n");
            answerAndRead();
        }

        @Test
        void of_ten_megabytes_arrives_whole() {
            serve();
            client.send(post("Content-Length: " + TEN_MB));
            Peer.Sending sending = client.sendAside(repeated(TEN_MB));
            liberator = fake.next();
            liberator.expectHead("POST");
            liberator.readRepeated(unit, TEN_MB);
            sending.awaitTaken();
            answerAndRead();
        }

        @Test
        void of_ten_megabytes_in_chunks_arrives_whole() {
            serve();
            client.send(post("Transfer-Encoding: chunked"));
            String chunk = Conversation.chunk(Peer.text(unit));
            Peer.Sending sending = client.sendAside(Peer.bytes(chunk.repeat(1200) + "0\r\n\r\n"));
            liberator = fake.next();
            liberator.expectHead("POST");
            StringBuilder content = new StringBuilder();
            String next = liberator.readChunk();
            while (!next.equals("0\r\n\r\n")) {
                content.append(next, next.indexOf('\n') + 1, next.length() - 2);
                next = liberator.readChunk();
            }
            assertThat(content.length()).isEqualTo(1200 * unit.length);
            assertThat(content.toString().equals(Peer.text(repeated(1200 * unit.length))))
                    .isTrue();
            sending.awaitTaken();
            answerAndRead();
        }

        @Test
        void is_held_back_by_a_Liberator_that_does_not_read() {
            serve();
            ask(post("Content-Length: " + TEN_MB));
            long sent = client.sendUntilStopped(unit, TEN_MB);
            Sluices.await(() -> assertThat(sluices.lentBuffers()).isOne());
            byte[] all = repeated(TEN_MB);
            Peer.Sending rest = client.sendAside(java.util.Arrays.copyOfRange(all, (int) sent, TEN_MB));
            liberator.readRepeated(unit, TEN_MB);
            rest.awaitTaken();
            answerAndRead();
        }

        @Test
        void of_any_size_may_arrive_while_the_Liberator_is_still_being_connected() {
            ThreadLocalRandom.current().nextBytes(unit);
            fake = sluices.closing(FakeLiberator.deaf());
            sluices.serve(fake);
            client = sluices.client().send(post("Content-Length: 1000000"));
            Peer.Sending sending = client.sendAside(repeated(1_000_000));
            Sluices.await(
                    () -> assertThat(sluices.ledger().kind(Kind.OTHER).active()).isOne());
            fake.hear();
            liberator = fake.next();
            liberator.expectHead("POST");
            liberator.readRepeated(unit, 1_000_000);
            sending.awaitTaken();
            answerAndRead();
        }

        @Test
        void in_chunks_may_arrive_while_the_Liberator_is_still_being_connected() {
            ThreadLocalRandom.current().nextBytes(unit);
            fake = sluices.closing(FakeLiberator.deaf());
            sluices.serve(fake);
            client = sluices.client().send(post("Transfer-Encoding: chunked"));
            String part = "z".repeat(1021);
            Peer.Sending sending =
                    client.sendAside(Peer.bytes(Conversation.chunk(part).repeat(100) + "0\r\nX-Sum: 1\r\n\r\n"));
            Sluices.await(
                    () -> assertThat(sluices.ledger().kind(Kind.OTHER).active()).isOne());
            fake.hear();
            liberator = fake.next();
            liberator.expectHead("POST");
            int content = 0;
            while (content < 100 * part.length()) {
                String chunk = liberator.readChunk();
                content += chunk.length() - chunk.indexOf('\n') - 3;
            }
            assertThat(liberator.readText(15)).isEqualTo("0\r\nX-Sum: 1\r\n\r\n");
            sending.awaitTaken();
            answerAndRead();
        }

        @Test
        void that_breaks_off_is_never_completed() {
            serve();
            ask(post("Transfer-Encoding: chunked"));
            client.send("5\r\nhello\r\n").close();
            assertThat(liberator.readUntilGone()).isEqualTo("5\r\nhello\r\n");
            Sluices.await(() -> assertThat(sluices.ledger().endedIn(EndCause.CLIENT_CLOSED, Phase.UPSTREAM_HEAD))
                    .isOne());
        }
    }

    private byte[] repeated(int length) {
        byte[] all = new byte[length];
        for (int i = 0; i < length; i++) {
            all[i] = unit[i % unit.length];
        }
        return all;
    }

    @Nested
    class A_response {
        @Test
        void of_ten_megabytes_arrives_whole() {
            serve();
            ask(TestClient.request("GET", "/big"));
            liberator.sendHead("HTTP/1.1 200 OK", "Content-Length: " + TEN_MB);
            Peer.Sending sending = liberator.sendAside(repeated(TEN_MB));
            client.readHead();
            client.readRepeated(unit, TEN_MB);
            sending.awaitTaken();
            client.get("/next");
            liberator.expectHead("GET /next");
            answerAndRead();
        }

        @Test
        void is_held_back_by_a_client_that_does_not_read() {
            serve();
            client = sluices.smallClient("plain");
            ask(TestClient.request("GET", "/big"));
            liberator.sendHead("HTTP/1.1 200 OK", "Content-Length: " + TEN_MB);
            long sent = liberator.sendUntilStopped(unit, TEN_MB);
            Sluices.await(() -> assertThat(sluices.lentBuffers()).isOne());
            byte[] all = repeated(TEN_MB);
            Peer.Sending rest = liberator.sendAside(java.util.Arrays.copyOfRange(all, (int) sent, TEN_MB));
            client.readHead();
            client.readRepeated(unit, TEN_MB);
            rest.awaitTaken();
        }

        @Test
        void shorter_than_its_length_never_looks_complete() {
            serve();
            ask(TestClient.request("GET", "/short"));
            liberator.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345").close();
            assertThat(client.readUntilGone()).endsWith("\r\nContent-Length: 10\r\n\r\n12345");
            Sluices.await(() -> assertThat(sluices.ledger().endedIn(EndCause.LIBERATOR_LOST, Phase.RELAY))
                    .isOne());
        }

        @Test
        void keeps_its_trailers() {
            serve();
            ask(TestClient.request("GET", "/trailers"));
            String answer = "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "2;ext=1\r\nab\r\n0\r\nX-Sum: 42\r\n\r\n";
            liberator.send(answer);
            assertThat(client.readText(answer.length())).isEqualTo(answer);
            client.get("/next");
            liberator.expectHead("GET /next");
            answerAndRead();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 204 No Content\r\n\r\n",
                    "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 1234\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                    "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n",
                    "HTTP/1.1 503 In Germany: \u00fcberlastet\r\nContent-Length: 2\r\n\r\nno"
                })
        void that_is_complete_keeps_the_connection(String answer) {
            serve();
            ask(TestClient.request("GET", "/x"));
            liberator.send(answer);
            assertThat(client.readText(answer.length())).isEqualTo(answer);
            client.get("/next");
            liberator.expectHead("GET /next");
            answerAndRead();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                    "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n"
                })
        void to_HEAD_has_no_body(String answer) {
            serve();
            ask(TestClient.request("HEAD", "/x"));
            liberator.send(answer);
            assertThat(client.readText(answer.length())).isEqualTo(answer);
            client.get("/next");
            liberator.expectHead("GET /next");
            answerAndRead();
        }

        @Test
        void without_a_reason_phrase_gets_its_space() {
            serve();
            ask(TestClient.request("GET", "/x"));
            liberator.send("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n");
        }

        @Test
        void of_an_older_Liberator_ends_with_its_connection() {
            serve();
            ask(TestClient.request("GET", "/x"));
            liberator.send("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertThat(client.readUntilEnd())
                    .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        }
    }

    @Nested
    class Interim_answers {
        @Test
        void a_100_reaches_the_client_before_it_sends_its_body() {
            serve();
            String head = ask(post("Content-Length: 4", "Expect: 100-continue"));
            assertThat(head).contains("\r\nExpect: 100-continue\r\n");
            liberator.sendHead("HTTP/1.1 100 Continue");
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("body");
            assertThat(liberator.readText(4)).isEqualTo("body");
            answerAndRead();
        }

        @Test
        void a_refusal_instead_of_the_100_ends_the_connection() {
            serve();
            ask(post("Content-Length: 4", "Expect: 100-continue"));
            liberator.send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.readUntilEnd())
                    .isEqualTo("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            liberator.awaitClientGone();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"102 Processing", "103 Early Hints\r\nLink: </a>; rel=preload", "104 Whatever\r\nX-A: b"})
        void any_other_passes_and_the_answer_follows(String interim) {
            serve();
            ask(TestClient.request("GET", "/x"));
            liberator.sendHead("HTTP/1.1 " + interim);
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 " + interim + "\r\n\r\n");
            liberator.sendHead("HTTP/1.1 " + interim);
            client.readHead();
            answerAndRead();
        }

        @Test
        void several_glued_to_the_answer_arrive_in_order() {
            serve();
            ask(TestClient.request("GET", "/x"));
            String all = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
            liberator.send(all);
            assertThat(client.readText(all.length())).isEqualTo(all);
        }

        @Test
        void are_held_back_by_a_client_that_does_not_read() {
            serve("socketSendBuffer: 8KiB");
            client = sluices.smallClient("plain");
            ask(TestClient.request("GET", "/x"));
            byte[] interim = Peer.bytes("HTTP/1.1 103 Early Hints\r\nLink: <" + "x".repeat(16_000) + ">\r\n\r\n");
            long sent = liberator.sendUntilStopped(interim, 99L * interim.length);
            assertThat(sluices.stream().fromLiberatorBytes()).isLessThan(1 << 20);
            client.readRepeated(interim, sent - sent % interim.length);
            liberator.send(Peer.text(interim).substring((int) (sent % interim.length)));
            client.readHead();
            answerAndRead();
        }

        @Test
        void none_passes_to_an_HTTP_1_0_client() {
            serve();
            ask("GET /x HTTP/1.0\r\nHost: fx.example.com\r\n\r\n");
            liberator.sendHead("HTTP/1.1 103 Early Hints");
            liberator.answer("ok");
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok");
        }
    }

    @Nested
    class An_HTTP_1_0_client {
        @Test
        void gets_a_chunked_answer_decoded_until_the_end() {
            serve();
            String head = ask("GET /old HTTP/1.0\r\nHost: fx.example.com\r\nConnection: keep-alive\r\n\r\n");
            assertThat(head).startsWith("GET /old HTTP/1.1\r\n").contains("\r\nConnection: close\r\n");
            liberator.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Trailer: X-Sum", "X-A: b");
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 200 OK\r\nX-A: b\r\nConnection: close\r\n\r\n");
            liberator.send("5;x=y\r\nhel");
            assertThat(client.readText(3)).isEqualTo("hel");
            liberator.send("lo\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n");
            assertThat(client.readUntilEnd()).isEqualTo("lo world");
            liberator.awaitClientGone();
        }

        @Test
        void sees_a_truncated_chunked_answer_as_a_reset() {
            serve();
            ask("GET /old HTTP/1.0\r\nHost: fx.example.com\r\n\r\n");
            liberator.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            client.readHead();
            assertThat(client.readText(5)).isEqualTo("hello");
            liberator.close();
            client.awaitReset();
        }

        @Test
        void may_leave_out_Host_where_only_one_Liberator_is_meant() {
            fake = sluices.liberator();
            sluices.start("""
                    liberators: [ { name: lib-a, address: "127.0.0.1:%d", health: off } ]
                    listeners: [ { name: plain, bind: "127.0.0.1:0", liberator: lib-a } ]
                    """.formatted(fake.port()));
            client = sluices.client();
            assertThat(ask("GET /old HTTP/1.0\r\n\r\n"))
                    .startsWith("GET /old HTTP/1.1\r\nHost: 127.0.0.1:" + fake.port() + "\r\n");
            answerUntilEnd();
        }

        @Test
        void may_send_a_body() {
            serve();
            ask("POST /old HTTP/1.0\r\nHost: fx.example.com\r\nContent-Length: 3\r\n\r\nabc");
            assertThat(liberator.readText(3)).isEqualTo("abc");
            answerUntilEnd();
        }

        private void answerUntilEnd() {
            liberator.answer("ok");
            assertThat(client.readUntilEnd()).endsWith("\r\n\r\nok");
        }
    }

    @Nested
    class Pipelining {
        @Test
        void three_requests_in_one_segment_are_answered_in_order() {
            serve();
            client.send(TestClient.request("GET", "/1")
                    + TestClient.request("POST", "/2", "Content-Length: 3")
                    + "two"
                    + TestClient.request("GET", "/3"));
            liberator = fake.next();
            for (int i = 1; i <= 3; i++) {
                liberator.expectHead((i == 2 ? "POST /" : "GET /") + i);
                if (i == 2) {
                    assertThat(liberator.readText(3)).isEqualTo("two");
                }
                liberator.answer("answer " + i);
                client.readHead();
                assertThat(client.readText(8)).isEqualTo("answer " + i);
            }
            assertThat(fake.visits()).isOne();
        }

        @Test
        void the_next_request_waits_for_the_answer_before_it() {
            serve();
            client.send(TestClient.request("GET", "/1") + TestClient.request("GET", "/2"));
            liberator = fake.next();
            liberator.expectHead("GET /1");
            liberator.sendHead("HTTP/1.1 103 Early Hints");
            client.readHead();
            assertThat(sluices.ledger().kind(Kind.OTHER).active()).isOne();
            liberator.answer("1");
            liberator.expectHead("GET /2");
        }

        @Test
        void a_client_that_reads_no_answer_is_given_no_more_of_them() {
            serve();
            client = sluices.smallClient("plain");
            String body = "x".repeat(2_000);
            AtomicInteger answered = new AtomicInteger();
            FakeLiberator asked = fake;
            CompletableFuture<Void> answering = Peer.aside(() -> {
                Conversation at = asked.next();
                while (at.readUntilGoneOr("\r\n\r\n").startsWith("GET /file")) {
                    at.answer(body);
                    answered.incrementAndGet();
                }
            });
            String request = TestClient.request("GET", "/file", "X-Pad: " + "p".repeat(400));
            long sent = client.sendUntilStopped(Peer.bytes(request), 16 << 20);
            assertThat(answered.get() * body.length()).isLessThan(1 << 20);

            int partly = (int) (sent % request.length());
            Peer.Sending rest = client.sendAside(Peer.bytes(request.substring(partly)));
            for (long i = 0; i < sent / request.length() + 1; i++) {
                client.readHead();
                assertThat(client.readText(body.length())).isEqualTo(body);
            }
            rest.awaitTaken();
            client.close();
            assertThat(answering.handle((done, cut) -> true).join()).isTrue();
        }

        @Test
        void what_waits_for_a_slow_client_survives_the_end_of_an_idle_Liberator() {
            serve("socketSendBuffer: 8KiB");
            client = sluices.smallClient("plain");
            String body = "x".repeat(30_000);
            liberator = sluices.open(client, fake);
            int answered = sluices.answerUntilBehind(client, liberator, body);
            liberator.close();
            for (int i = 0; i < answered; i++) {
                client.readHead();
                assertThat(client.readText(body.length())).isEqualTo(body);
            }
            client.awaitEnd();
        }
    }

    @Nested
    class An_answer_that_comes_early {
        @Test
        void while_the_upload_goes_on_reaches_the_client_whole_and_ends_the_connection() {
            serve();
            ask(post("Content-Length: 100000"));
            client.send("first part");
            assertThat(liberator.readText(10)).isEqualTo("first part");
            liberator.sendHead("HTTP/1.1 200 OK", "Content-Length: 8");
            assertThat(client.readHead())
                    .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\n");
            client.send("second part");
            assertThat(liberator.readText(11)).isEqualTo("second part");
            liberator.send("too much");
            assertThat(client.readUntilEnd()).isEqualTo("too much");
            liberator.awaitClientGone();
        }

        @Test
        void to_a_chunked_upload_lets_the_Liberator_see_no_last_chunk() {
            serve();
            ask(post("Transfer-Encoding: chunked"));
            client.send("5\r\nfirst\r\n");
            liberator.readChunk();
            liberator.answer("enough");
            assertThat(client.readUntilEnd()).endsWith("enough");
            client.send("0\r\n\r\n");
            assertThat(liberator.readUntilGone()).isEmpty();
        }

        @Test
        void does_not_excuse_the_upload_from_its_rate() {
            serve("requestBodyMinRate: 1B/1s");
            ask(post("Content-Length: 100000"));
            client.send("first part");
            liberator.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
            client.readHead();
            client.awaitReset();
            liberator.readUntilGone();
            assertThat(sluices.refusals().count(Refusal.BODY_TIMEOUT)).isOne();
        }

        @Test
        void and_a_chunk_of_the_upload_that_is_none_is_logged_with_the_host_that_was_asked_for() {
            try (LogLines lines = new LogLines("sluice.streams")) {
                serve();
                ask(post("Transfer-Encoding: chunked"));
                liberator.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
                client.readHead();
                client.send("no chunk\r\n");
                client.awaitReset();
                liberator.readUntilGone();
                assertThat(lines.all())
                        .extracting(ILoggingEvent::getFormattedMessage)
                        .filteredOn(line -> line.startsWith("request.refused "))
                        .singleElement()
                        .asString()
                        .contains(" host=" + Sluices.HOST + " reason=bad-chunk ");
            }
        }

        @Test
        void excuses_a_client_that_still_waited_for_a_100() {
            serve("requestBodyMinRate: 1B/200ms");
            ask(post("Content-Length: 4", "Expect: 100-continue"));
            liberator.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
            client.readHead();
            for (int i = 0; i < 5; i++) {
                liberator.sendChunk("still here");
                client.readChunk();
                Peer.aside(() -> java.util.concurrent.locks.LockSupport.parkNanos(100_000_000L))
                        .join();
            }
            liberator.send("0\r\n\r\n");
            assertThat(client.readUntilEnd()).isEqualTo("0\r\n\r\n");
        }

        @Test
        void to_an_upload_that_then_ends_completes() {
            serve();
            ask(post("Content-Length: 4"));
            liberator.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
            client.readHead();
            client.send("body");
            assertThat(liberator.readText(4)).isEqualTo("body");
            liberator.sendChunk("ok").send("0\r\n\r\n");
            assertThat(client.readUntilEnd()).isEqualTo("2\r\nok\r\n0\r\n\r\n");
        }
    }
}
