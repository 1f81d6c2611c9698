package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.Backlog;
import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import io.sluice.account.KindLedger;
import io.sluice.account.Ledger;
import io.sluice.account.Patience;
import io.sluice.account.Phase;
import io.sluice.account.Refusal;
import io.sluice.account.StreamRecord;
import io.sluice.account.Terms;
import io.sluice.listen.Listener;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is counted; the causes of an end that other journeys meet are checked there. */
class AccountingTest {
    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator fake;
    private Conversation liberator;
    private TestClient client;

    private void serve() {
        fake = sluices.liberator();
        sluices.serve(fake);
    }

    private void openStream() {
        client = sluices.client().get("/RTTP-TYPE2");
        liberator = fake.next();
        liberator.expectHead("GET");
        liberator.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
        client.readHead();
    }

    private void openDirect() {
        client = sluices.client("direct").send("hello");
        liberator = fake.next();
        assertThat(liberator.readText(5)).isEqualTo("hello");
    }

    private void awaitEnded(EndCause cause, Phase phase) {
        Sluices.await(() -> assertThat(sluices.ledger().endedIn(cause, phase)).isOne());
    }

    @Nested
    class Bytes {
        @Test
        void of_a_request_with_a_chunked_body_are_counted_on_all_four_ways() {
            serve();
            String request =
                    TestClient.request("POST", "/x", "Transfer-Encoding: chunked") + "5;ext=1\r\nhello\r\n0\r\n\r\n";
            client = sluices.client().send(request);
            liberator = fake.next();
            String forwarded = liberator.expectHead("POST") + liberator.readText(15);
            String answer = "HTTP/1.1 200 OK\r\nKeep-Alive: x\r\nContent-Length: 5\r\n\r\nworld";
            liberator.send(answer);
            String got = client.readHead() + client.readText(5);
            awaitEnded(EndCause.COMPLETED, Phase.RELAY);
            KindLedger counts = sluices.ledger().kind(Kind.OTHER);
            assertThat(counts.fromClientBytes()).isEqualTo(request.length());
            assertThat(counts.toLiberatorBytes()).isEqualTo(forwarded.length());
            assertThat(counts.fromLiberatorBytes()).isEqualTo(answer.length());
            assertThat(counts.toClientBytes()).isEqualTo(got.length());
        }

        @Test
        void of_a_Direct_connection_are_counted_on_all_four_ways() {
            serve();
            openDirect();
            liberator.send("and back");
            client.readText(8);
            KindLedger counts = sluices.ledger().kind(Kind.DIRECT);
            Sluices.await(() -> assertThat(counts.toClientBytes()).isEqualTo(8));
            assertThat(counts.fromClientBytes()).isEqualTo(5);
            assertThat(counts.toLiberatorBytes()).isEqualTo(5);
            assertThat(counts.fromLiberatorBytes()).isEqualTo(8);
            StreamRecord stream = sluices.stream();
            assertThat(stream.fromClientBytes()).isEqualTo(5);
            assertThat(stream.toClientBytes()).isEqualTo(8);
        }

        @Test
        void of_a_stream_in_which_nothing_waits_are_as_many_out_as_in() {
            serve();
            openStream();
            for (int i = 0; i < 10; i++) {
                liberator.sendChunk("update " + i);
                client.readChunk();
            }
            StreamRecord stream = sluices.stream();
            String added = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            Sluices.await(() -> assertThat(stream.toClientBytes()).isEqualTo(added.length() + 10 * 13));
            assertThat(stream.fromLiberatorBytes()).isEqualTo(added.length() + 10 * 13);
        }
    }

    @Nested
    class A_client_that_takes_no_bytes {
        private static final byte[] UNIT = FakeLiberator.Conversation.bytes("x".repeat(1000));

        @Test
        void leaves_a_backlog_that_is_held_and_not_counted_as_sent() {
            serve();
            client = sluices.smallClient("direct").send("hello");
            liberator = fake.next();
            liberator.readText(5);
            StreamRecord stream = sluices.stream();
            long before = System.nanoTime();
            long sent = liberator.sendUntilStopped(UNIT, 16 << 20);
            Sluices.await(() -> assertThat(stream.clientBacklog()).isNotNull());
            Backlog backlog = Objects.requireNonNull(stream.clientBacklog());
            assertThat(backlog.bytes()).isPositive();
            assertThat(backlog.sinceNanos()).isBetween(before - 1_000_000_000, System.nanoTime());
            assertThat(stream.fromLiberatorBytes() - stream.toClientBytes()).isEqualTo(backlog.bytes());
            assertThat(sluices.ledger().heldForClientsBytes()).isEqualTo(backlog.bytes());
            client.readRepeated(UNIT, sent);
            Sluices.await(() -> assertThat(stream.toClientBytes()).isEqualTo(sent));
            assertThat(stream.clientBacklog()).isNull();
            assertThat(sluices.ledger().heldForClientsBytes()).isZero();
        }

        @Test
        void and_leaves_takes_its_backlog_with_it_uncounted() {
            serve();
            client = sluices.smallClient("direct").send("hello");
            liberator = fake.next();
            liberator.readText(5);
            StreamRecord stream = sluices.stream();
            liberator.sendUntilStopped(UNIT, 16 << 20);
            Sluices.await(() -> assertThat(stream.clientBacklog()).isNotNull());
            client.reset();
            awaitEnded(EndCause.CLIENT_LOST, Phase.RELAY);
            assertThat(sluices.ledger().heldForClientsBytes()).isZero();
            assertThat(stream.toClientBytes()).isLessThan(stream.fromLiberatorBytes());
            assertThat(sluices.ledger().kind(Kind.DIRECT).toClientBytes()).isEqualTo(stream.toClientBytes());
        }
    }

    @Test
    void a_Liberator_that_takes_no_bytes_has_a_backlog_too() {
        serve();
        openDirect();
        StreamRecord stream = sluices.stream();
        byte[] unit = FakeLiberator.Conversation.bytes("y".repeat(1000));
        long sent = client.sendUntilStopped(unit, 16 << 20);
        Sluices.await(() -> assertThat(stream.liberatorBacklog()).isNotNull());
        int behind = Objects.requireNonNull(stream.liberatorBacklog()).bytes();
        assertThat(stream.fromClientBytes() - stream.toLiberatorBytes()).isEqualTo(behind);
        assertThat(sluices.ledger().heldForLiberatorBytes()).isEqualTo(behind);
        liberator.readRepeated(unit, sent);
        Sluices.await(() -> assertThat(stream.toLiberatorBytes()).isEqualTo(5 + sent));
        assertThat(sluices.ledger().heldForLiberatorBytes()).isZero();
    }

    @Nested
    class Streams {
        @Test
        void are_active_while_they_last_and_total_for_ever() {
            serve();
            for (int i = 0; i < 3; i++) {
                openStream();
            }
            KindLedger counts = sluices.ledger().kind(Kind.HTTP_STREAM);
            assertThat(counts.active()).isEqualTo(3);
            assertThat(sluices.ledger().connectionsActive()).isEqualTo(3);
            liberator.close();
            awaitEnded(EndCause.LIBERATOR_LOST, Phase.RELAY);
            assertThat(counts.active()).isEqualTo(2);
            assertThat(counts.peak()).isEqualTo(3);
            assertThat(counts.total()).isEqualTo(3);
            assertThat(sluices.ledger().kind(Kind.OTHER).total()).isZero();
            assertThat(sluices.ledger().connectionsPeak()).isEqualTo(3);
            assertThat(sluices.ledger().connectionsTotal()).isEqualTo(3);
            assertThat(sluices.ledger().connectMicros().getCount()).isEqualTo(3);
        }

        @Test
        void are_checked_for_stickiness_once_each() {
            serve();
            openDirect();
            openStream();
            client = sluices.client().send(WebSocketTest.HANDSHAKE);
            liberator = fake.next();
            liberator.expectHead("GET");
            liberator.send101();
            client.readHead();
            assertThat(sluices.ledger().stickinessChecks()).isEqualTo(3);
            assertThat(sluices.ledger().stickinessViolations()).isZero();
        }

        @Test
        void know_where_they_come_from_and_go_to() {
            serve();
            openStream();
            StreamRecord stream = sluices.stream();
            assertThat(stream.origin().listener()).isEqualTo("plain");
            assertThat(stream.host()).isEqualTo("fx.example.com");
            assertThat(stream.ledger().liberator()).isEqualTo("lib-a");
            assertThat(stream.origin().client()).isEqualTo(client.localAddress());
            assertThat(stream.connectMicros()).isNotNegative();
            assertThat(stream.origin().protocol()).isEqualTo("http/1.1");
            assertThat(stream.origin().isSecure()).isFalse();
            assertThat(stream.terms()).isEqualTo(new Terms("fx.example.com", 1, Patience.DEFAULT));
        }

        @Test
        void know_when_bytes_last_came_from_each_side() {
            serve();
            openDirect();
            StreamRecord stream = sluices.stream();
            long fromClient = stream.fromClientNanos();
            long opened = stream.fromLiberatorNanos();
            assertThat(opened).isEqualTo(stream.openedNanos());
            assertThat(fromClient).isGreaterThanOrEqualTo(opened);
            liberator.send("x");
            client.readText(1);
            Sluices.await(() -> assertThat(stream.fromLiberatorNanos()).isGreaterThan(fromClient));
            assertThat(stream.fromClientNanos()).isEqualTo(fromClient);
        }

        @Test
        void count_for_their_kind_once_it_is_known_so_that_no_total_ever_falls() {
            serve();
            client = sluices.client().get("/x");
            liberator = fake.next();
            liberator.expectHead("GET");
            sluices.stream();
            assertThat(sluices.ledger().kind(Kind.OTHER).active()).isOne();
            assertThat(sluices.ledger().kind(Kind.OTHER).total()).isZero();
            liberator.sendHead("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked");
            client.readHead();
            assertThat(sluices.ledger().kind(Kind.SSE).total()).isOne();
            assertThat(sluices.ledger().kind(Kind.OTHER).total()).isZero();
            assertThat(sluices.ledger().kind(Kind.OTHER).active()).isZero();
        }
    }

    @Nested
    class An_operator {
        @ParameterizedTest
        @EnumSource(names = {"KILLED", "DRAINED"})
        void ends_a_stream_so_that_it_never_looks_complete(EndCause cause) {
            serve();
            openStream();
            sluices.stream().askToEnd(cause);
            assertThat(client.readUntilGone()).isEmpty();
            liberator.awaitClientGone();
            awaitEnded(cause, Phase.RELAY);
        }

        @Test
        void ends_a_Direct_connection() {
            serve();
            openDirect();
            client.send("\n");
            liberator.readText(1);
            sluices.stream().askToEnd(EndCause.KILLED);
            client.awaitEnd();
            liberator.awaitEnd();
            awaitEnded(EndCause.KILLED, Phase.RELAY);
        }

        @Test
        void ends_a_request_that_has_no_answer_yet() {
            serve();
            client = sluices.client().get("/x");
            liberator = fake.next();
            liberator.expectHead("GET");
            sluices.stream().askToEnd(EndCause.KILLED);
            client.readUntilGone();
            liberator.awaitClientGone();
            awaitEnded(EndCause.KILLED, Phase.UPSTREAM_HEAD);
        }

        @Test
        void ends_what_is_still_being_connected() {
            fake = sluices.closing(FakeLiberator.deaf());
            sluices.serve(fake, "connectTimeout: 60s");
            client = sluices.client().get("/x");
            sluices.stream().askToEnd(EndCause.KILLED);
            assertThat(client.readUntilGone()).isEmpty();
            awaitEnded(EndCause.KILLED, Phase.CONNECT);
        }

        @Test
        void ends_a_Direct_connection_that_is_still_being_connected() {
            fake = sluices.closing(FakeLiberator.deaf());
            sluices.serve(fake, "connectTimeout: 60s");
            client = sluices.client("direct");
            sluices.stream().askToEnd(EndCause.KILLED);
            client.readUntilGone();
            awaitEnded(EndCause.KILLED, Phase.CONNECT);
        }

        @Test
        void who_stops_the_appliance_ends_what_is_open_after_the_drain_time() {
            serve();
            openStream();
            liberator.send("5\r\nhe");
            assertThat(client.readText(5)).isEqualTo("5\r\nhe");
            TestClient stream = client;
            openDirect();
            liberator.send("half a line");
            assertThat(client.readText(11)).isEqualTo("half a line");
            Ledger ledger = sluices.ledger();
            sluices.stop(Duration.ofMillis(100));
            assertThat(stream.readUntilGone()).isEmpty();
            client.awaitReset();
            assertThat(ledger.endedIn(EndCause.DRAINED, Phase.RELAY)).isEqualTo(2);
        }

        @Test
        void who_stops_the_appliance_without_a_drain_time_ends_what_is_open_at_once() {
            serve();
            openStream();
            Ledger ledger = sluices.ledger();
            sluices.stop(Duration.ZERO);
            assertThat(client.readUntilGone()).isEmpty();
            assertThat(ledger.endedIn(EndCause.APPLIANCE, Phase.RELAY)).isOne();
        }

        @Test
        void who_stops_the_appliance_waits_for_the_end_of_what_is_under_way() {
            serve();
            openStream();
            liberator.send("4\r\n");
            client.readText(3);
            Ledger ledger = sluices.ledger();
            Listener plain =
                    Objects.requireNonNull(sluices.appliance().listeners().listener("plain"));
            var stopping = Peer.aside(() -> sluices.stop(Duration.ofSeconds(10)));
            Sluices.await(() -> assertThat(plain.address()).isNull());
            liberator.send("last\r\n");
            assertThat(client.readUntilEnd()).isEqualTo("last\r\n0\r\n\r\n");
            stopping.join();
            assertThat(ledger.endedIn(EndCause.DRAINED, Phase.RELAY)).isOne();
            liberator.awaitClientGone();
        }
    }

    @Nested
    class A_listener {
        @Test
        void counts_its_connections() {
            serve();
            openStream();
            openStream();
            client.close();
            var ledger = sluices.appliance().accounts().listener("plain");
            Sluices.await(() -> assertThat(ledger.active()).isOne());
            assertThat(ledger.acceptedTotal()).isEqualTo(2);
            assertThat(ledger.peak()).isEqualTo(2);
        }

        @Test
        void refuses_more_of_them_than_it_may_have() {
            limited("connections: 2", Refusal.LISTENER_LIMIT);
        }

        @Test
        void refuses_more_of_them_from_one_address_than_it_may_have() {
            limited("connectionsPerAddress: 2", Refusal.ADDRESS_LIMIT);
        }

        private void limited(String limit, Refusal refusal) {
            fake = sluices.liberator();
            sluices.start(Sluices.one(fake.port())
                    .replace("name: plain, bind", "name: plain, limits: { " + limit + " }, bind"));
            openStream();
            TestClient first = client;
            openStream();
            sluices.awaitRefused("plain");
            assertThat(sluices.refusals().count(refusal)).isOne();
            first.close();
            Sluices.await(() -> assertThat(
                            sluices.appliance().accounts().listener("plain").active())
                    .isOne());
            openStream();
        }
    }
}
