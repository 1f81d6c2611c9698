package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.Backlog;
import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import io.sluice.account.Phase;
import io.sluice.account.StreamRecord;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes both ways, unseen: Direct connections, and WebSockets after their handshake. */
class TunnelTest {
    enum Through {
        DIRECT,
        WEBSOCKET
    }

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private final byte[] unit = new byte[8191];

    private FakeLiberator fake;
    private Conversation liberator;
    private TestClient client;

    private void open(Through kind, String... defaults) {
        fake = sluices.liberator();
        sluices.serve(fake, defaults);
        ThreadLocalRandom.current().nextBytes(unit);
        if (kind == Through.DIRECT) {
            client = sluices.smallClient("direct");
            liberator = fake.next();
        } else {
            client = sluices.smallClient("plain").send(WebSocketTest.HANDSHAKE);
            liberator = fake.next();
            liberator.expectHead("GET /RTTP-TYPE8");
            liberator.send101();
            client.readHead();
        }
        Sluices.await(() -> assertThat(sluices.stream().phase()).isEqualTo(Phase.RELAY));
        assertThat(sluices.stream().kind()).isEqualTo(Kind.valueOf(kind.name()));
    }

    private void awaitEnded(EndCause cause) {
        Sluices.await(
                () -> assertThat(sluices.ledger().endedIn(cause, Phase.RELAY)).isOne());
        assertThat(sluices.ledger().connectionsActive()).isZero();
    }

    @Nested
    class Bytes {
        @ParameterizedTest
        @EnumSource
        void pass_both_ways_at_once_and_unchanged(Through kind) {
            open(kind);
            StringBuilder all = new StringBuilder();
            for (char c = 0; c < 256; c++) {
                all.append(c);
            }
            for (int i = 0; i < 10; i++) {
                client.send(all.toString());
                assertThat(liberator.readText(256)).isEqualTo(all.toString());
                liberator.send(all.toString());
                assertThat(client.readText(256)).isEqualTo(all.toString());
            }
        }

        @ParameterizedTest
        @EnumSource
        void pass_one_by_one(Through kind) {
            open(kind);
            for (byte b = 0; b < 20; b++) {
                liberator.send(new byte[] {b});
                assertThat(client.readExactly(1)).containsExactly(b);
                client.send(new byte[] {b});
                assertThat(liberator.readExactly(1)).containsExactly(b);
            }
        }
    }

    @Nested
    class Half_closing {
        @ParameterizedTest
        @EnumSource
        void by_the_client_is_passed_on_and_the_Liberator_may_go_on_talking(Through kind) {
            open(kind);
            client.send("LOGOUT\n").halfClose();
            assertThat(liberator.readUntilEnd()).isEqualTo("LOGOUT\n");
            for (int i = 0; i < 5; i++) {
                liberator.send("still " + i);
                assertThat(client.readText(7)).isEqualTo("still " + i);
            }
            liberator.close();
            client.awaitEnd();
            awaitEnded(EndCause.CLIENT_CLOSED);
        }

        @ParameterizedTest
        @EnumSource
        void by_the_Liberator_is_passed_on_and_the_client_may_go_on_talking(Through kind) {
            open(kind);
            liberator.send("BYE\n").halfClose();
            assertThat(client.readUntilEnd()).isEqualTo("BYE\n");
            for (int i = 0; i < 5; i++) {
                client.send("still " + i);
                assertThat(liberator.readText(7)).isEqualTo("still " + i);
            }
            client.close();
            liberator.awaitEnd();
            awaitEnded(EndCause.LIBERATOR_CLOSED);
        }

        @ParameterizedTest
        @EnumSource
        void while_bytes_wait_comes_after_the_last_of_them(Through kind) {
            open(kind);
            long sent = liberator.sendUntilStopped(unit, 16 << 20);
            liberator.halfClose();
            client.readRepeated(unit, sent);
            client.awaitEnd();
            client.close();
            awaitEnded(EndCause.LIBERATOR_CLOSED);
        }

        @ParameterizedTest
        @EnumSource
        void by_both_while_bytes_wait_both_ways_loses_none(Through kind) {
            open(kind);
            long down = liberator.sendUntilStopped(unit, 16 << 20);
            long up = client.sendUntilStopped(unit, 16 << 20);
            liberator.halfClose();
            client.halfClose();
            liberator.readRepeated(unit, up);
            liberator.awaitEnd();
            client.readRepeated(unit, down);
            client.awaitEnd();
            awaitEnded(EndCause.CLIENT_CLOSED);
        }

        @Test
        void and_then_silence_ends_both_in_the_middle_of_a_line_with_a_reset() {
            open(Through.DIRECT);
            TestClient midway = sluices.smallClient("direct");
            Conversation talking = fake.next();
            talking.send("half a line");
            assertThat(midway.readText(11)).isEqualTo("half a line");
            midway.halfClose();
            client.halfClose();
            liberator.awaitEnd();
            talking.awaitEnd();
            client.awaitEnd();
            midway.awaitReset();
            Sluices.await(() -> assertThat(sluices.ledger().endedIn(EndCause.CLIENT_CLOSED, Phase.RELAY))
                    .isEqualTo(2));
        }
    }

    @Nested
    class An_end_by_our_own_decision {
        private static final int PART = 3;

        private String message(Through kind) {
            return kind == Through.DIRECT ? "a line\n" : "\u0081\u0005frame";
        }

        private void say(String words) {
            client.send(words);
            assertThat(liberator.readText(words.length())).isEqualTo(words);
        }

        private void answer(String words) {
            liberator.send(words);
            assertThat(client.readText(words.length())).isEqualTo(words);
        }

        private void end() {
            sluices.stream().askToEnd(EndCause.KILLED);
        }

        @ParameterizedTest
        @EnumSource
        void behind_a_message_is_orderly_on_both_sides(Through kind) {
            open(kind);
            say(message(kind));
            answer(message(kind));
            end();
            client.awaitEnd();
            liberator.awaitEnd();
            awaitEnded(EndCause.KILLED);
        }

        @ParameterizedTest
        @EnumSource
        void in_the_middle_of_a_message_to_the_client_is_a_reset_there(Through kind) {
            open(kind);
            say(message(kind));
            answer(message(kind) + message(kind).substring(0, PART));
            end();
            client.awaitReset();
            liberator.awaitEnd();
            awaitEnded(EndCause.KILLED);
        }

        @ParameterizedTest
        @EnumSource
        void in_the_middle_of_a_message_to_the_Liberator_is_a_reset_there(Through kind) {
            open(kind);
            answer(message(kind));
            say(message(kind) + message(kind).substring(0, PART));
            end();
            client.awaitEnd();
            liberator.awaitReset();
            awaitEnded(EndCause.KILLED);
        }

        /** Until bytes wait in the appliance: whoever sends may be stopped for a while by one that is only slow. */
        private void fill(Peer sender, Through kind, Supplier<@Nullable Backlog> backlog) {
            byte[] messages = Peer.bytes(message(kind).repeat(1000));
            Sluices.await(() -> {
                sender.sendUntilStopped(messages, 16 << 20);
                assertThat(backlog.get()).isNotNull();
            });
        }

        @ParameterizedTest
        @EnumSource
        void while_bytes_wait_for_the_client_is_a_reset_there(Through kind) {
            open(kind);
            StreamRecord stream = sluices.stream();
            fill(liberator, kind, stream::clientBacklog);
            end();
            awaitEnded(EndCause.KILLED); // first: what is read now would make room for what waits
            client.readUntilReset();
        }

        @ParameterizedTest
        @EnumSource
        void while_bytes_wait_for_the_Liberator_is_a_reset_there(Through kind) {
            open(kind);
            StreamRecord stream = sluices.stream();
            fill(client, kind, stream::liberatorBacklog);
            end();
            awaitEnded(EndCause.KILLED);
            liberator.readUntilReset();
        }
    }

    @Nested
    class One_end_that_goes_takes_the_other_with_it {
        @ParameterizedTest
        @EnumSource
        void the_client_closing(Through kind) {
            open(kind);
            client.close();
            liberator.awaitEnd();
            liberator.close();
            awaitEnded(EndCause.CLIENT_CLOSED);
        }

        @ParameterizedTest
        @EnumSource
        void the_Liberator_closing(Through kind) {
            open(kind);
            liberator.close();
            client.awaitEnd();
            client.close();
            awaitEnded(EndCause.LIBERATOR_CLOSED);
        }

        @ParameterizedTest
        @EnumSource
        void the_client_with_a_reset(Through kind) {
            open(kind);
            client.reset();
            liberator.awaitReset();
            awaitEnded(EndCause.CLIENT_LOST);
        }

        @ParameterizedTest
        @EnumSource
        void the_Liberator_with_a_reset(Through kind) {
            open(kind);
            liberator.reset();
            client.awaitReset();
            awaitEnded(EndCause.LIBERATOR_LOST);
        }

        @ParameterizedTest
        @EnumSource
        void the_client_with_a_reset_while_bytes_wait_for_it(Through kind) {
            open(kind);
            liberator.sendUntilStopped(unit, 16 << 20);
            client.reset();
            liberator.awaitReset();
            awaitEnded(EndCause.CLIENT_LOST);
        }

        @ParameterizedTest
        @EnumSource
        void the_Liberator_with_a_reset_while_bytes_wait_for_it(Through kind) {
            open(kind);
            client.sendUntilStopped(unit, 16 << 20);
            liberator.reset();
            client.awaitReset();
            awaitEnded(EndCause.LIBERATOR_LOST);
        }
    }

    @Nested
    class Back_pressure {
        @ParameterizedTest
        @EnumSource
        void of_a_slow_client_stops_the_Liberator_and_loses_nothing(Through kind) {
            open(kind);
            long sent = liberator.sendUntilStopped(unit, 16 << 20);
            Sluices.await(() -> assertThat(sluices.lentBuffers()).isOne());
            client.send("the other way is free");
            assertThat(liberator.readText(21)).isEqualTo("the other way is free");
            client.readRepeated(unit, sent);
            liberator.send("on");
            assertThat(client.readText(2)).isEqualTo("on");
        }

        @ParameterizedTest
        @EnumSource
        void of_a_slow_Liberator_stops_the_client_and_loses_nothing(Through kind) {
            open(kind);
            long sent = client.sendUntilStopped(unit, 16 << 20);
            Sluices.await(() -> assertThat(sluices.lentBuffers()).isOne());
            liberator.send("the other way is free");
            assertThat(client.readText(21)).isEqualTo("the other way is free");
            liberator.readRepeated(unit, sent);
            client.send("on");
            assertThat(liberator.readText(2)).isEqualTo("on");
        }
    }
}
