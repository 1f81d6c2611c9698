package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Phase;
import io.sluice.account.Refusal;
import io.sluice.route.Liberator;
import io.sluice.route.LiberatorState;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiberatorDownTest {
    @RegisterExtension
    final Sluices sluices = new Sluices();

    private long startedNanos;

    private TestClient ask() {
        startedNanos = System.nanoTime();
        return sluices.client().get("/x");
    }

    private Duration taken() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    private void awaitEnded(EndCause cause, Phase phase) {
        Sluices.await(() -> assertThat(sluices.ledger().endedIn(cause, phase)).isOne());
    }

    @Nested
    class That_refuses_connections {
        @Test
        void is_a_503_at_once_with_Retry_After_and_nothing_that_could_be_taken_for_data() {
            sluices.start(Sluices.one(sluices.refusingPort(), "connectTimeout: 60s"));
            TestClient client = ask();
            assertThat(client.readUntilEnd())
                    .isEqualTo("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nCache-Control: no-store\r\n"
                            + "Retry-After: 5\r\nConnection: close\r\n\r\n");
            awaitEnded(EndCause.CONNECT_FAILED, Phase.CONNECT);
            assertThat(sluices.ledger().connectionsRefused()).isOne();
            assertThat(sluices.refusals().count(Refusal.LIBERATOR_DOWN)).isOne();
        }

        @ParameterizedTest
        @CsvSource({"'\"502\"', 502 Bad Gateway", "'\"404\"', 404 Not Found", "'\"503\"', 503 Service Unavailable"})
        void is_what_the_route_says(String onDown, String status) {
            sluices.start(Sluices.one(sluices.refusingPort(), "onDown: " + onDown));
            assertThat(ask().readUntilEnd())
                    .startsWith("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n")
                    .endsWith("\r\n\r\n");
        }

        @Test
        void is_a_reset_where_the_route_says_refuse() {
            sluices.start(Sluices.one(sluices.refusingPort(), "onDown: refuse"));
            ask().awaitReset();
            awaitEnded(EndCause.CONNECT_FAILED, Phase.CONNECT);
        }

        @Test
        void resets_a_Direct_client() {
            sluices.start(Sluices.one(sluices.refusingPort()));
            sluices.awaitRefused("direct");
            awaitEnded(EndCause.CONNECT_FAILED, Phase.CONNECT);
        }

        @Test
        void is_tried_again_with_the_next_request() {
            int port = FreePort.find();
            sluices.start(Sluices.one(port));
            assertThat(ask().readUntilEnd()).startsWith("HTTP/1.1 503 ");
            FakeLiberator back = sluices.closing(FakeLiberator.startOn(port));
            TestClient client = ask();
            Conversation liberator = back.next();
            liberator.expectHead("GET /x");
            liberator.answer("back");
            client.readHead();
            assertThat(client.readText(4)).isEqualTo("back");
        }

        @Test
        void does_not_touch_what_is_open() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient direct = sluices.client("direct").send("hello");
            Conversation liberator = fake.next();
            liberator.readText(5);
            fake.stopListening();
            assertThat(ask().readUntilEnd()).startsWith("HTTP/1.1 503 ");
            liberator.send("still here");
            assertThat(direct.readText(10)).isEqualTo("still here");
        }
    }

    @Nested
    class That_answers_no_SYN {
        @Test
        void is_a_504_within_connectTimeout_and_no_other_route_is_disturbed() {
            FakeLiberator deaf = sluices.closing(FakeLiberator.deaf());
            FakeLiberator other = sluices.liberator();
            sluices.start("""
                    defaults:
                      connectTimeout: 600ms
                    liberators:
                      - { name: lib-a, address: "127.0.0.1:%d", health: off }
                      - { name: lib-b, address: "127.0.0.1:%d", health: off }
                    listeners:
                      - { name: plain, bind: "127.0.0.1:0" }
                    routes:
                      - { host: fx.example.com, liberator: lib-a }
                      - { host: b.example.com, liberator: lib-b }
                    """.formatted(deaf.port(), other.port()));
            TestClient client = ask();
            // A connection for each loop, so that one shares the loop of the one that waits.
            for (int i = 0; i < 2; i++) {
                TestClient undisturbed = sluices.client().send("GET /x HTTP/1.1\r\nHost: b.example.com\r\n\r\n");
                Conversation liberator = other.next();
                liberator.expectHead("GET /x");
                liberator.answer("b");
                undisturbed.readHead();
                assertThat(undisturbed.readText(1)).isEqualTo("b");
            }
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n");
            assertThat(taken()).isGreaterThanOrEqualTo(Duration.ofMillis(600));
            awaitEnded(EndCause.CONNECT_FAILED, Phase.CONNECT);
            assertThat(sluices.ledger().connectionsTimedOut()).isOne();
            assertThat(sluices.refusals().count(Refusal.CONNECT_TIMEOUT)).isOne();
        }

        @Test
        void resets_a_Direct_client_within_connectTimeout() {
            sluices.serve(sluices.closing(FakeLiberator.deaf()), "connectTimeout: 300ms");
            sluices.awaitRefused("direct");
            awaitEnded(EndCause.CONNECT_FAILED, Phase.CONNECT);
        }

        @Test
        void is_no_longer_dialled_once_the_client_has_left() {
            sluices.serve(sluices.closing(FakeLiberator.deaf()), "connectTimeout: 60s");
            TestClient client = ask();
            Sluices.await(() -> assertThat(sluices.ledger().connectionsActive()).isOne());
            client.close();
            awaitEnded(EndCause.CLIENT_CLOSED, Phase.CONNECT);
            Sluices.await(() -> assertThat(sluices.ledger().connectionsActive()).isZero());
        }

        @Test
        void is_no_longer_dialled_for_a_Direct_client_beyond_connectTimeout() {
            sluices.serve(sluices.closing(FakeLiberator.deaf()), "connectTimeout: 300ms");
            TestClient client = sluices.client("direct");
            Sluices.await(() -> assertThat(sluices.ledger().connectionsActive()).isOne());
            client.close();
            Sluices.await(() -> assertThat(sluices.ledger().connectionsActive()).isZero());
        }
    }

    @Nested
    class That_accepts_and_says_nothing {
        @Test
        void is_a_504_within_responseHeadTimeout() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake, "responseHeadTimeout: 300ms");
            TestClient client = ask();
            Conversation liberator = fake.next();
            liberator.expectHead("GET /x");
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n");
            assertThat(taken()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
            liberator.awaitClientGone();
            awaitEnded(EndCause.HEAD_TIMEOUT, Phase.UPSTREAM_HEAD);
        }

        @Test
        void counts_as_saying_nothing_when_it_sends_half_a_head() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake, "responseHeadTimeout: 300ms");
            TestClient client = ask();
            Conversation liberator = fake.next();
            liberator.expectHead("GET /x");
            liberator.send("HTTP/1.1 200 OK\r\nContent-");
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 504 ");
            liberator.awaitClientGone();
        }

        @Test
        void is_a_502_when_it_closes_instead() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = ask();
            Conversation liberator = fake.next();
            liberator.expectHead("GET /x");
            liberator.close();
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n");
            awaitEnded(EndCause.LIBERATOR_LOST, Phase.UPSTREAM_HEAD);
        }

        @Test
        void is_a_502_when_it_resets_instead() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = ask();
            Conversation liberator = fake.next();
            liberator.expectHead("GET /x");
            liberator.reset();
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 502 ");
            awaitEnded(EndCause.LIBERATOR_LOST, Phase.UPSTREAM_HEAD);
        }

        @Test
        void is_waited_for_without_end_where_responseHeadTimeout_is_0() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake, "responseHeadTimeout: 0", "requestHeadTimeout: 1s");
            TestClient client = ask();
            Conversation liberator = fake.next();
            liberator.expectHead("GET /x");
            TestClient other = sluices.client().send("GET");
            assertThat(other.readUntilEnd()).startsWith("HTTP/1.1 408 ");
            liberator.answer("at last");
            client.readHead();
            assertThat(client.readText(7)).isEqualTo("at last");
        }
    }

    @Nested
    class At_its_maxConnections {
        @Test
        void is_a_503_and_hears_nothing() {
            FakeLiberator fake = sluices.liberator();
            sluices.start(Sluices.one(fake.port()).replace("health: off", "health: off, maxConnections: 1"));
            sluices.client("direct").send("one");
            fake.next().readText(3);
            assertThat(ask().readUntilEnd()).startsWith("HTTP/1.1 503 ");
            assertThat(sluices.refusals().count(Refusal.LIBERATOR_LIMIT)).isOne();
            assertThat(sluices.ledger().connectionsLimited()).isOne();
            assertThat(fake.visits()).isOne();
        }
    }

    @Nested
    class Behind_a_listener_of_its_own_that_refuses {
        private static String text(int port) {
            return """
                    liberators:
                      - { name: lib-a, address: "127.0.0.1:%d", health: { check: tcp, interval: 100ms, rise: 1, fall: 2 } }
                    listeners:
                      - { name: plain, bind: "127.0.0.1:%d", liberator: lib-a, onDown: refuse }
                    """.formatted(port, FreePort.find());
        }

        private void awaitListening(boolean wanted) {
            Sluices.await(() -> assertThat(
                            sluices.appliance().listeners().listener("plain").address() != null)
                    .as("listens")
                    .isEqualTo(wanted));
        }

        @Test
        void closes_the_listening_socket_while_it_is_down_and_opens_it_again() {
            FakeLiberator fake = FakeLiberator.start();
            int port = fake.port();
            sluices.start(text(port));
            var address = sluices.address("plain");
            Sluices.await(() -> assertThat(state()).isEqualTo(LiberatorState.UP));
            fake.close();
            awaitListening(false);
            assertThat(isRefused(address)).isTrue();
            FakeLiberator back = sluices.closing(FakeLiberator.startOn(port));
            awaitListening(true);
            TestClient client = sluices.client().get("/x");
            assertThat(nextRequest(back)).startsWith("GET /x");
            client.close();
        }

        @Test
        void stays_closed_when_a_change_that_cannot_bind_is_taken_back() throws Exception {
            String text = text(sluices.refusingPort());
            sluices.start(text);
            awaitListening(false);
            try (java.net.ServerSocket taken = new java.net.ServerSocket(0)) {
                String bad = text + "  - { name: taken, bind: \"127.0.0.1:" + taken.getLocalPort()
                        + "\", liberator: lib-a }\n";
                org.assertj.core.api.Assertions.assertThatThrownBy(
                                () -> sluices.appliance().change(Sluices.config(bad)))
                        .isInstanceOf(java.io.IOException.class);
            }
            assertThat(sluices.appliance().listeners().listener("plain").address())
                    .isNull();
        }

        @Test
        void stays_closed_through_a_change_of_its_rules() throws Exception {
            String text = text(sluices.refusingPort());
            sluices.start(text);
            awaitListening(false);
            sluices.appliance()
                    .change(Sluices.config(
                            text.replace("onDown: refuse", "onDown: refuse, limits: { connections: 7 }")));
            assertThat(sluices.appliance().listeners().listener("plain").address())
                    .isNull();
        }

        @Test
        void closes_when_a_change_asks_for_it_while_the_Liberator_is_down() throws Exception {
            String text = text(sluices.refusingPort());
            sluices.start(text.replace(", onDown: refuse", ""));
            Sluices.await(() -> assertThat(state()).isEqualTo(LiberatorState.DOWN));
            awaitListening(true);
            sluices.appliance().change(Sluices.config(text));
            awaitListening(false);
        }

        private LiberatorState state() {
            for (Liberator each : sluices.appliance().router().table().liberators()) {
                return each.health().state();
            }
            throw new AssertionError("no Liberator");
        }

        /** The first conversation that is no probe. */
        private String nextRequest(FakeLiberator fake) {
            while (true) {
                Conversation next = fake.next();
                String came = next.readUntilGoneOr("\r\n\r\n");
                if (!came.isEmpty()) {
                    return came;
                }
            }
        }

        private boolean isRefused(java.net.InetSocketAddress address) {
            try (java.net.Socket socket = new java.net.Socket()) {
                socket.connect(address, Peer.LIMIT_MILLIS);
                return false;
            } catch (java.net.ConnectException refused) {
                return true;
            } catch (java.io.IOException other) {
                throw new AssertionError(other);
            }
        }
    }
}
