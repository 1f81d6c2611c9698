package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.relay.ChunkReader.Step;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkReaderTest {
    /** Content and trailers of {@code pieces}, or "broken". */
    private static String read(String... pieces) {
        ChunkReader reader = ChunkReader.ofRequest();
        StringBuilder content = new StringBuilder();
        Step step = Step.MORE;
        for (String piece : pieces) {
            ByteBuffer bytes = bytes(piece);
            step = reader.next(bytes);
            while (step == Step.DATA) {
                for (int i = 0; i < reader.dataBytes(); i++) {
                    content.append((char) (bytes.get() & 0xFF));
                }
                reader.took(reader.dataBytes());
                step = reader.next(bytes);
            }
            if (step == Step.BROKEN) {
                return "broken";
            }
        }
        return content + (step == Step.END ? "|" + written(reader.trailers()) : "...");
    }

    private static String written(Fields trailers) {
        ByteBuffer out = ByteBuffer.allocate(1000);
        for (int i = 0; trailers != null && i < trailers.count(); i++) {
            trailers.write(i, out);
        }
        return StandardCharsets.ISO_8859_1.decode(out.flip()).toString();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Nested
    class A_good_body {
        private static final String BODY =
                "5;ext=\"q\\\";x\"\r\nhello\r\n0A\r\n 0\r\n\r\nworl\r\n00;x\r\nA: b\r\nC:d\r\n\r\n";

        @Test
        void is_read_whole_wherever_it_is_split_in_two() {
            for (int i = 0; i <= BODY.length(); i++) {
                assertThat(read(BODY.substring(0, i), BODY.substring(i)))
                        .as("split at %d", i)
                        .isEqualTo("hello 0\r\n\r\nworl|A: b\r\nC: d\r\n");
            }
        }

        @Test
        void is_read_whole_byte_by_byte() {
            assertThat(read(BODY.split(""))).isEqualTo(read(BODY));
        }

        @Test
        void leaves_what_follows_it() {
            ByteBuffer bytes = bytes("0\r\n\r\nGET");
            assertThat(ChunkReader.ofResponse().next(bytes)).isEqualTo(Step.END);
            assertThat(bytes.position()).isEqualTo(5);
        }

        @Test
        void has_sizes_of_up_to_15_digits() {
            ChunkReader reader = ChunkReader.ofResponse();
            assertThat(reader.next(bytes("FffFFffffffFFFF\r\nx"))).isEqualTo(Step.DATA);
            assertThat(reader.dataBytes()).isOne();
        }

        @Test
        void may_have_extensions_without_end_when_it_is_followed() {
            ChunkReader reader = ChunkReader.ofResponse();
            String chunk = "1;" + "a".repeat(200) + "\r\n";
            for (int i = 0; i < 1000; i++) {
                ByteBuffer bytes = bytes(chunk + "x\r\n");
                assertThat(reader.next(bytes)).isEqualTo(Step.DATA);
                bytes.get();
                reader.took(1);
                assertThat(reader.next(bytes)).isEqualTo(Step.MORE);
            }
        }
    }

    @Nested
    class A_bad_body {
        private static final List<String> BAD = List.of(
                "x\r\n",
                "\r\n",
                ";a\r\n",
                " 1\r\n",
                "1 \r\n",
                "0x1\r\n",
                "-1\r\n",
                "+1\r\n",
                "1\n",
                "1\r\r\n",
                "0000000000000001\r\n",
                "1\r\nxy\r\n",
                "1\r\nx\n",
                "1\r\nx\r\r",
                "1;a\nb",
                "1;a\0b",
                "1;\"a\r\n",
                "1;\"a\\\r\n",
                "0\r\n\n",
                "0\r\nA\n",
                "0\r\nA: \u0001",
                "0\r\n A: b",
                "0\r\nA: b\r\n c",
                "0\r\n\rx");

        @Test
        void is_known_wherever_it_is_split_in_two() {
            for (String bad : BAD) {
                for (int i = 0; i <= bad.length(); i++) {
                    assertThat(read(bad.substring(0, i), bad.substring(i)))
                            .as("'%s' split at %d", bad, i)
                            .isEqualTo("broken");
                }
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"1;", "0\r\nA: "})
        void has_too_long_a_line(String start) {
            assertThat(read(start + "a".repeat(10_000))).isEqualTo("broken");
        }
    }

    @Test
    void an_unfinished_body_is_not_done() {
        String body = "1\r\nx\r\n0\r\nA: b\r\n\r\n";
        for (int i = 0; i < body.length(); i++) {
            assertThat(read(body.substring(0, i))).endsWith("...");
        }
    }
}
