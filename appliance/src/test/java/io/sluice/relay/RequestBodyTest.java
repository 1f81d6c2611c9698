package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.relay.RequestBody.Progress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RequestBodyTest {
    private final StringBuilder sent = new StringBuilder();
    private String left = "";

    /** Feeds {@code pieces} through an output of {@code room} bytes, emptied after each step. */
    private Progress feed(RequestBody body, int room, String... pieces) {
        Progress progress = Progress.MORE;
        for (String piece : pieces) {
            ByteBuffer in = ByteBuffer.wrap(piece.getBytes(StandardCharsets.ISO_8859_1));
            do {
                ByteBuffer out = ByteBuffer.allocate(room);
                progress = body.feed(in, out);
                sent.append(StandardCharsets.ISO_8859_1.decode(out.flip()));
            } while (progress == Progress.MORE && in.hasRemaining());
            left = StandardCharsets.ISO_8859_1.decode(in).toString();
        }
        return progress;
    }

    private static String decoded(String chunked) {
        ByteBuffer bytes = ByteBuffer.wrap(chunked.getBytes(StandardCharsets.ISO_8859_1));
        int part = new BodyFollower(Framing.CHUNKED, true).follow(bytes);
        return StandardCharsets.ISO_8859_1.decode(bytes.limit(part)).toString();
    }

    @Nested
    class Chunked {
        private static final String BODY = "5;x=y\r\nhello\r\n1\r\n!\r\n0;z\r\nA:b\r\nHost: evil\r\n\r\n";

        @Test
        void is_framed_anew_wherever_it_is_split() {
            for (int i = 0; i <= BODY.length(); i++) {
                sent.setLength(0);
                RequestBody body = new RequestBody(Framing.CHUNKED);
                assertThat(feed(body, RequestBody.MIN_ROOM, BODY.substring(0, i), BODY.substring(i) + "GET"))
                        .isEqualTo(Progress.DONE);
                assertThat(decoded(sent.toString())).isEqualTo("hello!");
                assertThat(sent).doesNotContain("x=y").doesNotContain("evil").endsWith("\r\n0\r\nA: b\r\n\r\n");
                assertThat(left).isEqualTo("GET");
            }
        }

        @Test
        void of_one_piece_comes_out_as_the_chunks_it_had() {
            feed(new RequestBody(Framing.CHUNKED), RequestBody.MIN_ROOM, BODY);
            assertThat(sent).hasToString("5\r\nhello\r\n1\r\n!\r\n0\r\nA: b\r\n\r\n");
        }

        @Test
        void always_leaves_room_for_its_end() {
            String trailers = "A:b\r\n".repeat(99);
            for (int size = 1; size < 700; size++) {
                sent.setLength(0);
                String content = "x".repeat(size);
                Progress progress = feed(
                        new RequestBody(Framing.CHUNKED),
                        RequestBody.MIN_ROOM,
                        Integer.toHexString(size) + "\r\n" + content + "\r\n0\r\n" + trailers + "\r\n");
                assertThat(progress).isEqualTo(Progress.DONE);
                assertThat(decoded(sent.toString())).isEqualTo(content);
            }
        }

        @Test
        void that_is_broken_sends_no_last_chunk() {
            assertThat(feed(new RequestBody(Framing.CHUNKED), RequestBody.MIN_ROOM, "1\r\nx\r\n0\r\nA B: c\r\n\r\n"))
                    .isEqualTo(Progress.BROKEN);
            assertThat(sent).hasToString("1\r\nx\r\n");
        }
    }

    @Nested
    class By_length {
        @Test
        void passes_as_it_is_and_leaves_the_rest() {
            for (int i = 0; i <= 5; i++) {
                sent.setLength(0);
                RequestBody body = new RequestBody(Framing.ofLength(5));
                feed(body, RequestBody.MIN_ROOM, "hello".substring(0, i));
                assertThat(feed(body, RequestBody.MIN_ROOM, "hello".substring(i) + "GET"))
                        .isEqualTo(Progress.DONE);
                assertThat(sent).hasToString("hello");
                assertThat(left).isEqualTo("GET");
            }
        }
    }
}
