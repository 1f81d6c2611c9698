package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two readers could read in two ways: none of them may reach a Liberator, or reach it as complete. */
class StrictRequestTest {
    private static final String HOST = "Host: fx.example.com\r\n";

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private static Arguments refused(String title, String request, Integer... statuses) {
        return Arguments.of(title, request, statuses.length == 0 ? Set.of(400) : Set.of(statuses));
    }

    private static String post(String fields, String body) {
        return "POST /x HTTP/1.1\r\n" + HOST + fields + "\r\n\r\n" + body;
    }

    private static String get(String fields) {
        return "GET /x HTTP/1.1\r\n" + HOST + fields + "\r\n\r\n";
    }

    private static String handshake(String from, String to) {
        String handshake = WebSocketTest.HANDSHAKE;
        assertThat(handshake).contains(from);
        return handshake.replace(from, to);
    }

    static Stream<Arguments> heads() {
        String chunked = "0\r\n\r\n";
        return Stream.of(
                // Both lengths (CL.TE, TE.CL).
                refused("CL and TE", post("Content-Length: 5\r\nTransfer-Encoding: chunked", chunked)),
                refused("TE and CL", post("Transfer-Encoding: chunked\r\nContent-Length: 5", chunked)),
                refused("CL 0 and TE", post("Content-Length: 0\r\nTransfer-Encoding: chunked", chunked)),
                // Content-Length.
                refused("two equal CL", post("Content-Length: 3\r\nContent-Length: 3", "abc")),
                refused("two CL", post("Content-Length: 3\r\nContent-Length: 4", "abc")),
                refused("two CL in other case", post("Content-Length: 3\r\ncontent-length: 4", "abc")),
                refused("CL list", post("Content-Length: 3, 3", "abc")),
                refused("CL empty", post("Content-Length:", "abc")),
                refused("CL plus", post("Content-Length: +3", "abc")),
                refused("CL minus", post("Content-Length: -3", "abc")),
                refused("CL hex", post("Content-Length: 0x3", "abc")),
                refused("CL decimal", post("Content-Length: 3.0", "abc")),
                refused("CL with blank", post("Content-Length: 3 3", "abc")),
                refused("CL quoted", post("Content-Length: \"3\"", "abc")),
                refused("CL letters", post("Content-Length: abc", "abc")),
                refused("CL other digits", post("Content-Length: \u00b3", "abc")),
                refused("CL beyond 2^63", post("Content-Length: 9223372036854775808", "abc")),
                refused("CL beyond 2^64", post("Content-Length: 18446744073709551619", "abc")),
                refused("CL in a GET", get("Content-Length: 3\r\nContent-Length: 0") + "abc"),
                // Transfer-Encoding.
                refused("TE xchunked", post("Transfer-Encoding: xchunked", chunked), 400, 501),
                refused("TE gzip, chunked", post("Transfer-Encoding: gzip, chunked", chunked), 400, 501),
                refused("TE chunked, identity", post("Transfer-Encoding: chunked, identity", chunked), 400, 501),
                refused("TE chunked, chunked", post("Transfer-Encoding: chunked, chunked", chunked), 400, 501),
                refused("TE identity", post("Transfer-Encoding: identity", chunked), 400, 501),
                refused("TE empty", post("Transfer-Encoding:", chunked), 400, 501),
                refused("TE list with nothing", post("Transfer-Encoding: chunked,", chunked), 400, 501),
                refused("TE with parameter", post("Transfer-Encoding: chunked;q=1", chunked), 400, 501),
                refused("TE quoted", post("Transfer-Encoding: \"chunked\"", chunked), 400, 501),
                refused("TE with VT", post("Transfer-Encoding: \u000bchunked", chunked), 400, 501),
                refused("TE with FF", post("Transfer-Encoding: chunked\f", chunked), 400, 501),
                refused("TE with NBSP", post("Transfer-Encoding: \u00a0chunked", chunked), 400, 501),
                refused("TE with NUL", post("Transfer-Encoding: chunked\0", chunked), 400, 501),
                refused(
                        "TE twice",
                        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", chunked),
                        400,
                        501),
                refused(
                        "TE and TE identity",
                        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", chunked)),
                refused("TE folded", post("Transfer-Encoding:\r\n chunked", chunked)),
                refused("TE with blank before colon", post("Transfer-Encoding : chunked", chunked)),
                refused(
                        "TE in HTTP/1.0",
                        "POST /x HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + chunked),
                // Lines.
                refused("bare LF", "GET /x HTTP/1.1\n" + HOST + "\r\n"),
                refused("bare LF after field", "GET /x HTTP/1.1\r\nHost: fx.example.com\nA: b\r\n\r\n"),
                refused("bare LF as end", "GET /x HTTP/1.1\r\nHost: fx.example.com\r\n\n"),
                refused("all bare LF", "GET /x HTTP/1.1\nHost: fx.example.com\n\n"),
                refused("bare CR in value", get("A: b\rc")),
                refused("bare CR before CR LF", get("A: b\r")),
                refused("CR in name", get("A\r: b")),
                refused("NUL in value", get("A: b\0c")),
                refused("NUL in name", get("A\0: b")),
                refused("NUL in target", "GET /x\0 HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("control character in value", get("A: b\u0001c")),
                refused("DEL in value", get("A: b\u007fc")),
                refused("ESC in value", get("A: \u001b[31m")),
                refused("folded with blank", get("A: b\r\n c")),
                refused("folded with tab", get("A: b\r\n\tc")),
                refused("blank before the first field", "GET /x HTTP/1.1\r\n " + HOST + "\r\n"),
                refused("blank before colon", get("A : b")),
                refused("tab before colon", get("A\t: b")),
                refused("blank in name", get("A B: c")),
                refused("empty name", get(": b")),
                refused("no colon", get("A")),
                refused("name in other letters", get("\u00c4: b")),
                refused("name in brackets", get("A(b): c")),
                refused("name in quotes", get("\"A\": c")),
                // The request line.
                refused("nothing but CR LFs", "\r\n\r\n\r\n"),
                refused("two empty lines first", "\r\n\r\n" + get("A: b")),
                refused("no version", "GET /x\r\n" + HOST + "\r\n"),
                refused("no target", "GET HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("two blanks", "GET  /x HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("two blanks before version", "GET /x  HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("blank at the end", "GET /x HTTP/1.1 \r\n" + HOST + "\r\n"),
                refused("blank first", " GET /x HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("tabs", "GET\t/x\tHTTP/1.1\r\n" + HOST + "\r\n"),
                refused("blank in target", "GET /x y HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("control character in target", "GET /x\u0001y HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("fragment in target", "GET /x#/../status HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("fragment alone", "GET # HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("target without slash", "GET x HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("asterisk with GET", "GET * HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("method with colon", "GE:T /x HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("method without end", "G".repeat(100) + " /x HTTP/1.1\r\n" + HOST + "\r\n", 400, 501),
                refused("HTTP/1.2", "GET /x HTTP/1.2\r\n" + HOST + "\r\n", 400, 505),
                refused("HTTP/2.0", "GET /x HTTP/2.0\r\n" + HOST + "\r\n", 400, 505),
                refused("HTTP/0.9", "GET /x HTTP/0.9\r\n" + HOST + "\r\n", 400, 505),
                refused("HTTP/11", "GET /x HTTP/11\r\n" + HOST + "\r\n"),
                refused("HTTP/1.10", "GET /x HTTP/1.10\r\n" + HOST + "\r\n"),
                refused("HTTP/+1.1", "GET /x HTTP/+1.1\r\n" + HOST + "\r\n"),
                refused("http/1.1", "GET /x http/1.1\r\n" + HOST + "\r\n"),
                refused("ICY/1.1", "GET /x ICY/1.1\r\n" + HOST + "\r\n"),
                refused("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, 505),
                refused("TLS hello", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003" + "x".repeat(500)),
                // Methods.
                refused("CONNECT", "CONNECT fx.example.com:443 HTTP/1.1\r\n" + HOST + "\r\n", 400, 405, 501),
                refused("CONNECT of a path", "CONNECT /x HTTP/1.1\r\n" + HOST + "\r\n", 400, 405, 501),
                refused("TRACE", "TRACE /x HTTP/1.1\r\n" + HOST + "\r\n", 405, 501),
                refused("TRACK", "TRACK /x HTTP/1.1\r\n" + HOST + "\r\n", 405, 501),
                // Host.
                refused("no Host", "GET /x HTTP/1.1\r\nA: b\r\n\r\n"),
                refused("no Host in HTTP/1.0", "GET /x HTTP/1.0\r\n\r\n", 400, 404),
                refused("two equal Hosts", "GET /x HTTP/1.1\r\n" + HOST + HOST + "\r\n"),
                refused("two Hosts", "GET /x HTTP/1.1\r\n" + HOST + "Host: evil\r\n\r\n"),
                refused("Host empty", "GET /x HTTP/1.1\r\nHost:\r\n\r\n"),
                refused("Host list", "GET /x HTTP/1.1\r\nHost: fx.example.com, evil\r\n\r\n"),
                refused("Host with user", "GET /x HTTP/1.1\r\nHost: evil@fx.example.com\r\n\r\n"),
                refused("Host with path", "GET /x HTTP/1.1\r\nHost: fx.example.com/evil\r\n\r\n"),
                refused("Host with blank", "GET /x HTTP/1.1\r\nHost: fx.example.com evil\r\n\r\n"),
                refused("Host with bad port", "GET /x HTTP/1.1\r\nHost: fx.example.com:8x\r\n\r\n"),
                refused("Host with port 0", "GET /x HTTP/1.1\r\nHost: fx.example.com:0\r\n\r\n"),
                refused("Host with big port", "GET /x HTTP/1.1\r\nHost: fx.example.com:65536\r\n\r\n"),
                refused("Host with two ports", "GET /x HTTP/1.1\r\nHost: fx.example.com:80:80\r\n\r\n"),
                refused("Host with colon only", "GET /x HTTP/1.1\r\nHost: fx.example.com:\r\n\r\n"),
                refused("Host with percent", "GET /x HTTP/1.1\r\nHost: fx%2eexample.com\r\n\r\n"),
                refused("Host with open bracket", "GET /x HTTP/1.1\r\nHost: [::1\r\n\r\n"),
                refused("Host with two dots", "GET /x HTTP/1.1\r\nHost: fx..example.com\r\n\r\n"),
                refused("Host with dot first", "GET /x HTTP/1.1\r\nHost: .fx.example.com\r\n\r\n"),
                refused("absolute target of another host", "GET http://evil/x HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(
                        "absolute target of another port",
                        "GET http://fx.example.com:1/x HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("absolute target with user", "GET http://a@fx.example.com/x HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("absolute target without host", "GET http:///x HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("absolute target without Host", "GET http://fx.example.com/x HTTP/1.1\r\n\r\n"),
                refused("absolute target of another scheme", "GET ftp://fx.example.com/x HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("authority target", "GET fx.example.com:80 HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("network path", "GET //evil/x HTTP/1.1\r\nHost: evil\r\n\r\n", 400, 404),
                // Sizes.
                refused("head too large", get("A: " + "b".repeat(17_000)), 431),
                refused("head too large in many fields", get("A: bcdefgh\r\n".repeat(1500) + "A: b"), 431),
                refused("too many fields", get("A: b\r\n".repeat(100) + "A: b"), 431),
                refused("head without end", "GET /x HTTP/1.1\r\n" + HOST + "A: " + "b".repeat(40_000), 431),
                refused("target too long", "GET /" + "x".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n", 414),
                refused("target without end", "GET /" + "x".repeat(40_000), 414),
                // Expectations.
                refused("Expect unknown", post("Expect: more\r\nContent-Length: 3", "abc"), 417),
                refused("Expect disguised", post("Expect: x100-continue\r\nContent-Length: 3", "abc"), 417),
                refused("Expect list", post("Expect: 100-continue, more\r\nContent-Length: 3", "abc"), 417),
                refused(
                        "Expect twice",
                        post("Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 1", "a"),
                        417),
                // Connection.
                refused("Connection names Host", get("Connection: close, Host")),
                refused("Connection names Cookie", get("Cookie: a=b\r\nConnection: cookie")),
                refused("Connection names Authorization", get("Connection: AUTHORIZATION")),
                refused(
                        "Connection names Content-Length",
                        post("Connection: Content-Length\r\nContent-Length: 3", "abc")),
                refused(
                        "Connection names TE",
                        post("Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked", chunked)),
                refused("Connection names Origin", get("Connection: origin\r\nOrigin: https://x")),
                // WebSocket.
                refused("WebSocket version 8", handshake("Version: 13", "Version: 8"), 400, 426),
                refused("WebSocket version list", handshake("Version: 13", "Version: 13, 8"), 400, 426),
                refused(
                        "WebSocket version twice",
                        handshake(
                                "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13"),
                        400,
                        426),
                refused("WebSocket without version", handshake("Sec-WebSocket-Version: 13\r\n", ""), 400, 426),
                refused("WebSocket without key", handshake("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "")),
                refused("WebSocket with short key", handshake("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j")),
                refused("WebSocket with bad key", handshake("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25*ZQ==")),
                refused(
                        "WebSocket with two keys",
                        handshake("Origin:", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin:")),
                refused("WebSocket by POST", handshake("GET", "POST")),
                refused("WebSocket with body", handshake("Origin:", "Content-Length: 3\r\nOrigin:") + "abc"),
                refused("WebSocket in HTTP/1.0", handshake("HTTP/1.1", "HTTP/1.0")),
                refused("WebSocket and another protocol", handshake("Upgrade: websocket", "Upgrade: websocket, h2c")),
                refused(
                        "WebSocket in two Upgrades",
                        handshake("Upgrade: websocket", "Upgrade: websocket\r\nUpgrade: h2c")),
                refused("WebSocket without Connection", handshake("Connection: keep-alive, Upgrade\r\n", "")));
    }

    @Nested
    class A_head_that_breaks_the_rules {
        @ParameterizedTest(name = "{0}")
        @MethodSource("io.sluice.StrictRequestTest#heads")
        void is_refused_and_no_byte_of_it_reaches_the_Liberator(String title, String request, Set<Integer> statuses) {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = sluices.client().send(request);
            String answer = client.readUntilEnd();
            assertThat(answer).startsWith("HTTP/1.1 ").contains("\r\nConnection: close\r\n");
            assertThat(statuses).contains(Integer.valueOf(answer.substring(9, 12)));
            assertThat(answer.indexOf("HTTP/1.1 ", 9)).as("a second answer").isNegative();
            assertThat(fake.visits()).isZero();
            assertThat(sluices.ledger().connectionsTotal()).isZero();
            assertThat(sluices.refusals().total()).isOne();
        }

        @ParameterizedTest
        @ValueSource(strings = {"GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "\r\n\r\n\r\n\r\n", "GET /\n\n"})
        void ends_a_kept_connection_on_which_good_ones_came_before(String bad) {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = sluices.client().get("/good");
            Conversation liberator = fake.next();
            liberator.expectHead("GET /good");
            liberator.answer("ok");
            client.readHead();
            client.readText(2);
            client.send(bad);
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 400 ");
            liberator.awaitClientGone();
        }

        @Test
        void in_pieces_is_refused_too() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = sluices.client();
            for (char each : "POST / HTTP/1.1\r\nHost: fx.example.com\r\nTransfer-Encoding: chunke".toCharArray()) {
                client.send(String.valueOf(each));
            }
            client.send("d\r\nContent-Length: 3\r\n\r\n");
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 400 ");
            assertThat(fake.visits()).isZero();
        }

        @Test
        void is_all_that_is_read_of_a_connection() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = sluices.client()
                    .send(post("Content-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\n") + get("Smuggled: yes"));
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 400 ").endsWith("\r\n\r\n");
            assertThat(fake.visits()).isZero();
        }
    }

    @Nested
    class What_is_forgiven {
        @Test
        void one_empty_line_before_a_request() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = sluices.client().send("\r\n" + get("A: b"));
            Conversation liberator = fake.next();
            liberator.expectHead("GET /x HTTP/1.1\r\n");
            liberator.answer("ok");
            client.readHead();
            client.readText(2);
            client.send("\r\n").send(get("A: c"));
            assertThat(liberator.expectHead("GET /x HTTP/1.1\r\n")).contains("A: c");
        }

        @Test
        void an_offer_to_upgrade_to_h2c_which_is_taken_out() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            sluices.client()
                    .send(get(
                            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__"));
            assertThat(fake.next().expectHead("GET /x HTTP/1.1\r\n").toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("upgrade")
                    .doesNotContain("h2c")
                    .doesNotContain("http2-settings")
                    .doesNotContain("connection");
        }

        @Test
        void an_asterisk_with_OPTIONS() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            sluices.client().send("OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n");
            fake.next().expectHead("OPTIONS * HTTP/1.1\r\n");
        }
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("size with sign", "+5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("size negative", "-5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("size empty", "\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("size of an extension only", ";a=b\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("size with blank first", " 5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("size with blank behind", "5 \r\nhello\r\n0\r\n\r\n"),
                Arguments.of("size with tab behind", "5\t\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("size with underscore", "1_0\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("size of 16 digits", "0000000000000005\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("size beyond 2^64", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("size beyond 2^63", "FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("size with NUL", "5\0\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("size ended by LF", "5\nhello\r\n0\r\n\r\n"),
                Arguments.of("size ended by CR", "5\rhello\r\n0\r\n\r\n"),
                Arguments.of("size ended by CR CR LF", "5\r\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("content ended by LF", "5\r\nhello\n0\r\n\r\n"),
                Arguments.of("content ended by nothing", "5\r\nhello0\r\n\r\n"),
                Arguments.of("content longer than its size", "5\r\nhello!\r\n0\r\n\r\n"),
                Arguments.of("content ended by CR", "5\r\nhello\r0\r\n\r\n"),
                Arguments.of("LF in extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("CR in extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("NUL in extension", "5;a\0b\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("unclosed quote in extension", "5;a=\"b\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("CR LF in quote in extension", "5;a=\"\r\nb\"\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("extension too long", "5;" + "a".repeat(300) + "\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("extensions too long", ("1;" + "a".repeat(250) + "\r\nx\r\n").repeat(70) + "0\r\n\r\n"),
                Arguments.of("bare LF at the end", "5\r\nhello\r\n0\n\n"),
                Arguments.of("bare LF after the last chunk", "5\r\nhello\r\n0\r\n\n"),
                Arguments.of("trailer with bare LF", "5\r\nhello\r\n0\r\nA: b\n\r\n"),
                Arguments.of("trailer with bare CR", "5\r\nhello\r\n0\r\nA: b\rc\r\n\r\n"),
                Arguments.of("trailer with NUL", "5\r\nhello\r\n0\r\nA: b\0\r\n\r\n"),
                Arguments.of("trailer without colon", "5\r\nhello\r\n0\r\nA\r\n\r\n"),
                Arguments.of("trailer with blank before colon", "5\r\nhello\r\n0\r\nA : b\r\n\r\n"),
                Arguments.of("trailer folded", "5\r\nhello\r\n0\r\nA: b\r\n c\r\n\r\n"),
                Arguments.of("trailer folded first", "5\r\nhello\r\n0\r\n A: b\r\n\r\n"),
                Arguments.of("trailers too large", "5\r\nhello\r\n0\r\nA: " + "b".repeat(9000) + "\r\n\r\n"),
                Arguments.of("too many trailers", "5\r\nhello\r\n0\r\n" + "A: b\r\n".repeat(120) + "\r\n"));
    }

    @Nested
    class A_chunked_body_that_breaks_the_rules {
        @ParameterizedTest(name = "{0}")
        @MethodSource("io.sluice.StrictRequestTest#bodies")
        void is_refused_and_the_Liberator_never_sees_the_end_of_it(String title, String body) {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = sluices.client().send(post("Transfer-Encoding: chunked", ""));
            Conversation liberator = fake.next();
            liberator.expectHead("POST /x");
            client.send(body + get("Smuggled: yes"));
            assertThat(client.readUntilEnd())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("\r\nConnection: close\r\n")
                    .endsWith("\r\n\r\n");
            String came = liberator.readUntilReset();
            assertThat(came).doesNotContain("0\r\n").doesNotContain("muggled");
            assertThat(fake.visits()).isOne();
            assertThat(sluices.ledger().ended(EndCause.REFUSED)).isOne();
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("io.sluice.StrictRequestTest#bodies")
        void is_refused_in_one_segment_with_its_head_too(String title, String body) {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = sluices.client().send(post("Transfer-Encoding: chunked", body));
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 400 ");
            assertThat(fake.next().readUntilReset()).doesNotContain("\r\n0\r\n");
        }

        @Test
        void breaks_off_an_answer_that_has_begun() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = sluices.client().send(post("Transfer-Encoding: chunked", "5\r\nhello\r\n"));
            Conversation liberator = fake.next();
            liberator.expectHead("POST /x");
            liberator.readChunk();
            liberator.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
            client.readHead();
            client.readChunk();
            client.send("bad\n");
            client.awaitReset();
            liberator.awaitReset();
        }
    }
}
