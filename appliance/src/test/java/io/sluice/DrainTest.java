package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Phase;
import io.sluice.account.Refusal;
import io.sluice.account.StreamRecord;
import io.sluice.drain.Drain;
import io.sluice.route.Liberator;
import io.sluice.route.LiberatorState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Liberator is emptied: what its clients and it see, and what is counted. */
class DrainTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String GOING_AWAY = "\u0088\u0002\u0003\u00e9";
    private static final byte[] FRAME = Peer.bytes("\u0082\u007e\u0003\u00e8" + "x".repeat(1000));

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator fake;
    private Conversation liberator;
    private TestClient client;

    private void serve(String... defaults) {
        fake = sluices.liberator();
        sluices.serve(fake, defaults);
    }

    private Liberator lib() {
        return sluices.appliance().router().table().liberators().iterator().next();
    }

    private Drain drain(int perSecond, Duration limit) {
        return sluices.appliance().drains().drain(lib(), perSecond, limit, "test");
    }

    private Drain drain() {
        return drain(Drain.AT_ONCE, LONG);
    }

    private void openWebSocket() {
        client = sluices.client().send(WebSocketTest.HANDSHAKE);
        liberator = fake.next();
        liberator.expectHead("GET");
        liberator.send101();
        client.readHead();
    }

    private void openDirect() {
        client = sluices.client("direct").send("hello\n");
        liberator = fake.next();
        liberator.readText(6);
    }

    private void openStream(String target, String... fields) {
        client = sluices.client().get(target);
        liberator = fake.next();
        liberator.expectHead("GET");
        String[] head = new String[fields.length + 1];
        head[0] = "HTTP/1.1 200 OK";
        System.arraycopy(fields, 0, head, 1, fields.length);
        liberator.sendHead(head);
        client.readHead();
    }

    private void awaitOver(Drain drain, int politely, int forced) {
        Sluices.await(() -> assertThat(drain.isOver()).isTrue());
        assertThat(drain.politely()).isEqualTo(politely);
        assertThat(drain.forced()).isEqualTo(forced);
        assertThat(sluices.ledger().endedIn(EndCause.DRAINED, Phase.RELAY)).isEqualTo(politely + forced);
        Sluices.await(() -> assertThat(lib().state().state()).isEqualTo(LiberatorState.DISABLED));
    }

    @Nested
    class A_WebSocket {
        @Test
        void ends_with_a_close_frame_and_its_client_s_answer_reaches_the_Liberator() {
            serve();
            openWebSocket();
            liberator.send("\u0081\u0002hi");
            client.readText(4);
            Drain drain = drain();
            assertThat(client.readText(4)).isEqualTo(GOING_AWAY);
            client.send("\u0088\u0082abcdxy");
            assertThat(liberator.readText(8)).isEqualTo("\u0088\u0082abcdxy");
            liberator.send(GOING_AWAY);
            liberator.close();
            assertThat(client.readUntilEnd()).isEmpty();
            awaitOver(drain, 1, 0);
        }

        @Test
        void ends_where_its_frame_ends_and_nothing_comes_behind_the_close_frame() {
            serve();
            openWebSocket();
            liberator.send("\u0081\u0005he");
            client.readText(4);
            Drain drain = drain();
            Sluices.await(() -> assertThat(lib().state().state()).isEqualTo(LiberatorState.DRAINING));
            liberator.send("llo\u0081\u0004next");
            assertThat(client.readText(7)).isEqualTo("llo" + GOING_AWAY);
            client.close();
            liberator.awaitClientGone();
            awaitOver(drain, 1, 0);
        }

        @Test
        void whose_first_frame_came_with_the_handshake_ends_at_a_frame_too() {
            serve();
            client = sluices.client().send(WebSocketTest.HANDSHAKE);
            liberator = fake.next();
            liberator.expectHead("GET");
            liberator.send(liberator.head101() + "\u0081\u0005he");
            client.readHead();
            client.readText(4);
            Drain drain = drain();
            Sluices.await(() -> assertThat(lib().state().state()).isEqualTo(LiberatorState.DRAINING));
            liberator.send("llo");
            assertThat(client.readText(7)).isEqualTo("llo" + GOING_AWAY);
            client.close();
            awaitOver(drain, 1, 0);
        }

        @Test
        void whose_client_is_behind_gets_whole_frames_before_its_close_frame() {
            serve();
            openWebSocket();
            long sent = fallBehind();
            Drain drain = drain();
            String seen = client.readUntilEnd();
            assertThat(seen).endsWith("x" + GOING_AWAY);
            assertThat(seen.length() % FRAME.length).isEqualTo(GOING_AWAY.length());
            assertThat((long) seen.length()).isLessThanOrEqualTo(sent + FRAME.length);
            awaitOver(drain, 1, 0);
        }

        @Test
        void whose_client_is_behind_at_the_deadline_is_cut_off() {
            serve();
            openWebSocket();
            fallBehind();
            Drain drain = drain(Drain.AT_ONCE, Duration.ofMillis(100));
            Sluices.await(() -> assertThat(drain.isOver()).isTrue());
            assertThat(client.readUntilGone()).doesNotContain(GOING_AWAY);
            awaitOver(drain, 0, 1);
        }

        private long fallBehind() {
            long sent = liberator.sendUntilStopped(FRAME, 16 << 20);
            StreamRecord stream = sluices.stream();
            Sluices.await(() -> assertThat(stream.clientBacklog()).isNotNull());
            return sent;
        }

        @Test
        void whose_ends_both_stay_is_closed_after_a_while() {
            serve();
            openWebSocket();
            Drain drain = drain();
            assertThat(client.readText(4)).isEqualTo(GOING_AWAY);
            client.awaitEnd();
            liberator.awaitClientGone();
            awaitOver(drain, 1, 0);
        }

        @Test
        void in_the_middle_of_a_frame_is_ended_at_the_deadline() {
            serve();
            openWebSocket();
            liberator.send("\u0081\u0005he");
            client.readText(4);
            Drain drain = drain(Drain.AT_ONCE, Duration.ofMillis(100));
            assertThat(client.readUntilGone()).isEmpty();
            liberator.awaitClientGone();
            awaitOver(drain, 0, 1);
        }

        @Test
        void shows_its_messages() {
            serve();
            openWebSocket();
            StreamRecord stream = sluices.stream();
            liberator.send("\u0081\u0002hi\u0081\u0002ho");
            client.readText(8);
            client.send("\u0081\u0081abcdx");
            liberator.readText(7);
            assertThat(stream.toClientMessages()).isEqualTo(2);
            assertThat(stream.fromClientMessages()).isEqualTo(1);
        }
    }

    @Nested
    class A_Direct_connection {
        @Test
        void ends_after_a_line_and_what_its_client_still_says_reaches_the_Liberator() {
            serve();
            openDirect();
            liberator.send("half");
            client.readText(4);
            Drain drain = drain();
            Sluices.await(() -> assertThat(lib().state().state()).isEqualTo(LiberatorState.DRAINING));
            liberator.send(" a line\nanother\n");
            assertThat(client.readUntilEnd()).isEqualTo(" a line\n");
            client.send("last words\n");
            assertThat(liberator.readText(11)).isEqualTo("last words\n");
            client.close();
            liberator.awaitClientGone();
            awaitOver(drain, 1, 0);
        }

        @Test
        void that_is_quiet_ends_at_once() {
            serve();
            openDirect();
            Drain drain = drain();
            client.awaitEnd();
            client.close();
            liberator.awaitClientGone();
            awaitOver(drain, 1, 0);
        }

        @Test
        void whose_client_has_said_its_last_still_ends_after_a_line() {
            serve();
            openHalfALine();
            client.halfClose();
            liberator.awaitEnd();
            Drain drain = drain();
            Sluices.await(() -> assertThat(lib().state().state()).isEqualTo(LiberatorState.DRAINING));
            liberator.send(", whole\nanother\n");
            assertThat(client.readUntilEnd()).isEqualTo(", whole\n");
            awaitOver(drain, 1, 0);
        }

        @Test
        void in_the_middle_of_a_line_is_reset_at_the_deadline() {
            serve();
            openHalfALine();
            Drain drain = drain(Drain.AT_ONCE, Duration.ofMillis(100));
            client.awaitReset();
            liberator.awaitEnd();
            awaitOver(drain, 0, 1);
        }

        @Test
        void in_the_middle_of_a_line_is_reset_at_the_end_of_a_stop() {
            serve();
            openHalfALine();
            sluices.stop(Duration.ofMillis(300));
            client.awaitReset();
        }

        @Test
        void in_the_middle_of_a_line_is_reset_by_a_stop_without_a_drain_time() {
            serve();
            openHalfALine();
            sluices.stop(Duration.ZERO);
            client.awaitReset();
        }

        @Test
        void in_the_middle_of_a_line_is_reset_at_the_end_of_a_handover() {
            serve();
            openHalfALine();
            sluices.appliance().retire(Duration.ofMillis(300));
            client.awaitReset();
        }

        private void openHalfALine() {
            openDirect();
            liberator.send("half a line");
            assertThat(client.readText(11)).isEqualTo("half a line");
        }
    }

    @Nested
    class A_stream_over_HTTP {
        @ParameterizedTest
        @ValueSource(strings = {"/RTTP-TYPE2", "/RTTP-TYPE5", "/RTTP-TYPE9"})
        void ends_with_its_last_chunk_behind_a_whole_one(String target) {
            serve();
            openStream(target, "Transfer-Encoding: chunked");
            liberator.send("5\r\nhe");
            client.readText(5);
            Drain drain = drain();
            Sluices.await(() -> assertThat(lib().state().state()).isEqualTo(LiberatorState.DRAINING));
            liberator.send("llo\r\n4\r\nnext\r\n");
            assertThat(client.readUntilEnd()).isEqualTo("llo\r\n0\r\n\r\n");
            liberator.awaitClientGone();
            awaitOver(drain, 1, 0);
        }

        @Test
        void that_is_quiet_ends_at_once() {
            serve();
            openStream("/RTTP-TYPE2", "Transfer-Encoding: chunked");
            Drain drain = drain();
            assertThat(client.readUntilEnd()).isEqualTo("0\r\n\r\n");
            awaitOver(drain, 1, 0);
        }

        @Test
        void without_chunks_is_cut_off_at_the_deadline_and_never_looks_complete() {
            serve();
            openStream("/RTTP-TYPE2");
            liberator.send("update");
            client.readText(6);
            Drain drain = drain(Drain.AT_ONCE, Duration.ofMillis(100));
            client.awaitReset();
            awaitOver(drain, 0, 1);
        }

        @Test
        void whose_client_sees_no_chunks_is_cut_off_at_the_deadline_and_never_looks_complete() {
            serve();
            client = sluices.client().send("GET /RTTP-TYPE2 HTTP/1.0\r\nHost: " + Sluices.HOST + "\r\n\r\n");
            liberator = fake.next();
            liberator.expectHead("GET");
            liberator.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
            liberator.sendChunk("update");
            client.readHead();
            client.readText(6);
            Drain drain = drain(Drain.AT_ONCE, Duration.ofMillis(100));
            client.awaitReset();
            awaitOver(drain, 0, 1);
        }

        @Test
        void that_might_be_a_file_is_cut_off_at_the_deadline_and_never_looks_complete() {
            serve();
            openStream("/prices.csv", "Transfer-Encoding: chunked");
            liberator.sendChunk("half of it");
            client.readChunk();
            Drain drain = drain(Drain.AT_ONCE, Duration.ofMillis(100));
            client.awaitReset();
            awaitOver(drain, 0, 1);
        }
    }

    @Nested
    class A_stream_over_HTTP_2 {
        private Http2Client multiplexed;
        private int stream;

        private void connect() {
            fake = sluices.liberator();
            sluices.serveHttp2(fake);
            multiplexed = sluices.http2Client();
        }

        private void openEvents(String... head) {
            connect();
            stream = multiplexed.get("/RTTP-TYPE9", "accept: text/event-stream");
            liberator = fake.next();
            liberator.expectHead("GET /RTTP-TYPE9");
            liberator.sendHead(head);
            assertThat(multiplexed.status(stream)).isEqualTo(":status: 200");
        }

        @Test
        void ends_with_END_STREAM_behind_a_whole_chunk_and_its_connection_stays() {
            openEvents("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked");
            liberator.send("5\r\nhe");
            assertThat(multiplexed.readData(stream, 2)).isEqualTo("he");
            Drain drain = drain();
            Sluices.await(() -> assertThat(lib().state().state()).isEqualTo(LiberatorState.DRAINING));
            liberator.send("llo\r\n4\r\nnext\r\n");
            assertThat(multiplexed.readToEnd(stream)).isEqualTo("llo");
            liberator.awaitClientGone();
            awaitOver(drain, 1, 0);
            multiplexed.awaitPing();
        }

        @Test
        void without_chunks_is_reset_at_the_deadline_and_never_looks_complete() {
            openEvents("HTTP/1.1 200 OK", "Content-Type: text/event-stream");
            liberator.send("update");
            assertThat(multiplexed.readData(stream, 6)).isEqualTo("update");
            Drain drain = drain(Drain.AT_ONCE, Duration.ofMillis(100));
            multiplexed.awaitReset(stream);
            awaitOver(drain, 0, 1);
            multiplexed.awaitPing();
        }

        @Test
        void that_is_a_WebSocket_ends_with_a_close_frame() {
            connect();
            stream = multiplexed.webSocket("/RTTP-TYPE8", "origin: https://trader.example.com");
            liberator = fake.next();
            liberator.expectHead("GET /RTTP-TYPE8");
            liberator.send101();
            assertThat(multiplexed.status(stream)).isEqualTo(":status: 200");
            Drain drain = drain();
            assertThat(multiplexed.readData(stream, 4)).isEqualTo(GOING_AWAY);
            multiplexed.data(stream, true, "\u0088\u0082abcdxy");
            assertThat(liberator.readText(8)).isEqualTo("\u0088\u0082abcdxy");
            liberator.awaitClientGone();
            awaitOver(drain, 1, 0);
            multiplexed.awaitPing();
        }
    }

    @Nested
    class A_request {
        @Test
        void is_answered_and_is_the_last_of_its_connection() {
            serve();
            client = sluices.client().get("/x");
            liberator = fake.next();
            liberator.expectHead("GET");
            Drain drain = drain();
            Sluices.await(() -> assertThat(lib().state().state()).isEqualTo(LiberatorState.DRAINING));
            liberator.answer("whole");
            assertThat(client.readHead()).contains("\r\nConnection: close\r\n");
            assertThat(client.readUntilEnd()).isEqualTo("whole");
            Sluices.await(() -> assertThat(drain.isOver()).isTrue());
            assertThat(drain.forced()).isZero();
            assertThat(sluices.ledger().ended(EndCause.COMPLETED)).isOne();
        }

        @Test
        void on_a_kept_connection_is_served_while_new_ones_are_refused() {
            serve();
            client = sluices.client().get("/x");
            liberator = fake.next();
            liberator.expectHead("GET");
            liberator.answer("1");
            client.readHead();
            client.readText(1);
            sluices.appliance().drains().disable(lib(), "test");
            client.get("/x");
            liberator.expectHead("GET");
            liberator.answer("2");
            client.readHead();
            assertThat(client.readText(1)).isEqualTo("2");
            assertThat(sluices.client().get("/x").readUntilEnd()).startsWith("HTTP/1.1 503 ");
        }
    }

    @Nested
    class A_kept_connection {
        private TestClient poller;
        private Conversation polled;

        /** One that has been answered once. */
        private void keep() {
            client = sluices.client().get("/RTTP-TYPE3");
            liberator = fake.next();
            liberator.expectHead("GET");
            liberator.answer("1");
            client.readHead();
            client.readText(1);
            poller = client;
            polled = liberator;
            Sluices.await(
                    () -> assertThat(sluices.ledger().ended(EndCause.COMPLETED)).isOne());
        }

        /** The head of the answer to a poll. */
        private String poll() {
            poller.get("/RTTP-TYPE3");
            polled.expectHead("GET");
            polled.answer("2");
            String head = poller.readHead();
            assertThat(poller.readText(1)).isEqualTo("2");
            return head;
        }

        private void awaitLetGo(Drain drain) {
            polled.awaitClientGone();
            Sluices.await(() -> assertThat(drain.isOver()).isTrue());
            assertThat(drain.departures().taken()).isOne();
            assertThat(drain.remaining()).isZero();
            Sluices.await(() -> assertThat(lib().state().reason())
                    .isEqualTo("drained: 0 ended politely, 0 at the deadline, 1 kept connections let go"));
        }

        @Test
        void leaves_with_its_next_answer() {
            serve();
            keep();
            Drain drain = drain();
            assertThat(drain.kept()).isOne();
            assertThat(drain.remaining()).isOne();
            assertThat(lib().state().state()).isEqualTo(LiberatorState.DRAINING);
            assertThat(poll()).contains("\r\nConnection: close\r\n");
            poller.awaitEnd();
            awaitLetGo(drain);
        }

        @Test
        void that_asks_for_nothing_more_is_closed() {
            serve();
            keep();
            Drain drain = drain();
            poller.awaitEnd();
            awaitLetGo(drain);
        }

        @Test
        void is_served_until_the_last_stream_has_been_asked() {
            serve();
            keep();
            for (int i = 0; i < 10; i++) {
                openWebSocket();
            }
            Drain drain = drain(1, LONG);
            for (int i = 0; i < 5; i++) {
                assertThat(poll()).doesNotContain("Connection:");
            }
            Sluices.await(() -> assertThat(drain.kept()).isOne());
            assertThat(drain.remaining()).isBetween(3, 11);
            assertThat(drain.departures().taken()).isZero();
        }

        @Test
        void is_served_while_the_drain_is_held() {
            serve();
            keep();
            openWebSocket();
            liberator.send("\u0081\u0005he");
            client.readText(4);
            Drain drain = drain(1, LONG);
            sluices.appliance().drains().pause(drain);
            assertThat(poll()).doesNotContain("Connection:");
            sluices.appliance().drains().resume(drain);
            client.close();
            Sluices.await(() -> assertThat(poll()).contains("\r\nConnection: close\r\n"));
            poller.awaitEnd();
        }

        @Test
        void stays_when_the_drain_is_called_off() {
            serve();
            keep();
            openWebSocket();
            drain(1, LONG);
            sluices.appliance().drains().serve(lib(), "test");
            assertThat(poll()).doesNotContain("Connection:");
        }

        @Test
        void is_told_what_the_route_says_after_the_deadline() {
            serve();
            keep();
            Drain drain = drain(1, Duration.ofMillis(1));
            sluices.appliance().drains().pause(drain);
            Sluices.await(() -> assertThat(lib().state().state()).isEqualTo(LiberatorState.DISABLED));
            assertThat(poller.get("/RTTP-TYPE3").readUntilEnd()).startsWith("HTTP/1.1 503 ");
            polled.awaitClientGone();
        }
    }

    @Nested
    class New_arrivals {
        @ParameterizedTest
        @ValueSource(strings = {"502", "404", "503"})
        void get_what_the_route_says(String status) {
            serve("onDown: \"" + status + "\"");
            drain();
            assertThat(sluices.client().get("/x").readUntilEnd()).startsWith("HTTP/1.1 " + status + " ");
            assertThat(sluices.refusals().count(Refusal.OUT_OF_SERVICE)).isOne();
            assertThat(sluices.ledger().ended(EndCause.REFUSED)).isOne();
            assertThat(sluices.ledger().ended(EndCause.CONNECT_FAILED)).isZero();
            assertThat(fake.visits()).isZero();
        }

        @Test
        void are_reset_on_a_Direct_listener() {
            serve();
            drain();
            sluices.awaitRefused("direct");
        }

        @Test
        void find_no_listener_where_the_route_says_refuse() {
            serve("onDown: refuse");
            drain();
            var direct = sluices.appliance().listeners().listener("direct");
            Sluices.await(() -> assertThat(direct.address()).isNull());
            sluices.appliance().drains().serve(lib(), "test");
            assertThat(direct.address()).isNotNull();
        }

        @Test
        void come_in_again_when_the_drain_is_called_off_and_what_is_open_stays() {
            serve();
            openDirect();
            TestClient open = client;
            liberator.send("half a line");
            open.readText(11);
            Conversation first = liberator;
            Drain drain = drain();
            sluices.appliance().drains().serve(lib(), "test");
            assertThat(drain.isOver()).isTrue();
            openDirect();
            assertThat(lib().state().state()).isEqualTo(LiberatorState.UNKNOWN);
            open.send("still here");
            assertThat(first.readText(10)).isEqualTo("still here");
        }

        @Test
        void find_no_listener_while_the_appliance_stops() {
            serve();
            openDirect();
            liberator.send("half a line");
            client.readText(11);
            var direct = sluices.appliance().listeners().listener("direct");
            var drains = sluices.appliance().drains();
            String name = lib().name();
            var stopping = Peer.aside(() -> sluices.stop(Duration.ofSeconds(10)));
            Sluices.await(() -> assertThat(drains.of(name)).isNotNull());
            assertThat(direct.address()).isNull();
            liberator.send("\n");
            assertThat(client.readUntilEnd()).isEqualTo("\n");
            client.close();
            stopping.join();
        }

        @Test
        void are_refused_after_a_reload_too() {
            serve();
            sluices.appliance().drains().disable(lib(), "test");
            try {
                sluices.appliance().change(Sluices.config(Sluices.one(fake.port())));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            assertThat(sluices.client().get("/x").readUntilEnd()).startsWith("HTTP/1.1 503 ");
            assertThat(lib().state().reason()).isEqualTo("test: disabled");
        }
    }

    @Nested
    class Of_several_Liberators_together {
        private FakeLiberator other;
        private TestClient quiet;
        private TestClient midway;
        private Conversation talking;

        /** A quiet stream to lib-a, one to lib-b in the middle of a line. */
        private void begin() {
            fake = sluices.liberator();
            other = sluices.liberator();
            sluices.start("""
                    liberators:
                      - { name: lib-a, address: "127.0.0.1:%d", health: off }
                      - { name: lib-b, address: "127.0.0.1:%d", health: off }
                    listeners:
                      - { name: direct, bind: "127.0.0.1:0", kind: direct, liberator: lib-a }
                      - { name: direct-b, bind: "127.0.0.1:0", kind: direct, liberator: lib-b }
                    """.formatted(fake.port(), other.port()));
            openDirect();
            quiet = client;
            midway = sluices.client("direct-b");
            talking = other.next();
            talking.send("half a line");
            midway.readText(11);
            Collection<Liberator> both = sluices.appliance().router().table().liberators();
            sluices.appliance().drains().drain(both, Drain.AT_ONCE, LONG, "test");
        }

        private Drain drainOf(String name) {
            return Objects.requireNonNull(sluices.appliance().drains().of(name));
        }

        private Liberator liberator(String name) {
            return sluices.appliance().router().table().liberators().stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        @Test
        void each_is_out_of_service_when_its_own_streams_are_gone() {
            begin();
            Drain ofA = drainOf("lib-a");
            Drain ofB = drainOf("lib-b");
            quiet.awaitEnd();
            quiet.close();
            Sluices.await(() -> assertThat(liberator("lib-a").state().reason())
                    .isEqualTo("drained: 1 ended politely, 0 at the deadline"));
            assertThat(ofA.isOver()).isTrue();
            assertThat(ofA.remaining()).isZero();
            assertThat(ofB.isOver()).isFalse();
            assertThat(ofB.remaining()).isOne();
            assertThat(ofB.politely()).isZero();
            assertThat(liberator("lib-b").state().state()).isEqualTo(LiberatorState.DRAINING);
            talking.send("\n");
            assertThat(midway.readUntilEnd()).isEqualTo("\n");
            midway.close();
            Sluices.await(() -> assertThat(liberator("lib-b").state().reason())
                    .isEqualTo("drained: 1 ended politely, 0 at the deadline"));
        }

        @Test
        void one_that_is_called_back_serves_and_the_others_go_on() {
            begin();
            sluices.appliance().drains().serve(liberator("lib-b"), "test");
            assertThat(drainOf("lib-b").isOver()).isTrue();
            sluices.client("direct-b").send("hello\n");
            assertThat(other.next().readText(6)).isEqualTo("hello\n");
            quiet.awaitEnd();
            quiet.close();
            Sluices.await(() -> assertThat(liberator("lib-a").state().state()).isEqualTo(LiberatorState.DISABLED));
            assertThat(drainOf("lib-a").politely()).isOne();
        }
    }

    @Test
    void its_rate_is_kept_and_can_be_held() {
        serve();
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            openDirect();
            clients.add(client);
        }
        Drain drain = drain(1, LONG);
        Sluices.await(() -> assertThat(sluices.ledger().ended(EndCause.DRAINED)).isPositive());
        sluices.appliance().drains().pause(drain);
        assertThat(drain.remaining()).isBetween(2, 20);
        assertThat(drain.eta(System.nanoTime())).isPositive();
        assertThat(sluices.ledger().ended(EndCause.DRAINED)).isLessThan(19);
        sluices.appliance().drains().serve(lib(), "test");
    }
}
