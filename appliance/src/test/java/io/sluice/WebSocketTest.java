package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import io.sluice.account.Phase;
import io.sluice.account.Refusal;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketTest {
    static final String HANDSHAKE = TestClient.request(
            "GET",
            "/RTTP-TYPE8",
            "Connection: keep-alive, Upgrade",
            "Upgrade: websocket",
            "Origin: https://trader.example.com",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol: rttp, x",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits");

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator fake;
    private Conversation liberator;
    private TestClient client;
    private String head;

    private void shakeHands(String glued) {
        fake = sluices.liberator();
        sluices.serve(fake);
        client = sluices.client().send(HANDSHAKE + glued);
        liberator = fake.next();
        head = liberator.expectHead("GET /RTTP-TYPE8 HTTP/1.1\r\n");
    }

    @Nested
    class The_handshake {
        @Test
        void reaches_the_Liberator_with_its_fields_untouched() {
            shakeHands("");
            assertThat(head)
                    .contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
                    .contains("\r\nOrigin: https://trader.example.com\r\n")
                    .contains("\r\nSec-WebSocket-Version: 13\r\n")
                    .contains("\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
                    .contains("\r\nSec-WebSocket-Protocol: rttp, x\r\n")
                    .contains("\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
        }

        @Test
        void comes_back_with_the_fields_of_the_Liberator() {
            shakeHands("");
            liberator.send101("Sec-WebSocket-Protocol: rttp", "Server: inner");
            assertThat(client.readHead())
                    .isEqualTo("HTTP/1.1 101 Switching Protocols\r\n"
                            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                            + "Sec-WebSocket-Protocol: rttp\r\nServer: inner\r\n"
                            + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        }

        @Test
        void may_be_the_second_request_of_a_connection() {
            fake = sluices.liberator();
            sluices.serve(fake);
            client = sluices.client().get("/page");
            liberator = fake.next();
            liberator.expectHead("GET /page");
            liberator.answer("page");
            client.readHead();
            client.readText(4);
            client.send(HANDSHAKE);
            liberator.expectHead("GET /RTTP-TYPE8");
            liberator.send101();
            client.readHead();
            client.send("up");
            assertThat(liberator.readText(2)).isEqualTo("up");
            assertThat(fake.visits()).isOne();
        }
    }

    @Nested
    class Bytes_sent_early {
        @Test
        void by_the_client_with_its_handshake_follow_the_101_in_order() {
            shakeHands("early");
            client.send(" bird");
            liberator.sendHead("HTTP/1.1 103 Early Hints");
            client.readHead();
            assertThat(sluices.stream().toLiberatorBytes()).isEqualTo(head.length());
            liberator.send101();
            assertThat(liberator.readText(10)).isEqualTo("early bird");
            client.readHead();
            client.send(" and more");
            assertThat(liberator.readText(9)).isEqualTo(" and more");
        }

        @Test
        void by_the_client_in_great_number_wait_in_its_socket() {
            byte[] unit = new byte[8191];
            ThreadLocalRandom.current().nextBytes(unit);
            shakeHands("");
            long sent = client.sendUntilStopped(unit, 16 << 20);
            assertThat(sluices.stream().toLiberatorBytes()).isEqualTo(head.length());
            liberator.send101();
            client.readHead();
            liberator.readRepeated(unit, sent);
        }

        @Test
        void by_the_client_are_counted() {
            shakeHands("early");
            liberator.send101();
            client.readHead();
            assertThat(liberator.readText(5)).isEqualTo("early");
            client.send("late");
            assertThat(liberator.readText(4)).isEqualTo("late");
            Sluices.await(() -> assertThat(sluices.stream().toLiberatorBytes()).isEqualTo(head.length() + 9));
            assertThat(sluices.stream().fromClientBytes()).isEqualTo(HANDSHAKE.length() + 9);
        }

        @Test
        void by_the_Liberator_with_its_101_reach_the_client() {
            shakeHands("");
            liberator.send(liberator.head101() + "hello from inside");
            client.readHead();
            assertThat(client.readText(17)).isEqualTo("hello from inside");
        }

        @Test
        void by_the_Liberator_in_great_number_reach_a_slow_client_in_order() {
            shakeHands("");
            String much = "0123456789".repeat(100_000);
            Peer.Sending sending = liberator.sendAside(Peer.bytes(liberator.head101() + much));
            client.readHead();
            assertThat(client.readText(much.length())).isEqualTo(much);
            sending.awaitTaken();
        }
    }

    @Nested
    class A_refusal_by_the_Liberator {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Content-Length: 6\r\n\r\nnot so",
                    "Transfer-Encoding: chunked\r\n\r\n6\r\nnot so\r\n0\r\n\r\n"
                })
        void is_relayed_and_the_connection_stays_usable(String rest) {
            shakeHands("");
            liberator.send("HTTP/1.1 403 Forbidden\r\n" + rest);
            String expected = "HTTP/1.1 403 Forbidden\r\n" + rest;
            assertThat(client.readText(expected.length())).isEqualTo(expected);
            client.get("/next");
            liberator.expectHead("GET /next");
            liberator.answer("ok");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200");
            assertThat(client.readText(2)).isEqualTo("ok");
            Sluices.await(
                    () -> assertThat(sluices.ledger().kind(Kind.OTHER).total()).isEqualTo(2));
            assertThat(sluices.ledger().kind(Kind.WEBSOCKET).total()).isZero();
        }

        @Test
        void drops_bytes_sent_early_with_the_connection() {
            shakeHands(TestClient.request("GET", "/smuggled"));
            liberator.answer("no");
            assertThat(client.readUntilEnd())
                    .contains("\r\nConnection: close\r\n")
                    .endsWith("no");
            liberator.awaitClientGone();
        }

        @Test
        void with_a_200_opens_no_tunnel() {
            shakeHands("");
            liberator.answer("fine");
            client.readHead();
            client.readText(4);
            client.send("\u0081\u0002hi\r\n\r\n");
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 400 ");
            liberator.awaitClientGone();
        }
    }

    @Nested
    class A_101_that_accepts_nothing {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                    "Upgrade: websocket\r\nConnection: Upgrade",
                    "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                    "Upgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                    "Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
                            + "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
                            + "\r\nContent-Length: 3"
                })
        void is_a_502_and_the_end_of_both(String fields) {
            shakeHands("early");
            liberator.sendHead("HTTP/1.1 101 Switching Protocols", fields);
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 502 ").endsWith("\r\n\r\n");
            liberator.awaitClientGone();
            Sluices.await(() -> assertThat(sluices.ledger().endedIn(EndCause.LIBERATOR_FAULT, Phase.UPSTREAM_HEAD))
                    .isOne());
            assertThat(sluices.refusals().count(Refusal.LIBERATOR_FAULT)).isOne();
        }

        @Test
        void in_answer_to_a_plain_GET_is_one_too() {
            fake = sluices.liberator();
            sluices.serve(fake);
            client = sluices.client().get("/plain");
            liberator = fake.next();
            liberator.expectHead("GET /plain");
            liberator.sendHead(
                    "HTTP/1.1 101 Switching Protocols",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 502 ");
            liberator.awaitClientGone();
        }
    }
}
