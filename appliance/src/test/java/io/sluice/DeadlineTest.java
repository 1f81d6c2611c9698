package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Phase;
import io.sluice.account.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeadlineTest {
    private static final byte[] UNIT = new byte[8000];

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator fake;
    private Conversation liberator;
    private TestClient client;

    private void serve(String... defaults) {
        fake = sluices.liberator();
        sluices.serve(fake, defaults);
    }

    private void openStream(TestClient from) {
        client = from.get("/RTTP-TYPE2");
        liberator = fake.next();
        liberator.expectHead("GET");
        liberator.sendHead("HTTP/1.1 200 OK", "Cache-Control: no-store");
    }

    private void awaitEnded(EndCause cause, Phase phase) {
        Sluices.await(() -> assertThat(sluices.ledger().endedIn(cause, phase)).isOne());
    }

    @Nested
    class A_request_head {
        @Test
        void that_is_not_complete_in_time_is_a_408() {
            serve("requestHeadTimeout: 200ms");
            client = sluices.client().send("GET /x HTTP/1.1\r\nHost");
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 408 ").endsWith("\r\n\r\n");
            assertThat(sluices.refusals().count(Refusal.HEAD_TIMEOUT)).isOne();
            assertThat(fake.visits()).isZero();
        }

        @Test
        void that_trickles_in_is_a_408_all_the_same() {
            serve("requestHeadTimeout: 300ms");
            client = sluices.client().send("GET /x HTTP/1.1\r\nA: ");
            Sluices.await(() -> {
                if (sluices.refusals().count(Refusal.HEAD_TIMEOUT) == 0) {
                    client.send("b");
                }
                assertThat(sluices.refusals().count(Refusal.HEAD_TIMEOUT)).isOne();
            });
        }

        @Test
        void that_never_begins_is_closed_without_a_word() {
            serve("requestHeadTimeout: 200ms");
            sluices.client().awaitEnd();
            assertThat(sluices.refusals().total()).isZero();
        }

        @Test
        void that_is_nothing_but_empty_lines_keeps_no_connection() {
            serve("requestHeadTimeout: 300ms");
            client = sluices.client();
            Sluices.await(() -> {
                if (sluices.refusals().total() == 0) {
                    client.send("\r\n");
                }
                assertThat(sluices.refusals().total()).isOne();
            });
            assertThat(client.readUntilGone()).startsWith("HTTP/1.1 400 ");
        }

        @Test
        void on_a_kept_connection_has_its_own_time() {
            serve("requestHeadTimeout: 1s");
            client = sluices.client().get("/x");
            liberator = fake.next();
            liberator.expectHead("GET");
            liberator.answer("ok");
            client.readHead();
            client.readText(2);
            client.send("GET ");
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 408 ");
            liberator.awaitClientGone();
        }
    }

    @Nested
    class A_request_body {
        @Test
        void slower_than_requestBodyMinRate_is_a_408_and_never_completed() {
            serve("requestBodyMinRate: 1000B/200ms");
            client = sluices.client()
                    .send(TestClient.request("POST", "/x", "Transfer-Encoding: chunked") + "3\r\nabc\r\n");
            liberator = fake.next();
            liberator.expectHead("POST");
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 408 ");
            assertThat(liberator.readUntilReset()).isIn("3\r\nabc\r\n", "");
            awaitEnded(EndCause.REFUSED, Phase.UPSTREAM_HEAD);
            assertThat(sluices.refusals().count(Refusal.BODY_TIMEOUT)).isOne();
        }

        @Test
        void that_waits_for_a_100_is_not_slow() {
            serve("requestBodyMinRate: 1000B/100ms", "responseHeadTimeout: 600ms");
            client = sluices.client()
                    .send(TestClient.request("POST", "/x", "Content-Length: 3", "Expect: 100-continue"));
            liberator = fake.next();
            liberator.expectHead("POST");
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 504 ");
            awaitEnded(EndCause.HEAD_TIMEOUT, Phase.UPSTREAM_HEAD);
            assertThat(sluices.refusals().count(Refusal.BODY_TIMEOUT)).isZero();
        }

        @Test
        void held_back_by_the_Liberator_is_not_the_client_s_fault() {
            serve("requestBodyMinRate: 100MiB/100ms", "requestHeadTimeout: 1s");
            client = sluices.client().send(TestClient.request("POST", "/x", "Content-Length: 10000000"));
            client.sendUntilStopped(UNIT, 9_000_000);
            TestClient other = sluices.client().send("GET");
            assertThat(other.readUntilEnd()).startsWith("HTTP/1.1 408 ");
            assertThat(sluices.stream().phase()).isEqualTo(Phase.UPSTREAM_HEAD);
        }
    }

    @Nested
    class A_client_that_takes_none_of_the_bytes_that_wait_for_it {
        @Test
        void is_dropped_and_both_ends_see_no_clean_end() {
            serve("stalledClientTimeout: 300ms");
            openStream(sluices.smallClient("plain"));
            liberator.sendAside(new byte[4_000_000]);
            awaitEnded(EndCause.CLIENT_STALLED, Phase.RELAY);
            client.readUntilReset();
            liberator.readUntilGone();
        }

        @Test
        void is_dropped_though_a_longer_deadline_is_watched_too() {
            serve("stalledClientTimeout: 300ms", "streamIdleTimeout: 10m");
            openStream(sluices.smallClient("plain"));
            client.readHead();
            liberator.sendAside(new byte[4_000_000]);
            awaitEnded(EndCause.CLIENT_STALLED, Phase.RELAY);
        }

        @Test
        void is_dropped_from_a_Direct_connection() {
            serve("stalledClientTimeout: 300ms");
            client = sluices.smallClient("direct");
            liberator = fake.next();
            liberator.sendAside(new byte[4_000_000]);
            awaitEnded(EndCause.CLIENT_STALLED, Phase.RELAY);
            client.readUntilReset();
            liberator.readUntilGone();
        }

        @Test
        void is_dropped_with_a_reset_though_the_Liberator_is_done() {
            serve("stalledClientTimeout: 1s", "socketSendBuffer: 8KiB");
            client = sluices.smallClient("plain");
            String body = "x".repeat(30_000);
            liberator = sluices.open(client, fake);
            int answered = sluices.answerUntilBehind(client, liberator, body);
            liberator.awaitClientGone();
            assertThat(client.readUntilReset().length()).isLessThan(answered * body.length());
        }

        @Test
        void but_takes_some_now_and_then_is_only_slow() {
            serve("stalledClientTimeout: 5s");
            openStream(sluices.smallClient("plain"));
            byte[] all = new byte[1_000_000];
            Peer.Sending sending = liberator.sendAside(all);
            client.readHead();
            client.readExactly(all.length);
            sending.awaitTaken();
            liberator.close();
            client.awaitEnd();
            awaitEnded(EndCause.COMPLETED, Phase.RELAY);
        }
    }

    @Nested
    class A_stream_silent_both_ways {
        @Test
        void for_streamIdleTimeout_is_ended_and_never_looks_complete() {
            serve("streamIdleTimeout: 300ms");
            openStream(sluices.client());
            client.readHead();
            client.awaitReset();
            liberator.awaitClientGone();
            awaitEnded(EndCause.IDLE, Phase.RELAY);
        }

        @Test
        void is_ended_when_it_is_Direct_too_in_order_behind_a_line() {
            serve("streamIdleTimeout: 1s");
            client = sluices.client("direct");
            liberator = fake.next();
            liberator.send("a line\n");
            assertThat(client.readUntilEnd()).isEqualTo("a line\n");
            liberator.awaitEnd();
            awaitEnded(EndCause.IDLE, Phase.RELAY);
        }

        @Test
        void is_ended_when_it_is_Direct_too_with_a_reset_in_the_middle_of_a_line() {
            serve("streamIdleTimeout: 1s");
            client = sluices.client("direct");
            liberator = fake.next();
            liberator.send("half a line");
            assertThat(client.readUntilReset()).isEqualTo("half a line");
            liberator.awaitEnd();
            awaitEnded(EndCause.IDLE, Phase.RELAY);
        }

        @Test
        void is_not_one_in_which_only_one_side_speaks() {
            serve("streamIdleTimeout: 2s");
            client = sluices.client("direct");
            liberator = fake.next();
            long until = System.nanoTime() + Duration.ofMillis(4500).toNanos();
            while (System.nanoTime() < until) {
                liberator.send("x");
                assertThat(client.readText(1)).isEqualTo("x");
            }
            assertThat(sluices.ledger().ended(EndCause.IDLE)).isZero();
        }

        @Test
        void is_left_alone_by_default() {
            serve("requestHeadTimeout: 1s");
            openStream(sluices.client());
            client.readHead();
            sluices.client().awaitEnd();
            liberator.send("still");
            assertThat(client.readText(5)).isEqualTo("still");
        }
    }
}
