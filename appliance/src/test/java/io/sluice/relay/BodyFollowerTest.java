package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BodyFollowerTest {
    private static final String CHUNKED = "5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nA: b\r\n\r\n";

    private final StringBuilder passed = new StringBuilder();

    /** Gives {@code piece} to {@code body} in a buffer that does not start at 0; returns what it said. */
    private int follow(BodyFollower body, String piece) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(piece.length() + 3);
        bytes.position(3);
        bytes.put(piece.getBytes(StandardCharsets.ISO_8859_1)).position(3);
        int part = body.follow(bytes);
        assertThat(bytes.position()).isEqualTo(3);
        for (int i = 0; i < part; i++) {
            passed.append((char) (bytes.get(3 + i) & 0xFF));
        }
        return part;
    }

    @Nested
    class Chunked {
        @Test
        void passes_untouched_wherever_it_is_split() {
            for (int i = 0; i <= CHUNKED.length(); i++) {
                passed.setLength(0);
                BodyFollower body = new BodyFollower(Framing.CHUNKED, false);
                follow(body, CHUNKED.substring(0, i));
                assertThat(body.isDone()).isEqualTo(i == CHUNKED.length());
                follow(body, CHUNKED.substring(i));
                assertThat(passed).hasToString(CHUNKED);
                assertThat(body.isDone()).isTrue();
                assertThat(body.hasSurplus()).isFalse();
            }
        }

        @Test
        void is_decoded_wherever_it_is_split() {
            for (int i = 0; i <= CHUNKED.length(); i++) {
                for (int j = i; j <= CHUNKED.length(); j++) {
                    passed.setLength(0);
                    BodyFollower body = new BodyFollower(Framing.CHUNKED, true);
                    follow(body, CHUNKED.substring(0, i));
                    follow(body, CHUNKED.substring(i, j));
                    follow(body, CHUNKED.substring(j));
                    assertThat(passed).hasToString("hello!");
                    assertThat(body.isDone()).isTrue();
                }
            }
        }

        @Test
        void stops_between_two_chunks_and_nowhere_else() {
            for (int i = 0; i <= 12; i++) {
                passed.setLength(0);
                BodyFollower body = new BodyFollower(Framing.CHUNKED, false);
                follow(body, CHUNKED.substring(0, i));
                assertThat(body.stopAtBoundary()).as("after " + i).isEqualTo(i == 0);
                follow(body, CHUNKED.substring(i));
                assertThat(passed).hasToString(i == 0 ? "" : CHUNKED.substring(0, 14));
                assertThat(body.isStopped()).isTrue();
                assertThat(body.isDone()).isTrue();
                assertThat(body.hasSurplus()).isTrue();
            }
        }

        @Test
        void that_has_come_whole_is_done_and_was_not_stopped() {
            BodyFollower body = new BodyFollower(Framing.CHUNKED, false);
            follow(body, CHUNKED);
            assertThat(body.stopAtBoundary()).isFalse();
            assertThat(body.isStopped()).isFalse();
            assertThat(body.messages()).isEqualTo(2);
        }

        @Test
        void ends_before_a_surplus() {
            for (boolean decoding : new boolean[] {false, true}) {
                passed.setLength(0);
                BodyFollower body = new BodyFollower(Framing.CHUNKED, decoding);
                follow(body, CHUNKED + "HTTP/1.1");
                assertThat(passed).hasToString(decoding ? "hello!" : CHUNKED);
                assertThat(body.hasSurplus()).isTrue();
            }
        }

        @Test
        void is_known_to_be_broken() {
            BodyFollower body = new BodyFollower(Framing.CHUNKED, false);
            assertThat(follow(body, "5\r\nhello\r\n")).isEqualTo(10);
            assertThat(follow(body, "x")).isEqualTo(BodyFollower.BROKEN);
        }

        @Test
        void shows_a_truncation_unless_it_is_decoded() {
            assertThat(new BodyFollower(Framing.CHUNKED, false).showsTruncation())
                    .isTrue();
            assertThat(new BodyFollower(Framing.CHUNKED, true).showsTruncation())
                    .isFalse();
        }
    }

    @Nested
    class By_length {
        @Test
        void ends_with_its_last_byte() {
            for (int i = 0; i <= 5; i++) {
                BodyFollower body = new BodyFollower(Framing.ofLength(5), false);
                assertThat(follow(body, "hello".substring(0, i))).isEqualTo(i);
                assertThat(body.isDone()).isEqualTo(i == 5);
                assertThat(follow(body, "hello".substring(i))).isEqualTo(5 - i);
                assertThat(body.isDone()).isTrue();
                assertThat(body.hasSurplus()).isFalse();
            }
        }

        @Test
        void ends_before_a_surplus() {
            BodyFollower body = new BodyFollower(Framing.ofLength(5), false);
            assertThat(follow(body, "hello!")).isEqualTo(5);
            assertThat(body.hasSurplus()).isTrue();
        }

        @Test
        void may_be_longer_than_an_int() {
            BodyFollower body = new BodyFollower(Framing.ofLength(1L << 40), false);
            assertThat(follow(body, "hello")).isEqualTo(5);
            assertThat(body.isDone()).isFalse();
        }
    }

    @Nested
    class Until_close {
        @Test
        void passes_everything_and_is_never_done() {
            BodyFollower body = new BodyFollower(Framing.UNTIL_CLOSE, false);
            assertThat(follow(body, "0\r\n\r\n")).isEqualTo(5);
            assertThat(body.isDone()).isFalse();
            assertThat(body.endsWithConnection()).isTrue();
            assertThat(body.showsTruncation()).isFalse();
        }
    }

    @Nested
    class None {
        @Test
        void passes_nothing() {
            BodyFollower body = new BodyFollower(Framing.NONE, false);
            assertThat(body.isDone()).isTrue();
            assertThat(follow(body, "x")).isZero();
            assertThat(body.hasSurplus()).isTrue();
        }
    }
}
