package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.account.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadTest {
    private static @Nullable ResponseHead read(boolean toHead, String... lines) {
        return ResponseHead.read(
                (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1), toHead);
    }

    private static ResponseHead good(String... lines) {
        return Objects.requireNonNull(read(false, lines));
    }

    @Nested
    class Framings {
        @Test
        void follow_RFC_9112() {
            assertThat(good("HTTP/1.1 200 OK", "Content-Length: 5").framing()).isEqualTo(Framing.ofLength(5));
            assertThat(good("HTTP/1.1 200 OK", "Transfer-Encoding: Chunked").framing())
                    .isEqualTo(Framing.CHUNKED);
            assertThat(good("HTTP/1.1 200 OK").framing()).isEqualTo(Framing.UNTIL_CLOSE);
            assertThat(good("HTTP/1.1 204 No", "Content-Length: 0").framing()).isEqualTo(Framing.NONE);
            assertThat(good("HTTP/1.1 304 No", "Content-Length: 5").framing()).isEqualTo(Framing.NONE);
            assertThat(Objects.requireNonNull(read(true, "HTTP/1.1 200 OK", "Content-Length: 5"))
                            .framing())
                    .isEqualTo(Framing.NONE);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Content-Length: 5\r\nContent-Length: 5",
                    "Content-Length: 5\r\nTransfer-Encoding: chunked",
                    "Content-Length: x",
                    "Transfer-Encoding: gzip",
                    "Transfer-Encoding: chunked, chunked"
                })
        void that_are_doubtful_are_none(String fields) {
            assertThat(read(false, "HTTP/1.1 200 OK", fields)).isNull();
            assertThat(read(true, "HTTP/1.1 200 OK", fields)).isNull();
        }
    }

    @Nested
    class Status_lines {
        @ParameterizedTest
        @ValueSource(
                strings = {"HTTP/1.1 200 OK", "HTTP/1.0 200 OK", "HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.1 999 \u00fc"
                })
        void that_are_good(String line) {
            assertThat(read(false, line)).isNotNull();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1",
                    "HTTP/1.1 20",
                    "HTTP/1.1 099 x",
                    "HTTP/1.1 2000",
                    "HTTP/2.0 200 OK",
                    "XTTP/1.1 200 OK"
                })
        void that_are_bad(String line) {
            assertThat(read(false, line)).isNull();
        }
    }

    @Nested
    class Accepting_a_WebSocket {
        private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
        private static final String ACCEPT = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

        @Test
        void needs_everything() {
            String line = "HTTP/1.1 101 x";
            assertThat(good(line, "upgrade: WebSocket", "connection: x, Upgrade", ACCEPT)
                            .accepts(KEY))
                    .isTrue();
            assertThat(good(line, "Upgrade: websocket", "Connection: Upgrade", ACCEPT)
                            .accepts(null))
                    .isFalse();
            assertThat(good(line, "Upgrade: websocket", "Connection: Upgrade", ACCEPT)
                            .accepts("AAAAAAAAAAAAAAAAAAAAAA=="))
                    .isFalse();
            assertThat(good("HTTP/1.0 101 x", "Upgrade: websocket", "Connection: Upgrade", ACCEPT)
                            .accepts(KEY))
                    .isFalse();
            assertThat(good("HTTP/1.1 200 x", "Upgrade: websocket", "Connection: Upgrade", ACCEPT)
                            .accepts(KEY))
                    .isFalse();
        }
    }

    @Nested
    class Kinds {
        @ParameterizedTest
        @CsvSource({
            "HTTP_STREAM, 200, text/plain, HTTP_STREAM",
            "OTHER, 200, TEXT/event-stream;charset=x, SSE",
            "HTTP_STREAM, 404, text/plain, OTHER",
            "WEBSOCKET, 200, text/plain, OTHER",
            "POLL, 404, text/plain, POLL",
            "POLL, 200, text/plain, POLL"
        })
        void are_corrected_by_the_answer(Kind asked, int status, String type, Kind kind) {
            assertThat(good("HTTP/1.1 " + status + " x", "Transfer-Encoding: chunked", "Content-Type: " + type)
                            .kind(asked))
                    .isEqualTo(kind);
        }
    }

    @Test
    void writing_needs_no_more_room_than_said() {
        ResponseHead head = good("HTTP/1.1 200", "A:b", "c:d", "Connection: x", "Content-Length: 0");
        ByteBuffer out = ByteBuffer.allocate(head.maxWrittenBytes());
        head.write(out, true, false, null);
        assertThat(StandardCharsets.ISO_8859_1.decode(out.flip()).toString())
                .isEqualTo("HTTP/1.1 200 \r\nA: b\r\nc: d\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
}
