package io.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoLiberatorTest {
    private static final String PRICE =
            "Q-[0-9a-f]{12} 1 Q [A-Z]+/[A-Z]+ Bid=[0-9.]+ Ask=[0-9.]+ Seq=[0-9]+ At=[0-9]{13}";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private DemoLiberator liberator;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        // A name of its own, so that the threads of this test are known by theirs.
        liberator = new DemoLiberator("Q", loopback(0), loopback(0), new DemoMarket(1));
        liberator.messagesPerSecond(50);
        client = new RawClient(liberator.httpAddress());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        liberator.close();
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(LIMIT)
                .until(() -> threads() == 0);
    }

    @Nested
    class Each_kind_of_stream_opens_with_the_session_and_carries_prices_with_the_Liberators_name {
        @Test
        void direct() throws IOException {
            try (RawClient direct = new RawClient(liberator.directAddress())) {
                assertThat(direct.line()).matches("Q-[0-9a-f]{12} 0 Q HELLO Kind=direct");
                assertThat(direct.line()).matches(PRICE);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"GET", "POST"})
        void http_stream(String method) throws IOException {
            client.say(method + " /RTTP-TYPE2 HTTP/1.1\r\nHost: liberator\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200 OK\n").contains("Transfer-Encoding: chunked\n");
            assertThat(client.chunk()).matches("Q-[0-9a-f]{12} 0 Q HELLO Kind=http-stream\n");
            assertThat(client.chunk().lines()).isNotEmpty().allMatch(line -> line.matches(PRICE));
        }

        @Test
        void http_stream_to_a_client_of_HTTP_1_0_without_chunks() throws IOException {
            client.say("GET /RTTP-TYPE2 HTTP/1.0\r\n\r\n");
            assertThat(client.head()).contains("Connection: close\n").doesNotContain("chunked");
            assertThat(client.line()).contains(" HELLO ");
            assertThat(client.line()).matches(PRICE);
        }

        @Test
        void forever_frame() throws IOException {
            client.get("/RTTP-TYPE5?X-RTTP-Type5-Pad-Length=4096&origin=http%3A%2F%2Fpage.example%3A8090");
            assertThat(client.head()).contains("Content-Type: text/html");
            assertThat(client.chunk())
                    .contains("parent.postMessage({rttp:line},\"http://page.example:8090\")")
                    .containsPattern("<script>a\\(\"Q-[0-9a-f]{12} 0 Q HELLO Kind=forever-frame\"\\)</script>\n$");
            assertThat(client.chunk().lines())
                    .isNotEmpty()
                    .allMatch(line -> line.matches("<script>a\\(\"" + PRICE + "\"\\)</script>"));
        }

        @Test
        void server_sent_events() throws IOException {
            client.get("/RTTP-TYPE9");
            assertThat(client.head()).contains("Content-Type: text/event-stream\n");
            assertThat(client.chunk()).matches("data: Q-[0-9a-f]{12} 0 Q HELLO Kind=sse\n\n");
            assertThat(client.chunk()).matches("(data: " + PRICE + "\n\n)+");
        }

        @Test
        void websocket() throws Exception {
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create(
                                    "ws://127.0.0.1:" + liberator.httpAddress().getPort() + "/RTTP-TYPE8"),
                            new Listener(heard))
                    .get(10, TimeUnit.SECONDS);
            assertThat(heard.poll(10, TimeUnit.SECONDS)).matches("Q-[0-9a-f]{12} 0 Q HELLO Kind=websocket");
            assertThat(heard.poll(10, TimeUnit.SECONDS).lines()).allMatch(line -> line.matches(PRICE));
            socket.sendText("Q-0 NOOP", true);
            waitFor(heard, "Q-[0-9a-f]{12} OK NOOP");
            socket.sendPing(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            waitFor(heard, "pong of 3 bytes");
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
            waitFor(heard, "closed 1000");
        }

        private void waitFor(BlockingQueue<String> heard, String pattern) throws InterruptedException {
            String message = heard.poll(10, TimeUnit.SECONDS);
            while (message != null && !message.matches(pattern)) {
                message = heard.poll(10, TimeUnit.SECONDS);
            }
            assertThat(message).as("a message like " + pattern).isNotNull();
        }

        @Test
        void poll() throws IOException {
            client.get("/RTTP-TYPE3");
            List<String> first = client.body(client.head()).lines().toList();
            assertThat(first.get(0)).matches("Q-[0-9a-f]{12} 0 Q HELLO Kind=poll");
            assertThat(first).hasSizeGreaterThan(1);
            assertThat(first.subList(1, first.size())).allMatch(line -> line.matches(PRICE));
        }
    }

    @Nested
    class A_poll {
        @Test
        void returns_what_was_queued_since_the_last_without_a_gap_and_keeps_the_connection() throws IOException {
            client.get("/RTTP-TYPE3");
            String session = session(client.body(client.head()));
            int next = 1 + 4;
            for (int polls = 0; polls < 3; ) {
                List<String> lines = client.post("/RTTP-TYPE3", session)
                        .body(client.head())
                        .lines()
                        .toList();
                for (String line : lines) {
                    if (line.matches(PRICE)) {
                        assertThat(line).startsWith(session + " ").contains(" Seq=" + next + " ");
                        next++;
                    }
                }
                polls += lines.get(0).matches(PRICE) ? 1 : 0;
            }
        }

        @Test
        void is_never_empty_even_without_prices() throws IOException {
            liberator.messagesPerSecond(0);
            client.get("/RTTP-TYPE3");
            String session = session(client.body(client.head()));
            assertThat(client.post("/RTTP-TYPE3", session).body(client.head()))
                    .matches(session + " 2 Q HEARTBEAT At=[0-9]{13}\n");
        }

        @Test
        void of_a_session_that_another_Liberator_opened_is_not_found() throws IOException {
            client.post("/RTTP-TYPE3", "A-0123456789ab");
            assertThat(client.head()).startsWith("HTTP/1.1 404 ");
        }
    }

    @Nested
    class A_command {
        @ParameterizedTest
        @ValueSource(strings = {"/RTTP-TYPE2", "/RTTP-TYPE3", "/RTTP-TYPE5", "/RTTP-TYPE9"})
        void on_a_connection_of_its_own_is_answered_for_the_session_of_the_stream(String path) throws IOException {
            client.get("/RTTP-TYPE2");
            client.head();
            String session = session(client.chunk());
            try (RawClient commands = new RawClient(liberator.httpAddress())) {
                commands.post(path, session + " REQUEST FX/EURUSD");
                assertThat(commands.body(commands.head())).isEqualTo(session + " OK REQUEST\n");
                commands.post(path, session + " LOGIN trader secret");
                assertThat(commands.body(commands.head())).isEqualTo(session + " OK LOGIN\n");
            }
        }

        @Test
        void in_chunks_is_understood() throws IOException {
            client.get("/RTTP-TYPE3");
            String session = session(client.body(client.head()));
            client.say("POST /RTTP-TYPE3 HTTP/1.1\r\nHost: liberator\r\nTransfer-Encoding: chunked\r\n\r\n" + "7\r\n"
                    + session.substring(0, 7) + "\r\n" + Integer.toHexString(session.length() - 1) + "\r\n"
                    + session.substring(7) + " NOOP \r\n0\r\n\r\n");
            assertThat(client.body(client.head())).isEqualTo(session + " OK NOOP\n");
        }

        @Test
        void over_Direct_is_answered_on_the_same_connection() throws IOException {
            try (RawClient direct = new RawClient(liberator.directAddress())) {
                String session = session(direct.line());
                direct.say(session + " NOOP\n");
                String line = direct.line();
                while (line.matches(PRICE)) {
                    line = direct.line();
                }
                assertThat(line).isEqualTo(session + " OK NOOP");
            }
        }

        @Test
        void longer_than_the_limit_is_refused_and_the_connection_closed() throws IOException {
            client.say("POST /RTTP-TYPE2 HTTP/1.1\r\nHost: liberator\r\nContent-Length: 16385\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 413 ").contains("Connection: close\n");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Nested
    class Padding {
        @Test
        void of_a_forever_frame_is_4_KiB_unless_asked_otherwise() throws IOException {
            client.get("/RTTP-TYPE5");
            client.head();
            assertThat(client.chunk()).contains(" ".repeat(4095) + "\n<script>");
        }

        @Test
        void of_an_HTTP_stream_is_a_blank_line_of_the_length_asked_for_in_query_or_body() throws IOException {
            client.get("/RTTP-TYPE2?X-RTTP-Type2-Pad-Length=2048");
            client.head();
            assertThat(client.chunk()).startsWith(" ".repeat(2047) + "\nQ-");
            try (RawClient other = new RawClient(liberator.httpAddress())) {
                other.post("/RTTP-TYPE2", "X-RTTP-Type2-Pad-Length=100");
                other.head();
                assertThat(other.chunk()).startsWith(" ".repeat(99) + "\nQ-");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"-1", "65537", "many", "99999999999"})
        void of_a_length_that_makes_no_sense_is_refused(String length) throws IOException {
            client.get("/RTTP-TYPE5?X-RTTP-Type5-Pad-Length=" + length);
            assertThat(client.head()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Nested
    class A_WebSocket_handshake {
        @Test
        void is_accepted_as_in_the_example_of_RFC_6455() throws IOException {
            client.say(handshake("dGhlIHNhbXBsZSBub25jZQ==", "13"));
            assertThat(client.head())
                    .startsWith("HTTP/1.1 101 Switching Protocols\n")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "c2hvcnQ=", "not base64, but 24 chars"})
        void without_a_key_of_16_bytes_is_refused(String key) throws IOException {
            client.say(handshake(key, "13"));
            assertThat(client.head()).startsWith("HTTP/1.1 400 ");
            assertThat(client.isClosedByServer()).isTrue();
        }

        @Test
        void of_another_version_is_refused() throws IOException {
            client.say(handshake("dGhlIHNhbXBsZSBub25jZQ==", "8"));
            assertThat(client.head()).startsWith("HTTP/1.1 426 ").contains("Sec-WebSocket-Version: 13\n");
        }

        @Test
        void that_is_a_plain_GET_is_refused() throws IOException {
            client.get("/RTTP-TYPE8");
            assertThat(client.head()).startsWith("HTTP/1.1 400 ");
        }

        @Test
        void is_followed_by_masked_frames_only() throws IOException {
            liberator.messagesPerSecond(0);
            client.say(handshake("dGhlIHNhbXBsZSBub25jZQ==", "13"));
            client.head();
            client.say(new byte[] {(byte) 0x81, 1, 'x'});
            byte[] frame = frame();
            while ((frame[0] & 0x0f) != 8) {
                frame = frame();
            }
            assertThat(ByteBuffer.wrap(frame, 1, 2).getShort()).isEqualTo((short) 1002);
        }

        private byte[] frame() throws IOException {
            byte[] head = client.bytes(2);
            int length = head[1] == 126 ? ByteBuffer.wrap(client.bytes(2)).getShort() : head[1];
            return ByteBuffer.allocate(1 + length)
                    .put(head[0])
                    .put(client.bytes(length))
                    .array();
        }

        private String handshake(String key, String version) {
            return "GET /RTTP-TYPE8 HTTP/1.1\r\nHost: liberator\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                    + (key.isEmpty() ? "" : "Sec-WebSocket-Key: " + key + "\r\n")
                    + "Sec-WebSocket-Version: " + version + "\r\n\r\n";
        }
    }

    @Nested
    class The_rate {
        @Test
        void may_change_while_streams_are_open() throws IOException {
            try (RawClient direct = new RawClient(liberator.directAddress())) {
                liberator.messagesPerSecond(20);
                long slowNanos = nanosFor(direct, 20);
                liberator.messagesPerSecond(1_000);
                long fastNanos = nanosFor(direct, 20);
                assertThat(fastNanos).isLessThan(slowNanos);
            }
        }

        @Test
        void of_0_leaves_heartbeats_only() throws IOException {
            liberator.messagesPerSecond(0);
            try (RawClient direct = new RawClient(liberator.directAddress())) {
                assertThat(direct.line()).contains(" HELLO ");
                for (int image = 0; image < 4; image++) {
                    assertThat(direct.line()).matches(PRICE);
                }
                assertThat(direct.line()).contains(" 2 Q HEARTBEAT At=");
                liberator.messagesPerSecond(100);
                assertThat(direct.line()).matches(PRICE);
            }
        }

        @Test
        void must_be_a_number_within_limits() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> liberator.messagesPerSecond(-1))
                    .withMessage("messages per second is -1.0 (allowed: 0 to 10000)");
            assertThatIllegalArgumentException().isThrownBy(() -> liberator.messagesPerSecond(Double.NaN));
        }

        private long nanosFor(RawClient direct, int prices) throws IOException {
            for (int before = 0; before < 30; before++) {
                direct.line(); // what was on its way at the rate before
            }
            long startNanos = System.nanoTime();
            for (int i = 0; i < prices; i++) {
                direct.line();
            }
            return System.nanoTime() - startNanos;
        }
    }

    @Nested
    class A_client_that_leaves {
        @ParameterizedTest
        @ValueSource(strings = {"/RTTP-TYPE2", "/RTTP-TYPE5", "/RTTP-TYPE9"})
        void ends_the_thread_of_its_silent_stream(String path) throws IOException {
            liberator.messagesPerSecond(0);
            client.get(path);
            client.head();
            assertThat(threads()).isEqualTo(3);
            client.close();
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(LIMIT)
                    .until(() -> threads() == 2 && liberator.openConnections() == 0);
        }

        @Test
        void ends_the_thread_of_its_idle_connection() throws IOException {
            client.get("/");
            client.body(client.head());
            client.close();
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(LIMIT)
                    .until(() -> threads() == 2);
        }

        @Test
        void within_a_request_ends_its_thread() throws IOException {
            client.say("POST /RTTP-TYPE2 HTTP/1.1\r\nHost: liberator\r\nContent-Length: 10\r\n\r\nabc");
            client.close();
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(LIMIT)
                    .until(() -> liberator.acceptedConnections() == 1 && threads() == 2);
        }
    }

    @Nested
    class Plain_requests {
        @Test
        void are_answered_in_turn_on_one_connection() throws IOException {
            client.get("/url-check.gif?1764000000000");
            String head = client.head();
            assertThat(head).startsWith("HTTP/1.1 200 OK\n").contains("Content-Type: image/gif\n");
            assertThat(client.body(head)).startsWith("GIF89a");
            client.get("/");
            assertThat(client.body(client.head())).isEqualTo("Demo Liberator Q\n");
            client.get("/status");
            assertThat(client.body(client.head())).contains("Sluice has failed to hide it");
            client.get("/elsewhere");
            head = client.head();
            assertThat(head).startsWith("HTTP/1.1 404 ");
            client.body(head);
            client.say("HEAD / HTTP/1.1\r\nHost: liberator\r\nConnection: close\r\n\r\n");
            assertThat(client.head()).contains("Content-Length: 17\n").contains("Connection: close\n");
            assertThat(client.isClosedByServer()).isTrue();
        }

        @Test
        void from_a_page_elsewhere_are_let_in_by_origin() throws IOException {
            client.get("/RTTP-TYPE9");
            assertThat(client.head()).contains("Access-Control-Allow-Origin: http://page.example\n");
            try (RawClient other = new RawClient(liberator.httpAddress())) {
                other.say("OPTIONS /RTTP-TYPE3 HTTP/1.1\r\nHost: liberator\r\nOrigin: https://other.example\r\n"
                        + "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x-a, x-b\r\n\r\n");
                assertThat(other.head())
                        .startsWith("HTTP/1.1 204 ")
                        .contains("Access-Control-Allow-Origin: https://other.example\n")
                        .contains("Access-Control-Allow-Methods: GET, POST, OPTIONS\n")
                        .contains("Access-Control-Allow-Headers: x-a, x-b\n");
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "hello\r\n\r\n",
                    "GET / HTTP/1.1\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
                    "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
                    "POST /RTTP-TYPE9 HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET /RTTP-TYPE5?origin=http://a\"-alert(1) HTTP/1.1\r\nHost: a\r\n\r\n"
                })
        void that_are_bad_get_400_and_the_connection_is_closed(String bad) throws IOException {
            client.say(bad);
            assertThat(client.head()).startsWith("HTTP/1.1 400 ").contains("Connection: close\n");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Nested
    class Its_addresses {
        @Test
        void that_are_taken_are_named() {
            InetSocketAddress taken = liberator.httpAddress();
            assertThatThrownBy(() -> new DemoLiberator("B", taken, loopback(0)))
                    .isInstanceOf(BindException.class)
                    .hasMessageStartingWith(
                            "demo Liberator B cannot listen for HTTP on 127.0.0.1:" + taken.getPort() + ": ");
            assertThatThrownBy(() -> new DemoLiberator("B", loopback(0), taken))
                    .isInstanceOf(BindException.class)
                    .hasMessageStartingWith(
                            "demo Liberator B cannot listen for Direct on 127.0.0.1:" + taken.getPort() + ": ");
        }

        @Test
        void are_free_again_once_it_is_closed_and_its_streams_are_cut() throws IOException {
            client.get("/RTTP-TYPE2");
            client.head();
            InetSocketAddress http = liberator.httpAddress();
            InetSocketAddress direct = liberator.directAddress();
            liberator.close();
            assertThat(client.isClosedByServer()).isTrue();
            liberator = new DemoLiberator("Q", http, direct, new DemoMarket(1));
            assertThat(liberator.httpAddress()).isEqualTo(http);
        }

        @Test
        void belong_to_a_name_that_can_stand_in_a_line() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new DemoLiberator("two words", loopback(0), loopback(0)))
                    .withMessageContaining("'two words'");
        }
    }

    private static String session(String firstLine) {
        return firstLine.substring(0, firstLine.indexOf(' '));
    }

    /** Those of this Liberator that are alive: two that accept, and one for each connection. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("demo-liberator-Q-"))
                .count();
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    private static final class Listener implements WebSocket.Listener {
        private final BlockingQueue<String> heard;
        private final StringBuilder message = new StringBuilder();

        Listener(BlockingQueue<String> heard) {
            this.heard = heard;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                heard.add(message.toString());
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
            heard.add("pong of " + data.remaining() + " bytes");
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            heard.add("closed " + code);
            return null;
        }
    }
}
