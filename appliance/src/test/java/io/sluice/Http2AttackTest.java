package io.sluice;

import static io.sluice.Http2Client.ACK;
import static io.sluice.Http2Client.COMPRESSION_ERROR;
import static io.sluice.Http2Client.CONTINUATION;
import static io.sluice.Http2Client.DATA;
import static io.sluice.Http2Client.END_HEADERS;
import static io.sluice.Http2Client.END_STREAM;
import static io.sluice.Http2Client.ENHANCE_YOUR_CALM;
import static io.sluice.Http2Client.FLOW_CONTROL_ERROR;
import static io.sluice.Http2Client.FRAME_SIZE_ERROR;
import static io.sluice.Http2Client.GOAWAY;
import static io.sluice.Http2Client.HEADERS;
import static io.sluice.Http2Client.PADDED;
import static io.sluice.Http2Client.PING;
import static io.sluice.Http2Client.PRIORITIZED;
import static io.sluice.Http2Client.PRIORITY;
import static io.sluice.Http2Client.PROTOCOL_ERROR;
import static io.sluice.Http2Client.PUSH_PROMISE;
import static io.sluice.Http2Client.REFUSED_STREAM;
import static io.sluice.Http2Client.RST_STREAM;
import static io.sluice.Http2Client.SETTINGS;
import static io.sluice.Http2Client.STREAM_CLOSED;
import static io.sluice.Http2Client.WINDOW_UPDATE;
import static io.sluice.Http2Client.block;
import static io.sluice.Http2Client.frameBytes;
import static io.sluice.Http2Client.number;
import static io.sluice.Http2Client.requestFields;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.Refusal;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What clients of HTTP/2 must not do: each ends the stream or the connection with the code that RFC 9113 names, is
 * counted, and reaches no Liberator.
 */
class Http2AttackTest {
    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator fake;
    private Http2Client client;

    private void serve(String... defaults) {
        fake = sluices.liberator();
        sluices.serveHttp2(fake, defaults);
        client = sluices.http2Client();
    }

    private static Arguments attack(String name, int code, Consumer<Http2Client> attack) {
        return Arguments.of(name, code, attack);
    }

    private static byte[] get(String... fields) {
        return block(requestFields("GET", "/denied", fields));
    }

    /** A denied path, so that no Liberator is needed: the answer is 403, and the stream is closed. */
    private static int answered(Http2Client client) {
        int stream = client.get("/status");
        client.head(stream);
        return stream;
    }

    /** A stream that stays open: its body is awaited. */
    private static int open(Http2Client client) {
        return client.request(false, "POST", "/up");
    }

    static Stream<Arguments> wrong_frames() {
        return Stream.of(
                attack("frame too large", FRAME_SIZE_ERROR, c -> c.frameOfLength(16_385, DATA, 0, 1)),
                attack("DATA on stream 0", PROTOCOL_ERROR, c -> c.data(0, false, "x")),
                attack("DATA on an idle stream", PROTOCOL_ERROR, c -> c.data(1, false, "x")),
                attack("DATA on a closed stream", STREAM_CLOSED, c -> c.data(answered(c), false, "x")),
                attack("DATA padded beyond its end", PROTOCOL_ERROR, c -> {
                    c.frame(DATA, PADDED, open(c), (byte) 5, (byte) 0);
                }),
                attack("DATA padded without a length", PROTOCOL_ERROR, c -> c.frame(DATA, PADDED, open(c))),
                attack("HEADERS on stream 0", PROTOCOL_ERROR, c -> c.frame(HEADERS, 5, 0, get())),
                attack("HEADERS on an even stream", PROTOCOL_ERROR, c -> c.frame(HEADERS, 5, 2, get())),
                attack("HEADERS on a lower stream", PROTOCOL_ERROR, c -> {
                    c.frame(HEADERS, 5, 5, block(requestFields("GET", "/status")));
                    c.head(5);
                    c.frame(HEADERS, 5, 3, get());
                }),
                attack("HEADERS on a closed stream", STREAM_CLOSED, c -> c.frame(HEADERS, 5, answered(c), get())),
                attack("HEADERS on a stream the client has reset", STREAM_CLOSED, c -> {
                    int stream = open(c);
                    c.reset(stream, 8).frame(HEADERS, 5, stream, get());
                }),
                attack("HEADERS padded beyond their end", PROTOCOL_ERROR, c -> {
                    c.frame(HEADERS, 5 | PADDED, 1, (byte) 200, (byte) 0x82);
                }),
                attack("HEADERS without room for a priority", FRAME_SIZE_ERROR, c -> {
                    c.frame(HEADERS, 5 | PRIORITIZED, 1, (byte) 0, (byte) 0);
                }),
                attack("PRIORITY on stream 0", PROTOCOL_ERROR, c -> c.frame(PRIORITY, 0, 0, new byte[5])),
                attack("PRIORITY of a wrong size", FRAME_SIZE_ERROR, c -> c.frame(PRIORITY, 0, 1, new byte[4])),
                attack(
                        "PRIORITY on itself",
                        PROTOCOL_ERROR,
                        c -> c.frame(PRIORITY, 0, 1, (byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 0)),
                attack("RST_STREAM on stream 0", PROTOCOL_ERROR, c -> c.reset(0, 8)),
                attack("RST_STREAM on an idle stream", PROTOCOL_ERROR, c -> c.reset(1, 8)),
                attack("RST_STREAM of a wrong size", FRAME_SIZE_ERROR, c -> {
                    c.frame(RST_STREAM, 0, open(c), new byte[3]);
                }),
                attack("SETTINGS on a stream", PROTOCOL_ERROR, c -> c.frame(SETTINGS, 0, 1)),
                attack("SETTINGS of a wrong size", FRAME_SIZE_ERROR, c -> c.frame(SETTINGS, 0, 0, new byte[5])),
                attack("SETTINGS ACK with a payload", FRAME_SIZE_ERROR, c -> c.frame(SETTINGS, ACK, 0, new byte[6])),
                attack("SETTINGS_ENABLE_PUSH of 2", PROTOCOL_ERROR, c -> c.settings(2, 2)),
                attack("SETTINGS_INITIAL_WINDOW_SIZE too large", FLOW_CONTROL_ERROR, c -> c.settings(4, 1 << 31)),
                attack("SETTINGS_INITIAL_WINDOW_SIZE that overflows a stream", FLOW_CONTROL_ERROR, c -> {
                    c.settings(4, 1000);
                    int stream = open(c);
                    c.windowUpdate(stream, Integer.MAX_VALUE - 1000);
                    c.settings(4, 2000);
                }),
                attack("SETTINGS_MAX_FRAME_SIZE too small", PROTOCOL_ERROR, c -> c.settings(5, 16_383)),
                attack("SETTINGS_MAX_FRAME_SIZE too large", PROTOCOL_ERROR, c -> c.settings(5, 1 << 24)),
                attack("PUSH_PROMISE of a client", PROTOCOL_ERROR, c -> c.frame(PUSH_PROMISE, 4, 1, number(2))),
                attack("PING on a stream", PROTOCOL_ERROR, c -> c.frame(PING, 0, 1, new byte[8])),
                attack("PING of a wrong size", FRAME_SIZE_ERROR, c -> c.frame(PING, 0, 0, new byte[7])),
                attack("GOAWAY on a stream", PROTOCOL_ERROR, c -> c.frame(GOAWAY, 0, 1, new byte[8])),
                attack("GOAWAY of a wrong size", FRAME_SIZE_ERROR, c -> c.frame(GOAWAY, 0, 0, new byte[7])),
                attack("WINDOW_UPDATE of a wrong size", FRAME_SIZE_ERROR, c -> {
                    c.frame(WINDOW_UPDATE, 0, 0, new byte[3]);
                }),
                attack("WINDOW_UPDATE of 0", PROTOCOL_ERROR, c -> c.windowUpdate(0, 0)),
                attack("WINDOW_UPDATE on an idle stream", PROTOCOL_ERROR, c -> c.windowUpdate(1, 1)),
                attack("WINDOW_UPDATE that overflows", FLOW_CONTROL_ERROR, c -> {
                    c.windowUpdate(0, Integer.MAX_VALUE).windowUpdate(0, Integer.MAX_VALUE);
                }),
                attack("CONTINUATION without HEADERS", PROTOCOL_ERROR, c -> c.frame(CONTINUATION, 4, 1, get())),
                attack("CONTINUATION on another stream", PROTOCOL_ERROR, c -> {
                    c.frame(HEADERS, 1, 1, get()).frame(CONTINUATION, 4, 3, get());
                }),
                attack("another frame within a field block", PROTOCOL_ERROR, c -> {
                    c.frame(HEADERS, 1, 1, get()).frame(PING, 0, 0, new byte[8]);
                }),
                attack("an unknown frame within a field block", PROTOCOL_ERROR, c -> {
                    c.frame(HEADERS, 1, 1, get()).frame(0x20, 0, 1, new byte[8]);
                }),
                attack("index 0", COMPRESSION_ERROR, c -> c.frame(HEADERS, 5, 1, (byte) 0x80)),
                attack("index beyond the table", COMPRESSION_ERROR, c -> c.frame(HEADERS, 5, 1, (byte) 0xfe)),
                attack("text longer than the block", COMPRESSION_ERROR, c -> {
                    c.frame(HEADERS, 5, 1, (byte) 0, (byte) 100, (byte) 'a');
                }),
                attack("integer without an end", COMPRESSION_ERROR, c -> {
                    byte[] endless = new byte[40];
                    Arrays.fill(endless, (byte) 0xff);
                    c.frame(HEADERS, 5, 1, endless);
                }),
                attack("Huffman code padded too long", COMPRESSION_ERROR, c -> {
                    c.frame(HEADERS, 5, 1, (byte) 0, (byte) 0x82, (byte) 0x1f, (byte) 0xff, (byte) 0);
                }),
                attack("Huffman code padded with zeros", COMPRESSION_ERROR, c -> {
                    c.frame(HEADERS, 5, 1, (byte) 0, (byte) 0x81, (byte) 0x18, (byte) 0);
                }),
                attack("Huffman code with its end-of-string", COMPRESSION_ERROR, c -> {
                    c.frame(
                            HEADERS,
                            5,
                            1,
                            (byte) 0,
                            (byte) 0x84,
                            (byte) 0xff,
                            (byte) 0xff,
                            (byte) 0xff,
                            (byte) 0xff,
                            (byte) 0);
                }),
                attack("table larger than announced", COMPRESSION_ERROR, c -> {
                    c.frame(HEADERS, 5, 1, (byte) 0x3f, (byte) 0xe2, (byte) 0x1f);
                }),
                attack("table size after a field", COMPRESSION_ERROR, c -> {
                    c.frame(HEADERS, 5, 1, (byte) 0x82, (byte) 0x20);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong_frames")
    void ends_the_connection(String name, int code, Consumer<Http2Client> attack) {
        serve();
        attack.accept(client);
        assertThat(client.awaitFailure()).isEqualTo(code);
        assertThat(sluices.refusals().count(Refusal.H2_FRAME)
                        + sluices.refusals().count(Refusal.H2_FIELD_BLOCK))
                .isOne();
    }

    private static Arguments malformed(String name, String... fields) {
        return Arguments.of(name, fields);
    }

    private static String[] with(String... fields) {
        return requestFields("GET", "/page", fields);
    }

    static Stream<Arguments> malformed_requests() {
        return Stream.of(
                malformed("upper-case name", with("X-Upper: 1")),
                malformed("empty name", with(": 1", "x: 2")),
                malformed("blank in a name", with("a b: 1")),
                malformed("colon in a name", with("a:b: 1")),
                malformed("CR LF in a name", with("a\r\nb: 1")),
                malformed("CR in a value", with("a: x\rb")),
                malformed("LF in a value", with("a: x\nb")),
                malformed("CR LF and a header in a value", with("a: x\r\nhost: evil.example.com")),
                malformed("NUL in a value", with("a: x\0b")),
                malformed("blank at the start of a value", with("a:  x")),
                malformed("blank at the end of a value", with("a: x ")),
                malformed("connection", with("connection: keep-alive")),
                malformed("keep-alive", with("keep-alive: 1")),
                malformed("proxy-connection", with("proxy-connection: close")),
                malformed("transfer-encoding", with("transfer-encoding: chunked")),
                malformed("upgrade", with("upgrade: websocket")),
                malformed("te other than trailers", with("te: gzip")),
                malformed("unknown pseudo-header", with(":unknown: 1")),
                malformed("pseudo-header of a response", with(":status: 200")),
                malformed("pseudo-header after a field", with("a: 1", ":path: /other")),
                malformed("two methods", with(":method: GET")),
                malformed("two paths", with(":path: /other")),
                malformed("two schemes", with(":scheme: http")),
                malformed("two authorities", with(":authority: other.example.com")),
                malformed("host other than authority", with("host: other.example.com")),
                malformed("two hosts", with("host: fx.example.com", "host: fx.example.com")),
                malformed("two lengths", with("content-length: 0", "content-length: 0")),
                malformed("length without DATA", with("content-length: 5")),
                malformed("protocol without CONNECT", with(":protocol: websocket")),
                malformed("no method", ":scheme: http", ":path: /", ":authority: fx.example.com"),
                malformed("no scheme", ":method: GET", ":path: /", ":authority: fx.example.com"),
                malformed("no path", ":method: GET", ":scheme: http", ":authority: fx.example.com"),
                malformed("another scheme", ":method: GET", ":scheme: ftp", ":path: /", ":authority: fx.example.com"),
                malformed("empty path", requestFields("GET", "")),
                malformed("path without a slash", requestFields("GET", "page")),
                malformed("absolute path", requestFields("GET", "http://fx.example.com/")),
                malformed("asterisk for a GET", requestFields("GET", "*")),
                malformed("blank in the path", requestFields("GET", "/a HTTP/1.1")),
                malformed("CR LF in the path", requestFields("GET", "/a HTTP/1.1\r\nX: y")),
                malformed("NUL in the path", requestFields("GET", "/a\0b")),
                malformed("byte above ASCII in the path", requestFields("GET", "/\u00e4")),
                malformed("blank in the method", requestFields("GET /x HTTP/1.1", "/page")),
                malformed("CR LF in the method", requestFields("GET\r\nX: y", "/page")),
                malformed("CR LF in the authority", with(":authority: a\r\nb")),
                malformed("CONNECT with a path", requestFields("CONNECT", "/page")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed_requests")
    void ends_the_stream_alone(String name, String[] fields) {
        serve();
        int stream = client.nextStream();
        client.headers(stream, true, fields);
        assertThat(client.awaitReset(stream)).isEqualTo(PROTOCOL_ERROR);
        assertThat(sluices.refusals().count(Refusal.H2_MESSAGE)).isOne();
        answered(client);
        assertThat(fake.visits()).isZero();
    }

    private static Arguments refused(String status, String name, String... fields) {
        return Arguments.of(status, name, fields);
    }

    static Stream<Arguments> refused_requests() {
        return Stream.of(
                refused(
                        "400",
                        "user in the authority",
                        ":method: GET",
                        ":scheme: http",
                        ":path: /",
                        ":authority: user@fx.example.com"),
                refused("400", "no authority", ":method: GET", ":scheme: http", ":path: /"),
                refused("400", "empty authority", ":method: GET", ":scheme: http", ":path: /", ":authority: "),
                refused("400", "fragment in the path", requestFields("GET", "/a#b")),
                refused("400", "length that is none", with("content-length: +0")),
                refused("405", "TRACE", requestFields("TRACE", "/")),
                refused("417", "unknown expectation", with("expect: more")),
                refused("414", "long path", requestFields("GET", "/" + "x".repeat(9000))));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("refused_requests")
    void is_answered_like_any_client(String status, String name, String[] fields) {
        serve();
        int stream = client.nextStream();
        client.headers(stream, true, fields);
        assertThat(client.status(stream)).isEqualTo(":status: " + status);
        answered(client);
        assertThat(fake.visits()).isZero();
    }

    @Nested
    class The_first_words {
        private Http2Client stranger() {
            fake = sluices.liberator();
            sluices.start(Sluices.one(fake.port(), "requestHeadTimeout: 1s")
                    .replace(
                            "name: plain, bind: \"127.0.0.1:0\"",
                            "name: plain, bind: \"127.0.0.1:0\", protocols: [ h2 ]"));
            return sluices.closing(Http2Client.connect(sluices.address("plain"), 0));
        }

        @Test
        void must_be_the_preface() {
            client = stranger();
            client.send("GET / HTTP/1.1\r\nHost: fx.example.com\r\n\r\n");
            assertThat(client.awaitFailure()).isEqualTo(PROTOCOL_ERROR);
            assertThat(sluices.refusals().count(Refusal.H2_PREFACE)).isOne();
        }

        @Test
        void must_go_on_with_SETTINGS() {
            client = stranger();
            client.send(Http2Client.PREFACE);
            client.frame(PING, 0, 0, new byte[8]);
            assertThat(client.awaitFailure()).isEqualTo(PROTOCOL_ERROR);
            assertThat(sluices.refusals().count(Refusal.H2_PREFACE)).isOne();
        }

        @Test
        void must_come_in_time() {
            client = stranger();
            client.send(Http2Client.PREFACE);
            assertThat(client.awaitFailure()).isEqualTo(PROTOCOL_ERROR);
            assertThat(sluices.refusals().count(Refusal.HEAD_TIMEOUT)).isOne();
        }

        @Test
        void must_come_in_time_where_the_version_is_not_known_yet() {
            serve("requestHeadTimeout: 1s");
            TestClient slow = sluices.client();
            slow.send("PRI * HT");
            slow.readUntilGone();
            Sluices.await(() ->
                    assertThat(sluices.refusals().count(Refusal.HEAD_TIMEOUT)).isOne());
        }
    }

    @Nested
    class A_field_block {
        @Test
        void must_come_in_time() {
            serve("requestHeadTimeout: 1s");
            client.frame(HEADERS, END_STREAM, 1, get());
            assertThat(client.awaitFailure()).isEqualTo(PROTOCOL_ERROR);
            assertThat(sluices.refusals().count(Refusal.HEAD_TIMEOUT)).isOne();
        }

        @Test
        void must_come_in_time_even_if_its_frame_does_not() {
            serve("requestHeadTimeout: 1s");
            client.frameOfLength(1000, HEADERS, END_STREAM | END_HEADERS, 1, new byte[10]);
            assertThat(client.awaitFailure()).isEqualTo(PROTOCOL_ERROR);
            assertThat(sluices.refusals().count(Refusal.HEAD_TIMEOUT)).isOne();
        }

        @Test
        void may_come_in_nine_pieces() {
            serve();
            byte[] block = block(requestFields("GET", "/status"));
            client.frame(HEADERS, END_STREAM, 1, Arrays.copyOf(block, 5));
            for (int i = 0; i < 7; i++) {
                client.frame(CONTINUATION, 0, 1);
            }
            client.frame(CONTINUATION, END_HEADERS, 1, Arrays.copyOfRange(block, 5, block.length));
            assertThat(client.status(1)).isEqualTo(":status: 403");
        }

        @Test
        void may_not_come_in_more() {
            serve();
            client.frame(HEADERS, END_STREAM, 1, get());
            for (int i = 0; i < 9; i++) {
                client.frame(CONTINUATION, 0, 1);
            }
            assertThat(client.awaitFailure()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(sluices.refusals().count(Refusal.H2_FIELD_BLOCK)).isOne();
        }

        @Test
        void may_not_be_much_larger_than_a_head() {
            serve();
            client.frame(HEADERS, END_STREAM, 1, new byte[16_384]);
            client.frame(CONTINUATION, 0, 1, new byte[16_384]);
            client.frame(CONTINUATION, 0, 1, new byte[1]);
            assertThat(client.awaitFailure()).isEqualTo(ENHANCE_YOUR_CALM);
        }

        @Test
        void that_is_small_and_means_much_is_answered_431() {
            serve();
            ByteArrayOutputStream bomb = new ByteArrayOutputStream();
            byte[] large = block("x: " + "y".repeat(3000));
            large[0] = 0x40;
            bomb.writeBytes(block(requestFields("GET", "/page")));
            bomb.writeBytes(large);
            for (int i = 0; i < 10_000; i++) {
                bomb.write(0xbe);
            }
            client.frame(HEADERS, 5, 1, bomb.toByteArray());
            assertThat(client.status(1)).isEqualTo(":status: 431");
            client.frame(HEADERS, 5, 3, (byte) 0x82, (byte) 0x86, (byte) 0x84, (byte) 0x7f, (byte) 0xff);
            assertThat(client.awaitFailure()).isEqualTo(COMPRESSION_ERROR);
        }

        @Test
        void may_use_the_table_that_earlier_ones_filled() {
            serve();
            byte[] path = block(":path: /page");
            path[0] = 0x40;
            ByteArrayOutputStream first = new ByteArrayOutputStream();
            first.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86});
            first.writeBytes(path);
            first.writeBytes(block(":authority: fx.example.com"));
            client.frame(HEADERS, 5, 1, first.toByteArray());
            fake.next().expectHead("GET /page ");
            ByteArrayOutputStream second = new ByteArrayOutputStream();
            second.writeBytes(new byte[] {(byte) 0x83, (byte) 0x86, (byte) 0xbe});
            second.writeBytes(block(":authority: fx.example.com"));
            client.frame(HEADERS, 5, 3, second.toByteArray());
            fake.next().expectHead("POST /page ");
        }
    }

    @Nested
    class A_body {
        private Conversation liberator;

        private int upload(String... fields) {
            serve();
            int stream = client.request(false, "POST", "/up", fields);
            liberator = fake.next();
            liberator.expectHead("POST /up");
            return stream;
        }

        @Test
        void longer_than_declared_reaches_nobody_whole() {
            int stream = upload("content-length: 3");
            client.data(stream, true, "four");
            assertThat(client.awaitReset(stream)).isEqualTo(PROTOCOL_ERROR);
            assertThat(liberator.readUntilGone()).isEmpty();
            assertThat(sluices.refusals().count(Refusal.H2_MESSAGE)).isOne();
        }

        @Test
        void shorter_than_declared_reaches_nobody_whole() {
            int stream = upload("content-length: 5");
            client.data(stream, true, "four");
            assertThat(client.awaitReset(stream)).isEqualTo(PROTOCOL_ERROR);
            assertThat(liberator.readUntilGone()).hasSizeLessThan(5);
        }

        @Test
        void with_pseudo_headers_in_its_trailers_reaches_nobody_whole() {
            int stream = upload();
            client.headers(stream, true, ":path: /other");
            assertThat(client.awaitReset(stream)).isEqualTo(PROTOCOL_ERROR);
            assertThat(liberator.readUntilGone()).doesNotContain("0\r\n\r\n");
        }

        @Test
        void with_trailers_that_end_nothing_reaches_nobody_whole() {
            int stream = upload();
            client.headers(stream, false, "x: y");
            assertThat(client.awaitReset(stream)).isEqualTo(PROTOCOL_ERROR);
            assertThat(liberator.readUntilGone()).doesNotContain("0\r\n\r\n");
        }

        @Test
        void that_the_client_gives_up_reaches_nobody_whole() {
            int stream = upload();
            client.data(stream, false, "part");
            liberator.readChunk();
            client.reset(stream, 8);
            assertThat(liberator.readUntilGone()).isEmpty();
        }

        @Test
        void after_its_end_is_refused() {
            int stream = upload();
            client.data(stream, true, "end");
            client.data(stream, false, "more");
            assertThat(client.awaitReset(stream)).isEqualTo(STREAM_CLOSED);
            client.awaitPing();
        }

        @Test
        void beyond_the_window_of_its_stream_ends_the_stream() {
            int stream = upload("content-length: 10000000");
            byte[] part = new byte[16_384];
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int i = 0; i < 40; i++) {
                frames.writeBytes(frameBytes(part.length, DATA, 0, stream, part));
            }
            client.send(frames.toByteArray());
            client.await(each -> each.type() == RST_STREAM && each.number() == FLOW_CONTROL_ERROR);
        }

        @Test
        void may_be_padded() {
            int stream = upload("content-length: 3");
            client.frame(
                    DATA,
                    PADDED | END_STREAM,
                    stream,
                    (byte) 4,
                    (byte) 'a',
                    (byte) 'b',
                    (byte) 'c',
                    (byte) 0,
                    (byte) 0,
                    (byte) 0,
                    (byte) 0);
            assertThat(liberator.readText(3)).isEqualTo("abc");
        }
    }

    @Nested
    class Too_much {
        private void expectCalm(Refusal reason) {
            assertThat(client.awaitFailure()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(sluices.refusals().count(reason)).isOne();
        }

        private void repeat(int times, byte[] frame) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int i = 0; i < times; i++) {
                frames.writeBytes(frame);
            }
            client.sendAside(frames.toByteArray());
        }

        @Test
        void streams_at_a_time_are_refused_one_by_one() {
            serve();
            for (int i = 0; i < 100; i++) {
                open(client);
            }
            int over = open(client);
            assertThat(client.awaitReset(over)).isEqualTo(REFUSED_STREAM);
            assertThat(sluices.refusals().count(Refusal.H2_STREAMS)).isOne();
            client.reset(1, 8);
            client.headers(client.nextStream(), true, requestFields("GET", "/status"));
            assertThat(client.status(over + 2)).isEqualTo(":status: 403");
        }

        @Test
        void resets_of_the_client_end_the_connection() {
            serve();
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            byte[] request = get();
            for (int stream = 1; stream < 2 * 1000; stream += 2) {
                frames.writeBytes(frameBytes(request.length, HEADERS, 5, stream, request));
                frames.writeBytes(frameBytes(4, RST_STREAM, 0, stream, number(8)));
            }
            client.sendAside(frames.toByteArray());
            expectCalm(Refusal.H2_RESETS);
        }

        @Test
        void resets_that_the_client_provokes_end_the_connection() {
            serve();
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            byte[] request = block(requestFields("POST", "/up"));
            for (int stream = 1; stream < 2 * 1000; stream += 2) {
                frames.writeBytes(frameBytes(request.length, HEADERS, 4, stream, request));
                frames.writeBytes(frameBytes(4, WINDOW_UPDATE, 0, stream, number(0)));
            }
            client.sendAside(frames.toByteArray());
            expectCalm(Refusal.H2_RESETS);
        }

        @Test
        void SETTINGS_end_the_connection() {
            serve();
            repeat(5000, frameBytes(0, SETTINGS, 0, 0));
            expectCalm(Refusal.H2_FLOOD);
        }

        @Test
        void settings_in_one_frame_end_the_connection() {
            serve();
            client.frame(SETTINGS, 0, 0, new byte[6 * 33]);
            expectCalm(Refusal.H2_FLOOD);
        }

        @Test
        void PINGs_end_the_connection() {
            serve();
            repeat(5000, frameBytes(8, PING, 0, 0, new byte[8]));
            expectCalm(Refusal.H2_FLOOD);
        }

        @Test
        void empty_DATA_ends_the_connection() {
            serve();
            int stream = open(client);
            repeat(20_000, frameBytes(0, DATA, 0, stream));
            expectCalm(Refusal.H2_FLOOD);
        }

        @Test
        void padding_alone_ends_the_connection() {
            serve();
            int stream = open(client);
            repeat(20_000, frameBytes(2, DATA, PADDED, stream, (byte) 1, (byte) 0));
            expectCalm(Refusal.H2_FLOOD);
        }

        @Test
        void WINDOW_UPDATEs_end_the_connection() {
            serve();
            int stream = open(client);
            client.settings(4, 1);
            repeat(20_000, frameBytes(4, WINDOW_UPDATE, 0, stream, number(1)));
            expectCalm(Refusal.H2_FLOOD);
        }

        @Test
        void PRIORITYs_end_the_connection() {
            serve();
            repeat(20_000, frameBytes(5, PRIORITY, 0, 1, new byte[5]));
            expectCalm(Refusal.H2_FLOOD);
        }

        @Test
        void unknown_frames_end_the_connection() {
            serve();
            repeat(20_000, frameBytes(1, 0x42, 0, 0, new byte[1]));
            expectCalm(Refusal.H2_FLOOD);
        }
    }

    @Nested
    class A_client_that_takes_nothing {
        @Test
        void is_held_back_and_closed() {
            fake = sluices.liberator();
            sluices.serveHttp2(fake, "stalledClientTimeout: 500ms", "socketSendBuffer: 4KiB");
            client = sluices.closing(Http2Client.connect(sluices.address("plain"), 4096));
            client.greet(Integer.MAX_VALUE);
            client.windowUpdate(0, Integer.MAX_VALUE - 65_535);
            client.get("/large");
            Conversation liberator = fake.next();
            liberator.expectHead("GET /large");
            liberator.sendHead("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked");
            liberator.sendAside(Peer.bytes(Conversation.chunk("x".repeat(1000)).repeat(4000)));
            liberator.awaitClientGone();
            Sluices.await(() ->
                    assertThat(sluices.refusals().count(Refusal.H2_STALLED)).isOne());
        }
    }
}
