package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import io.sluice.account.Phase;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP responses that go on for hours, as StreamLink types 2, 5 and 9 use them. */
class HttpStreamTest {
    /** What a Liberator may answer a stream request with. */
    enum Stream {
        CHUNKED("/RTTP-TYPE2", "text/plain", true, Kind.HTTP_STREAM),
        UNTIL_CLOSE("/RTTP-TYPE2", "text/plain", false, Kind.HTTP_STREAM),
        FOREVER_FRAME("/RTTP-TYPE5?X-RTTP-Type5-Pad-Length=4096&domain=x", "text/html", true, Kind.FOREVER_FRAME),
        SSE("/RTTP-TYPE9", "text/event-stream", true, Kind.SSE);

        final String target;
        final String type;
        final boolean chunked;
        final Kind kind;

        Stream(String target, String type, boolean chunked, Kind kind) {
            this.target = target;
            this.type = type;
            this.chunked = chunked;
            this.kind = kind;
        }

        String[] head() {
            return new String[] {
                "HTTP/1.1 200 OK",
                "Content-Type: " + type,
                chunked ? "Transfer-Encoding: chunked" : "Cache-Control: no-cache"
            };
        }

        String message(String content) {
            return chunked ? Conversation.chunk(content) : content;
        }
    }

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator fake;
    private Conversation liberator;
    private TestClient client;

    /** Opens a stream through which nothing has gone yet but the two heads. */
    private String open(Stream stream, String... defaults) {
        ask(stream, defaults);
        liberator.sendHead(stream.head());
        return client.readHead();
    }

    private void ask(Stream stream, String... defaults) {
        fake = sluices.liberator();
        sluices.serve(fake, defaults);
        client = sluices.client().get(stream.target);
        liberator = fake.next();
        liberator.expectHead("GET " + stream.target + " HTTP/1.1\r\nHost: fx.example.com\r\n");
    }

    private void awaitEnded(EndCause cause) {
        Sluices.await(
                () -> assertThat(sluices.ledger().endedIn(cause, Phase.RELAY)).isOne());
        assertThat(sluices.appliance().accounts().streams().active()).isZero();
    }

    @Nested
    class Towards_the_client {
        @ParameterizedTest
        @EnumSource
        void the_head_goes_out_at_once_also_when_no_byte_of_the_body_has_come(Stream stream) {
            String head = open(stream);
            assertThat(head)
                    .isEqualTo(String.join("\r\n", stream.head()) + "\r\n"
                            + (stream.chunked ? "" : "Connection: close\r\n") + "\r\n");
            assertThat(sluices.stream().kind()).isEqualTo(stream.kind);
        }

        @ParameterizedTest
        @EnumSource
        void each_message_goes_out_at_once_and_whole(Stream stream) {
            open(stream);
            for (int i = 0; i < 20; i++) {
                String message = stream.message("6c 0 " + i + "\n");
                liberator.send(message);
                assertThat(client.readText(message.length())).isEqualTo(message);
            }
        }

        @ParameterizedTest
        @EnumSource
        void a_message_in_pieces_goes_out_in_pieces(Stream stream) {
            open(stream);
            String message = stream.message("ab\ncd\n") + stream.message("e\n");
            for (char each : message.toCharArray()) {
                liberator.send(String.valueOf(each));
                assertThat(client.readText(1)).isEqualTo(String.valueOf(each));
            }
        }

        @ParameterizedTest
        @EnumSource
        void a_head_in_pieces_goes_out_whole_with_what_was_glued_to_it(Stream stream) {
            ask(stream);
            String head = String.join("\r\n", stream.head()) + "\r\n\r\n";
            for (char each : head.substring(0, head.length() - 1).toCharArray()) {
                liberator.send(String.valueOf(each));
            }
            liberator.send("\n" + stream.message("first\n") + stream.message("second\n"));
            client.readHead();
            String both = stream.message("first\n") + stream.message("second\n");
            assertThat(client.readText(both.length())).isEqualTo(both);
        }

        @ParameterizedTest
        @EnumSource
        void every_byte_value_passes_unchanged(Stream stream) {
            open(stream);
            StringBuilder all = new StringBuilder();
            for (char c = 0; c < 256; c++) {
                all.append(c);
            }
            String message = stream.message(all.toString());
            liberator.send(message);
            assertThat(client.readText(message.length())).isEqualTo(message);
        }
    }

    @Nested
    class When_the_client_leaves {
        @ParameterizedTest
        @EnumSource
        void a_quiet_stream_the_Liberator_sees_it_at_once(Stream stream) {
            open(stream);
            client.close();
            liberator.awaitClientGone();
            awaitEnded(EndCause.CLIENT_CLOSED);
        }

        @ParameterizedTest
        @EnumSource
        void a_quiet_stream_with_a_reset_the_Liberator_sees_it_at_once(Stream stream) {
            open(stream);
            client.reset();
            liberator.awaitClientGone();
            awaitEnded(EndCause.CLIENT_LOST);
        }

        @ParameterizedTest
        @EnumSource
        void with_half_of_its_connection_it_never_sees_a_clean_end_of_what_it_goes_on_reading(Stream stream) {
            open(stream);
            liberator.send(stream.message("update"));
            client.readText(stream.message("update").length());
            client.halfClose();
            client.awaitReset();
            liberator.awaitClientGone();
            awaitEnded(EndCause.CLIENT_CLOSED);
        }

        @ParameterizedTest
        @EnumSource
        void before_the_head_has_come_the_Liberator_sees_it_at_once(Stream stream) {
            ask(stream);
            client.close();
            liberator.awaitClientGone();
            Sluices.await(() -> assertThat(sluices.ledger().endedIn(EndCause.CLIENT_CLOSED, Phase.UPSTREAM_HEAD))
                    .isOne());
        }

        @ParameterizedTest
        @EnumSource
        void while_bytes_wait_for_it_the_Liberator_sees_it_at_once(Stream stream) {
            fake = sluices.liberator();
            sluices.serve(fake);
            client = sluices.smallClient("plain").get(stream.target);
            liberator = fake.next();
            liberator.expectHead("GET");
            liberator.sendHead(stream.head());
            liberator.sendUntilStopped(Peer.bytes(stream.message("x".repeat(8000))), 16 << 20);
            client.reset();
            liberator.readUntilGone();
            awaitEnded(EndCause.CLIENT_LOST);
        }
    }

    @Nested
    class When_the_Liberator_ends_it {
        @ParameterizedTest
        @EnumSource
        void properly_the_client_gets_all_and_the_proper_end(Stream stream) {
            open(stream);
            String last = stream.message("last\n") + (stream.chunked ? "0\r\n\r\n" : "");
            liberator.send(last);
            if (stream.chunked) {
                assertThat(client.readText(last.length())).isEqualTo(last);
                client.get("/next");
                liberator.expectHead("GET /next");
                liberator.answer("there");
                client.readHead();
                assertThat(client.readText(5)).isEqualTo("there");
            } else {
                liberator.close();
                assertThat(client.readUntilEnd()).isEqualTo(last);
            }
            awaitEndedAtLeastOnce();
        }

        private void awaitEndedAtLeastOnce() {
            Sluices.await(() -> assertThat(sluices.ledger().endedIn(EndCause.COMPLETED, Phase.RELAY))
                    .isPositive());
        }

        @ParameterizedTest
        @EnumSource(names = "UNTIL_CLOSE", mode = EnumSource.Mode.EXCLUDE)
        void between_two_chunks_the_client_gets_no_last_chunk(Stream stream) {
            open(stream);
            liberator.sendChunk("one\n").close();
            assertThat(client.readUntilGone()).isEqualTo(Conversation.chunk("one\n"));
            awaitEnded(EndCause.LIBERATOR_LOST);
        }

        @ParameterizedTest
        @EnumSource(names = "UNTIL_CLOSE", mode = EnumSource.Mode.EXCLUDE)
        void in_the_middle_of_a_chunk_the_client_gets_no_end_of_it(Stream stream) {
            open(stream);
            liberator.send("ff\r\nhalf").close();
            assertThat(client.readUntilGone()).isEqualTo("ff\r\nhalf");
            awaitEnded(EndCause.LIBERATOR_LOST);
        }

        @ParameterizedTest
        @EnumSource(names = "UNTIL_CLOSE", mode = EnumSource.Mode.EXCLUDE)
        void in_the_middle_of_the_last_chunk_the_client_gets_no_end_of_it(Stream stream) {
            open(stream);
            liberator.send("0\r\n").close();
            assertThat(client.readUntilGone()).isEqualTo("0\r\n");
            awaitEnded(EndCause.LIBERATOR_LOST);
        }

        @ParameterizedTest
        @EnumSource
        void with_a_reset_it_never_looks_like_a_clean_end(Stream stream) {
            open(stream);
            String message = stream.message("one\n");
            liberator.send(message);
            assertThat(client.readText(message.length())).isEqualTo(message);
            liberator.reset();
            if (stream.chunked) {
                assertThat(client.readUntilGone()).isEmpty();
            } else {
                client.awaitReset();
            }
            awaitEnded(EndCause.LIBERATOR_LOST);
        }

        @ParameterizedTest
        @EnumSource(names = "UNTIL_CLOSE", mode = EnumSource.Mode.EXCLUDE)
        void with_framing_that_is_broken_nothing_of_it_passes(Stream stream) {
            open(stream);
            liberator.sendChunk("one\n");
            client.readChunk();
            liberator.send("xyz\r\n");
            assertThat(client.readUntilGone()).isEmpty();
            liberator.awaitClientGone();
            awaitEnded(EndCause.LIBERATOR_FAULT);
        }
    }

    @Nested
    class A_client_that_reads_slowly {
        private final byte[] content = new byte[8191];

        @ParameterizedTest
        @EnumSource
        void stops_the_Liberator_and_then_gets_every_byte_in_order(Stream stream) {
            ThreadLocalRandom.current().nextBytes(content);
            fake = sluices.liberator();
            sluices.serve(fake);
            client = sluices.smallClient("plain").get(stream.target);
            liberator = fake.next();
            liberator.expectHead("GET");
            liberator.sendHead(stream.head());

            byte[] unit = Peer.bytes(stream.message(Peer.text(content)));
            long sent = liberator.sendUntilStopped(unit, 16 << 20);
            Sluices.await(() -> assertThat(sluices.lentBuffers()).isOne());
            assertThat(sluices.stream().fromLiberatorBytes()).isGreaterThan(0).isLessThan(sent);

            client.readHead();
            client.readRepeated(unit, sent);
            String rest = Peer.text(unit).substring((int) (sent % unit.length)) + stream.message("on it goes\n");
            liberator.send(rest);
            assertThat(client.readText(rest.length())).isEqualTo(rest);
            Sluices.await(() -> assertThat(sluices.lentBuffers()).isZero());
        }

        @ParameterizedTest
        @EnumSource
        void gets_what_was_sent_before_a_proper_end(Stream stream) {
            fake = sluices.liberator();
            sluices.serve(fake);
            client = sluices.smallClient("plain").get(stream.target);
            liberator = fake.next();
            liberator.expectHead("GET");
            liberator.sendHead(stream.head());
            byte[] unit = Peer.bytes(stream.message(Peer.text(content)));
            long sent = liberator.sendUntilStopped(unit, 16 << 20);
            String rest = Peer.text(unit).substring((int) (sent % unit.length)) + (stream.chunked ? "0\r\n\r\n" : "");
            Peer.Sending sending = liberator.sendAside(Peer.bytes(rest));
            client.readHead();
            client.readRepeated(unit, sent);
            sending.awaitTaken();
            liberator.close();
            assertThat(client.readUntilEnd()).isEqualTo(rest);
        }
    }

    @Nested
    class What_the_client_sends_meanwhile {
        @ParameterizedTest
        @EnumSource
        void is_refused_when_it_is_more_than_a_pipelined_request(Stream stream) {
            open(stream);
            client.sendAside(new byte[256 * 1024]);
            liberator.awaitClientGone();
            client.readUntilGone();
            awaitEnded(EndCause.REFUSED);
        }
    }
}
