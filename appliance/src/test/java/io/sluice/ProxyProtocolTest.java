package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.Refusal;
import io.sluice.proxy.ProxyHeader;
import io.sluice.route.LiberatorState;
import io.sluice.tls.TestAuthority;
import io.sluice.tls.TestContexts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who the client is, as told by load balancers in front and to Liberators behind. */
class ProxyProtocolTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.7", 54321);
    private static final InetSocketAddress SERVICE = new InetSocketAddress("198.51.100.1", 443);
    private static final ProxyHeader HEADER = new ProxyHeader(CLIENT, SERVICE);
    private static final TestAuthority ROOT = TestAuthority.root();
    private static final String LOOPBACK = "[ 127.0.0.0/8 ]";

    @RegisterExtension
    final Sluices sluices = new Sluices();

    @TempDir
    Path folder;

    private FakeLiberator fake;

    /**
     * The listeners {@code plain}, {@code direct}, {@code h2} and {@code secure}, all behind those in {@code accept}.
     */
    private void serveBehind(String accept, String more, String liberator) {
        ROOT.issue(Sluices.HOST).write(folder, "own");
        fake = fake == null ? sluices.liberator() : fake;
        String behind = "proxyProtocol: { accept: " + accept + " }" + more;
        sluices.start("""
                liberators:
                  - { name: lib-a, address: "127.0.0.1:%1$d", health: off%4$s }
                listeners:
                  - { name: plain, bind: "127.0.0.1:0", %2$s }
                  - { name: direct, bind: "127.0.0.1:0", kind: direct, liberator: lib-a, %2$s }
                  - { name: h2, bind: "127.0.0.1:0", protocols: [ h2, http/1.1 ], %2$s }
                  - { name: secure, bind: "127.0.0.1:0", %2$s,
                      tls: { certificates: [ { chain: %3$s/own.pem, key: %3$s/own.key } ] } }
                routes:
                  - { host: %5$s, liberator: lib-a }
                """.formatted(fake.port(), behind, folder, liberator, Sluices.HOST));
    }

    private void serveBehind(String accept) {
        serveBehind(accept, "", "");
    }

    private void awaitRefused(String listener, Refusal reason) {
        Sluices.await(() -> assertThat(sluices.appliance()
                        .accounts()
                        .listener(listener)
                        .refusals()
                        .count(reason))
                .isOne());
    }

    private static byte[] joined(byte[] first, String second) {
        return (Peer.text(first) + second).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String get() {
        return TestClient.request("GET", "/x");
    }

    /** The request comes through as the announced client's, and is answered. */
    private void isServedAs(TestClient client, String address) {
        Conversation liberator = fake.next();
        assertThat(liberator.expectHead("GET /x")).contains("\r\nX-Forwarded-For: " + address + "\r\n");
        liberator.answer("ok");
        client.readUntil("ok");
    }

    @Nested
    class A_listed_peer {
        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void announces_the_client_to_everything(int version) {
            serveBehind(LOOPBACK);
            TestClient client = sluices.client()
                    .send(joined(version == 1 ? HEADER.v1() : HEADER.v2(), TestClient.request("GET", "/x")));
            Conversation liberator = fake.next();
            assertThat(liberator.expectHead("GET /x")).contains("\r\nX-Forwarded-For: 192.0.2.7\r\n");
            assertThat(sluices.stream().origin().client()).isEqualTo(CLIENT);
            liberator.answer("ok");
            client.readUntil("ok");
        }

        @Test
        void may_send_its_header_in_pieces_and_the_client_may_wait() {
            serveBehind(LOOPBACK);
            TestClient client = sluices.client();
            for (byte each : HEADER.v2()) {
                client.send(new byte[] {each});
            }
            client.send(get());
            isServedAs(client, "192.0.2.7");
        }

        @Test
        void announces_Direct_clients_and_what_they_sent_with_it_comes_through() {
            serveBehind(LOOPBACK);
            TestClient client = sluices.client("direct").send(joined(HEADER.v1(), "0 LOGIN\n"));
            Conversation liberator = fake.next();
            assertThat(liberator.readText(8)).isEqualTo("0 LOGIN\n");
            assertThat(sluices.stream().origin().client()).isEqualTo(CLIENT);
            liberator.send("1 OK\n");
            assertThat(client.readText(5)).isEqualTo("1 OK\n");
        }

        @Test
        void announces_clients_of_IPv6_whose_port_can_be_told_from_their_address() {
            serveBehind(LOOPBACK);
            try (LogLines lines = new LogLines("sluice.streams")) {
                sluices.client("direct").send("PROXY TCP6 2001:db8::7 2001:db8::1 54321 443\r\n0 LOGIN\n");
                assertThat(fake.next().readText(8)).isEqualTo("0 LOGIN\n");
                Sluices.await(() -> assertThat(lines.all())
                        .anySatisfy(line -> assertThat(line.getFormattedMessage())
                                .startsWith("stream.open ")
                                .contains(" client=[2001:db8:0:0:0:0:0:7]:54321 ")));
            }
        }

        @Test
        void announces_a_client_that_says_nothing_itself() {
            serveBehind(LOOPBACK);
            TestClient client = sluices.client("direct").send(HEADER.v2());
            fake.next().send("WELCOME\n");
            assertThat(client.readText(8)).isEqualTo("WELCOME\n");
        }

        @Test
        void announces_before_TLS() throws IOException {
            serveBehind(LOOPBACK);
            TestClient client = sluices.closing(TestClient.connectTls(
                    sluices.address("secure"), HEADER.v2(), TestContexts.of(null, ROOT), Sluices.HOST, asked -> {}));
            client.send(get());
            isServedAs(client, "192.0.2.7");
        }

        @Test
        void may_send_its_header_and_the_start_of_TLS_in_one_piece() throws Exception {
            serveBehind(LOOPBACK);
            SSLContext context = TestContexts.of(null, ROOT);
            SSLEngine engine = context.createSSLEngine(Sluices.HOST, 443);
            engine.setUseClientMode(true);
            engine.beginHandshake();
            ByteBuffer hello = ByteBuffer.allocate(32 * 1024);
            engine.wrap(ByteBuffer.allocate(0), hello);
            byte[] bytes = new byte[hello.flip().remaining()];
            hello.get(bytes);
            TestClient client = sluices.client("secure").send(joined(HEADER.v1(), Peer.text(bytes)));
            assertThat(client.readExactly(2)).as("a handshake record").containsExactly(0x16, 3);
            client.close();
            awaitRefused("secure", Refusal.TLS_LEFT);
        }

        @Test
        void announces_HTTP2_clients_whose_preface_comes_with_the_header() {
            serveBehind(LOOPBACK);
            TestClient client = sluices.client("h2")
                    .send(joined(HEADER.v2(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"));
            assertThat(client.readExactly(4)[3]).as("SETTINGS").isEqualTo((byte) 4);
            client.close();
        }

        @Test
        void announces_HTTP1_clients_on_a_listener_for_both() {
            serveBehind(LOOPBACK);
            isServedAs(sluices.client("h2").send(joined(HEADER.v2(), get())), "192.0.2.7");
            TestClient later = sluices.client("h2").send(HEADER.v1());
            isServedAs(later.send(get()), "192.0.2.7");
        }

        @ParameterizedTest
        @ValueSource(strings = {"PROXY UNKNOWN\r\n", "LOCAL"})
        void that_speaks_for_itself_counts_as_itself(String header) {
            serveBehind(LOOPBACK);
            byte[] bytes = header.equals("LOCAL") ? ProxyHeader.localV2() : Peer.bytes(header);
            isServedAs(sluices.client().send(joined(bytes, get())), "127.0.0.1");
        }

        @Test
        void that_only_looks_whether_somebody_listens_is_no_refusal() {
            serveBehind(LOOPBACK);
            sluices.client().close();
            Sluices.await(() -> {
                assertThat(sluices.appliance().accounts().listener("plain").acceptedTotal())
                        .isOne();
                assertThat(sluices.appliance().accounts().listener("plain").active())
                        .isZero();
            });
            assertThat(sluices.refusals().total()).isZero();
        }
    }

    @Nested
    class Refused_is {
        @Test
        void a_peer_that_is_not_listed_whatever_it_sends() {
            serveBehind("[ 192.0.2.0/24, \"2001:db8::/32\" ]");
            sluices.awaitRefused("plain");
            awaitRefused("plain", Refusal.PROXY_PEER);
            assertThat(fake.visits()).isZero();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "GET /x HTTP/1.1\r\nHost: fx.example.com\r\n\r\n",
                    "PROXY TCP4 192.0.2.7 198.51.100.1 54321 0443\r\n",
                    "PROXY TCP4 192.0.2.7 198.51.100.1 54321 443\n",
                    "\r\n\r\n\0\r\nQUIT\n\u0021\u0041\0\0"
                })
        void what_is_no_header_or_could_be_read_in_two_ways(String bytes) {
            serveBehind(LOOPBACK);
            sluices.client().send(bytes).awaitReset();
            awaitRefused("plain", Refusal.PROXY_HEADER);
            assertThat(fake.visits()).isZero();
        }

        @Test
        void a_header_that_breaks_off() {
            serveBehind(LOOPBACK);
            sluices.client().send("PROXY TCP4 192.0.2.7").halfClose();
            awaitRefused("plain", Refusal.PROXY_HEADER);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "PROXY TCP4 192.0.2.7"})
        void a_header_that_takes_too_long(String start) {
            serveBehind(LOOPBACK + ", timeout: 100ms");
            sluices.client().send(start).awaitReset();
            awaitRefused("plain", Refusal.PROXY_TIMEOUT);
        }

        @Test
        void a_header_inside_TLS() throws IOException {
            serveBehind(LOOPBACK);
            TestClient client = sluices.closing(TestClient.connectTls(
                    sluices.address("secure"), HEADER.v1(), TestContexts.of(null, ROOT), Sluices.HOST, asked -> {}));
            client.send(joined(HEADER.v1(), get()));
            assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
        }

        @Test
        void a_second_header() {
            serveBehind(LOOPBACK);
            TestClient client = sluices.client().send(joined(HEADER.v1(), "PROXY UNKNOWN\r\n" + get()));
            assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
            assertThat(fake.visits()).isZero();
        }
    }

    @Nested
    class Limits {
        @Test
        void count_the_client_that_is_announced() {
            serveBehind(LOOPBACK, ", limits: { connectionsPerAddress: 1 }", "");
            isServedAs(sluices.client().send(joined(HEADER.v1(), get())), "192.0.2.7");
            sluices.client().send(joined(HEADER.v2(), get())).awaitReset();
            awaitRefused("plain", Refusal.ADDRESS_LIMIT);
            ProxyHeader other = new ProxyHeader(new InetSocketAddress("192.0.2.8", 1), SERVICE);
            isServedAs(sluices.client().send(joined(other.v1(), get())), "192.0.2.8");
        }

        @Test
        void deny_the_client_that_is_announced_and_not_its_load_balancer() {
            serveBehind(LOOPBACK, ", limits: { deny: [ 192.0.2.7, 127.0.0.1 ] }", "");
            sluices.client().send(joined(HEADER.v1(), get())).awaitReset();
            awaitRefused("plain", Refusal.ADDRESS_DENIED);
            ProxyHeader other = new ProxyHeader(new InetSocketAddress("192.0.2.8", 1), SERVICE);
            isServedAs(sluices.client().send(joined(other.v1(), get())), "192.0.2.8");
        }
    }

    @Nested
    class A_Liberator_that_wants_to_know {
        private String expected(TestClient client, int version) {
            ProxyHeader header =
                    new ProxyHeader(client.localAddress(), new InetSocketAddress("127.0.0.1", client.peerPort()));
            return Peer.text(version == 1 ? header.v1() : header.v2());
        }

        private void serve(int version) {
            fake = sluices.liberator();
            sluices.start(Sluices.one(fake.port()).replace("health: off", "health: off, proxyProtocol: v" + version));
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void is_told_before_the_first_request_of_a_connection_and_not_again(int version) {
            serve(version);
            TestClient client = sluices.client().get("/one");
            Conversation liberator = fake.next();
            String expected = expected(client, version);
            assertThat(liberator.readText(expected.length())).isEqualTo(expected);
            liberator.expectHead("GET /one");
            liberator.answer("1");
            client.readUntil("\r\n\r\n1");
            client.get("/two");
            liberator.expectHead("GET /two");
            liberator.answer("2");
            client.readUntil("\r\n\r\n2");
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void is_told_before_a_WebSocket(int version) {
            serve(version);
            TestClient client = sluices.client().send(WebSocketTest.HANDSHAKE);
            Conversation liberator = fake.next();
            String expected = expected(client, version);
            assertThat(liberator.readText(expected.length())).isEqualTo(expected);
            liberator.expectHead("GET /RTTP-TYPE8");
            liberator.send101();
            client.readHead();
            client.send("ping");
            assertThat(liberator.readText(4)).isEqualTo("ping");
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void is_told_of_a_Direct_client_that_waits_for_it_to_speak(int version) {
            serve(version);
            TestClient client = sluices.client("direct");
            Conversation liberator = fake.next();
            String expected = expected(client, version);
            assertThat(liberator.readText(expected.length())).isEqualTo(expected);
            liberator.send("WELCOME\n");
            assertThat(client.readText(8)).isEqualTo("WELCOME\n");
            client.send("LOGIN\n");
            assertThat(liberator.readText(6)).isEqualTo("LOGIN\n");
        }

        @Test
        void is_told_before_TLS() {
            TestAuthority.Issued own = ROOT.issue(Sluices.HOST);
            fake = sluices.closing(FakeLiberator.startTls(TestContexts.of(own, null)));
            sluices.start(Sluices.one(fake.port())
                    .replace("health: off", "health: off, proxyProtocol: v2, tls: { verify: none }"));
            TestClient client = sluices.client().get("/x");
            Conversation liberator = fake.next();
            String expected = expected(client, 2);
            assertThat(Peer.text(liberator.readBelowTls(expected.length()))).isEqualTo(expected);
            liberator.expectHead("GET /x");
            liberator.answer("ok");
            client.readUntil("ok");
        }

        @Test
        void is_told_of_the_client_that_was_announced_to_us() {
            serveBehind(LOOPBACK, "", ", proxyProtocol: v1");
            TestClient client = sluices.client().send(joined(HEADER.v2(), get()));
            Conversation liberator = fake.next();
            String expected = Peer.text(HEADER.v1());
            assertThat(liberator.readText(expected.length())).isEqualTo(expected);
            assertThat(liberator.expectHead("GET /x")).contains("X-Forwarded-For: 192.0.2.7\r\n");
            liberator.answer("ok");
            client.readUntil("ok");
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void is_told_that_a_probe_is_of_no_client(int version) {
            fake = sluices.liberator();
            sluices.start(Sluices.one(fake.port())
                    .replace(
                            "health: off",
                            "health: { check: { http: /alive, expect: 200 } }, proxyProtocol: v" + version));
            Conversation probe = fake.next();
            String expected = Peer.text(version == 1 ? ProxyHeader.localV1() : ProxyHeader.localV2());
            assertThat(probe.readText(expected.length())).isEqualTo(expected);
            probe.expectHead("GET /alive");
            probe.answer("ok");
        }
    }

    /** HAProxy on the other side of each header: nobody here wrote its reader or its writer. */
    @Nested
    class With_HAProxy {
        @ParameterizedTest
        @ValueSource(
                strings = {"send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options crc32c,unique-id,authority"})
        void in_front_the_client_is_seen(String option) {
            HaProxy.assumeThere();
            serveBehind(LOOPBACK);
            HaProxy front = sluices.closing(HaProxy.start(
                    folder, """
                    listen front
                      mode tcp
                      bind 127.0.0.1:PORT
                      server sluice 127.0.0.1:%d %s
                    """.formatted(sluices.address("direct").getPort(), option)));
            fake.next().close(); // the look whether HAProxy listens
            TestClient client =
                    sluices.closing(TestClient.connect(front.address())).send("LOGIN\n");
            Conversation liberator = fake.next();
            assertThat(liberator.readText(6)).isEqualTo("LOGIN\n");
            Sluices.await(
                    () -> assertThat(sluices.appliance().accounts().streams().streams())
                            .anyMatch(each -> each.origin().client().equals(client.localAddress())));
            liberator.send("OK\n");
            assertThat(client.readText(3)).isEqualTo("OK\n");
            assertThat(sluices.appliance()
                            .accounts()
                            .listener("direct")
                            .refusals()
                            .total())
                    .isZero();
        }

        @ParameterizedTest
        @ValueSource(strings = {"send-proxy", "send-proxy-v2"})
        void in_front_its_checks_are_let_in(String option) {
            HaProxy.assumeThere();
            serveBehind(LOOPBACK);
            sluices.closing(
                    HaProxy.start(folder, """
                    listen front
                      mode tcp
                      bind 127.0.0.1:PORT
                      server sluice 127.0.0.1:%d %s check inter 100ms
                    """.formatted(sluices.address("plain").getPort(), option)));
            Sluices.await(() -> assertThat(
                            sluices.appliance().accounts().listener("plain").acceptedTotal())
                    .isGreaterThan(3));
            assertThat(sluices.refusals().total()).isZero();
        }

        @ParameterizedTest
        @ValueSource(strings = {"v1", "v2"})
        void behind_the_client_is_told_and_probes_are_let_in(String version) {
            HaProxy.assumeThere();
            fake = sluices.liberator();
            HaProxy behind = sluices.closing(HaProxy.start(folder, """
                    listen behind
                      mode http
                      bind 127.0.0.1:PORT accept-proxy
                      http-request set-header X-Seen %%[src]:%%[src_port]
                      http-request return status 204 if { path /alive }
                      server liberator 127.0.0.1:%d
                    """.formatted(fake.port())));
            sluices.start(Sluices.one(behind.port())
                    .replace(
                            "health: off",
                            "health: { check: { http: /alive, expect: 204 } }, proxyProtocol: " + version));
            Sluices.await(() -> assertThat(sluices.appliance()
                            .router()
                            .table()
                            .liberators()
                            .iterator()
                            .next()
                            .health()
                            .state())
                    .isEqualTo(LiberatorState.UP));
            TestClient client = sluices.client().get("/x");
            Conversation liberator = fake.next();
            assertThat(liberator.expectHead("GET /x").toLowerCase(Locale.ROOT))
                    .contains("x-seen: 127.0.0.1:" + client.localAddress().getPort() + "\r\n");
            liberator.answer("ok");
            client.readUntil("ok");
        }
    }
}
