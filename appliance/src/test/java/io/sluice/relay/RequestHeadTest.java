package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.account.Kind;
import io.sluice.account.Refusal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHeadTest {
    private static RequestHead.Reading read(String line, String... fields) {
        String text = line + "\r\n" + String.join("\r\n", fields) + (fields.length == 0 ? "\r\n" : "\r\n\r\n");
        return RequestHead.read(text.getBytes(StandardCharsets.ISO_8859_1), 100, true);
    }

    private static RequestHead good(String line, String... fields) {
        RequestHead.Reading reading = read(line, fields);
        assertThat(reading.refusal()).isNull();
        return reading.head();
    }

    @Nested
    class Targets {
        @Test
        void keep_their_bytes_and_lose_their_query_as_a_path() {
            RequestHead head = good("GET /a//b/%2e;x?c=d?e HTTP/1.1", "Host: h");
            assertThat(head.target()).isEqualTo("/a//b/%2e;x?c=d?e");
            assertThat(head.path()).isEqualTo("/a//b/%2e;x");
        }

        @ParameterizedTest
        @CsvSource({
            "http://H.example:80/x?y, H.example:80, /x?y, h.example, h.example:80",
            "HTTPS://h/x, h, /x, h, h",
            "http://h, h, /, h, h",
            "http://h?q, H, /?q, h, h"
        })
        void in_absolute_form_become_origin_form(String target, String host, String origin, String name, String sent) {
            RequestHead head = good("GET " + target + " HTTP/1.1", "Host: " + host);
            assertThat(head.target()).isEqualTo(origin);
            assertThat(head.host()).isEqualTo(name);
            assertThat(head.hostField()).isEqualTo(sent);
        }

        @Test
        void may_be_as_long_as_allowed() {
            good("GET /" + "x".repeat(99) + " HTTP/1.1", "Host: h");
            assertThat(read("GET /" + "x".repeat(100) + " HTTP/1.1", "Host: h").refusal())
                    .isEqualTo(Refusal.URI_TOO_LONG);
        }
    }

    @Nested
    class Framings {
        @Test
        void are_told_by_the_fields_whatever_the_method() {
            assertThat(good("GET / HTTP/1.1", "Host: h").framing()).isEqualTo(Framing.NONE);
            assertThat(good("GET / HTTP/1.1", "Host: h", "Content-Length: 0").framing())
                    .isEqualTo(Framing.NONE);
            assertThat(good("GET / HTTP/1.1", "Host: h", "Content-Length: 007").framing())
                    .isEqualTo(Framing.ofLength(7));
            assertThat(good("HEAD / HTTP/1.1", "Host: h", "Transfer-Encoding: CHUNKED")
                            .framing())
                    .isEqualTo(Framing.CHUNKED);
        }
    }

    @Nested
    class Connections {
        @Test
        void persist_unless_said_otherwise() {
            assertThat(good("GET / HTTP/1.1", "Host: h").isPersistent()).isTrue();
            assertThat(good("GET / HTTP/1.1", "Host: h", "Connection: x, CLOSE").isPersistent())
                    .isFalse();
            assertThat(good("GET / HTTP/1.0", "Host: h", "Connection: keep-alive")
                            .isPersistent())
                    .isFalse();
        }
    }

    @Nested
    class Kinds {
        @ParameterizedTest
        @CsvSource({
            "GET, /RTTP-TYPE2, HTTP_STREAM",
            "POST, /RTTP-TYPE2, OTHER",
            "GET, /x/RTTP-TYPE3, POLL",
            "POST, /RTTP-TYPE3, POLL",
            "GET, /RTTP-TYPE5?domain=x, FOREVER_FRAME",
            "GET, /RTTP-TYPE9, SSE",
            "GET, /RTTP-TYPE8, OTHER",
            "GET, /?RTTP-TYPE2, OTHER"
        })
        void are_guessed_from_the_path(String method, String target, Kind kind) {
            assertThat(good(method + " " + target + " HTTP/1.1", "Host: h").kind())
                    .isEqualTo(kind);
        }

        @Test
        void of_server_sent_events_are_known_by_Accept() {
            assertThat(good("GET /x HTTP/1.1", "Host: h", "Accept: text/event-stream")
                            .kind())
                    .isEqualTo(Kind.SSE);
        }
    }

    @Nested
    class Refusals {
        @ParameterizedTest
        @CsvSource({
            "GET / HTTP/1.1, A: b, NO_HOST",
            "GET / HTTP/1.1, Host: a b, NO_HOST",
            "GET http://x/ HTTP/1.1, Host: y, TARGET_MISMATCH",
            "GET /#x HTTP/1.1, Host: y, BAD_TARGET",
            "GET * HTTP/1.1, Host: y, BAD_TARGET",
            "CONNECT y:1 HTTP/1.1, Host: y, METHOD",
            "trace / HTTP/1.1, Host: y, METHOD",
            "GET / HTTP/3.0, Host: y, HTTP_VERSION",
            "GET  / HTTP/1.1, Host: y, BAD_REQUEST_LINE",
            "GET / HTTP/1.1, Host : y, BAD_FIELD"
        })
        void say_what_is_wrong(String line, String field, Refusal refusal) {
            assertThat(read(line, field).refusal()).isEqualTo(refusal);
        }
    }
}
