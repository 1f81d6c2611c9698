package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Phase;
import io.sluice.account.Refusal;
import io.sluice.tls.TestAuthority;
import io.sluice.tls.TestAuthority.Issued;
import io.sluice.tls.TestAuthority.Wanted;
import io.sluice.tls.TestContexts;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that speak TLS: the handshake, names, sessions that are resumed, and how connections end. */
class TlsTest {
    private static final String A = "fx.example.com";
    private static final String B = "b.example.com";
    private static final TestAuthority ROOT = TestAuthority.root();
    private static final TestAuthority MIDDLE = ROOT.intermediate();

    @RegisterExtension
    final Sluices sluices = new Sluices();

    @TempDir
    Path folder;

    private final SSLContext client = TestContexts.of(null, ROOT);
    private FakeLiberator fake;
    private Issued ec;
    private Issued rsa;

    @BeforeEach
    void certificates() {
        ec = MIDDLE.issue(A, B).write(folder, "ec");
        rsa = MIDDLE.issue(new Wanted().names(A, B).rsa()).write(folder, "rsa");
        fake = sluices.liberator();
    }

    /**
     * Listeners {@code secure} and {@code secure-direct} with an EC and an RSA certificate, {@code more} in their TLS.
     */
    private void serve(String more, String... defaults) {
        String tls = """
                tls: { certificates: [ { chain: %1$s/ec.pem, key: %1$s/ec.key }, { chain: %1$s/rsa.pem, key: %1$s/rsa.key } ]%2$s }
                """.formatted(folder, more).strip();
        sluices.start(Sluices.one(fake.port(), defaults).replace("routes:\n", """
                  - { name: secure, bind: "127.0.0.1:0", %1$s }
                  - { name: secure-direct, bind: "127.0.0.1:0", kind: direct, liberator: lib-a, %1$s }
                routes:
                  - { host: %2$s, liberator: lib-a }
                """.formatted(tls, B)));
    }

    private TestClient connect(SSLContext context, @Nullable String name, Consumer<SSLParameters> asked)
            throws IOException {
        return sluices.closing(TestClient.connectTls(sluices.address("secure"), context, name, asked));
    }

    private TestClient connect(@Nullable String name, String version) throws IOException {
        return connect(client, name, asked -> asked.setProtocols(new String[] {version}));
    }

    private TestClient connectDirect(String version) throws IOException {
        return sluices.closing(TestClient.connectTls(
                sluices.address("secure-direct"), client, A, asked -> asked.setProtocols(new String[] {version})));
    }

    private void awaitRefused(Refusal reason) {
        Sluices.await(() -> assertThat(refusals("secure", reason)).isOne());
    }

    private long refusals(String listener, Refusal reason) {
        return sluices.appliance().accounts().listener(listener).refusals().count(reason);
    }

    private static X509Certificate shown(TestClient connected) throws IOException {
        return (X509Certificate) connected.secure().getSession().getPeerCertificates()[0];
    }

    private static String get(String host) {
        return "GET /x HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    @Nested
    class The_handshake {
        @ParameterizedTest
        @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
        void leads_to_requests_and_answers(String version) throws Exception {
            serve("");
            TestClient connected = connect(A, version);
            assertThat(connected.secure().getSession().getProtocol()).isEqualTo(version);
            connected.send(get(A));
            Conversation liberator = fake.next();
            assertThat(liberator.expectHead("GET /x")).contains("X-Forwarded-Proto: https");
            liberator.answer("one");
            assertThat(connected.readUntil("one")).startsWith("HTTP/1.1 200");
            connected.send(get(A));
            liberator.expectHead("GET /x");
            liberator.answer("two");
            connected.readUntil("two");
            assertThat(fake.visits()).isOne();
        }

        @Test
        void shows_the_whole_chain() throws Exception {
            serve("");
            assertThat(connect(A, "TLSv1.3").secure().getSession().getPeerCertificates())
                    .containsExactly(ec.certificate(), MIDDLE.certificate());
        }

        @Test
        void shows_the_certificate_whose_key_the_client_can_check() throws Exception {
            serve("");
            String[] both = {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"};
            assertThat(shown(connect(client, A, asked -> asked.setCipherSuites(new String[] {both[0]}))))
                    .isEqualTo(rsa.certificate());
            assertThat(shown(connect(client, A, asked -> asked.setCipherSuites(new String[] {both[1]}))))
                    .isEqualTo(ec.certificate());
            assertThat(shown(connect(client, A, asked -> asked.setCipherSuites(both))))
                    .as("the order is the server's")
                    .isEqualTo(ec.certificate());
        }

        @Test
        void agrees_on_http_1_1_by_ALPN() throws Exception {
            serve("");
            TestClient connected =
                    connect(client, A, asked -> asked.setApplicationProtocols(new String[] {"h2x", "http/1.1"}));
            assertThat(connected.secure().getApplicationProtocol()).isEqualTo("http/1.1");
        }

        @Test
        void for_an_unknown_name_ends_with_unrecognized_name() throws Exception {
            serve("");
            assertThatThrownBy(() -> connect("nobody.example.com", "TLSv1.3"))
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("unrecognized_name");
            awaitRefused(Refusal.UNKNOWN_SNI);
            assertThat(fake.visits()).isZero();
        }

        @Test
        void for_an_unknown_name_shows_the_first_certificate_where_that_is_asked_for() throws Exception {
            serve(", unknownSni: default");
            assertThat(shown(connect("nobody.example.com", "TLSv1.3"))).isEqualTo(ec.certificate());
            assertThat(shown(connect(null, "TLSv1.3"))).isEqualTo(ec.certificate());
        }

        @Test
        void that_takes_too_long_is_cut_off() throws Exception {
            serve("", "tlsHandshakeTimeout: 200ms");
            TestClient slow = sluices.client("secure").send("\u0016\u0003\u0001\u0002");
            slow.readUntilGone();
            awaitRefused(Refusal.TLS_TIMEOUT);
        }
    }

    @Nested
    class A_failed_handshake {
        @BeforeEach
        void start() {
            serve("");
        }

        private void refused(Refusal reason) {
            awaitRefused(reason);
            assertThat(sluices.appliance()
                            .accounts()
                            .listener("secure")
                            .refusals()
                            .total())
                    .isOne();
            assertThat(fake.visits()).isZero();
        }

        @Test
        void is_told_from_a_client_that_speaks_no_TLS() {
            sluices.client("secure").send(get(A)).readUntilGone();
            refused(Refusal.NOT_TLS);
        }

        @Test
        void is_told_from_a_client_that_left() {
            sluices.client("secure").close();
            refused(Refusal.TLS_LEFT);
        }

        @Test
        void is_told_from_a_client_that_was_reset() {
            sluices.client("secure").send("\u0016\u0003\u0001").reset();
            refused(Refusal.TLS_LEFT);
        }

        @Test
        void is_counted_when_no_version_is_shared() {
            sluices.client("secure").send(hello("\u0003\u0002")).readUntilGone();
            refused(Refusal.TLS_VERSION);
        }

        @Test
        void is_counted_when_no_suite_is_shared() {
            String[] cbc = {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"};
            assertThatThrownBy(() -> connect(client, A, asked -> asked.setCipherSuites(cbc)))
                    .isInstanceOf(SSLException.class);
            refused(Refusal.TLS_CIPHER);
        }

        @Test
        void is_counted_when_the_client_does_not_trust_the_certificate() {
            SSLContext elsewhere = TestContexts.of(null, TestAuthority.root("CN=Elsewhere"));
            assertThatThrownBy(() -> connect(elsewhere, A, asked -> {})).isInstanceOf(SSLException.class);
            refused(Refusal.TLS_ALERT);
        }

        /** A ClientHello without extensions, of a version and with one suite. */
        private static String hello(String version) {
            String body = version + "r".repeat(32) + "\0" + "\0\u0002\u00c0\u002b" + "\u0001\0";
            String handshake = "\u0001\0\0" + (char) body.length() + body;
            return "\u0016\u0003\u0001\0" + (char) handshake.length() + handshake;
        }
    }

    @Nested
    class The_server_name {
        private void misdirected(TestClient connected, String host) {
            connected.send(get(host));
            assertThat(connected.readHead()).startsWith("HTTP/1.1 421");
            assertThat(fake.visits()).isZero();
        }

        @ParameterizedTest
        @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
        void must_be_the_host(String version) throws Exception {
            serve("");
            misdirected(connect(A, version), B);
            awaitRefused(Refusal.MISDIRECTED);
        }

        @ParameterizedTest
        @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
        void must_be_the_host_of_the_second_request_too(String version) throws Exception {
            serve("");
            TestClient connected = connect(A, version).send(get(A));
            Conversation liberator = fake.next();
            liberator.expectHead("GET /x");
            liberator.answer("one");
            connected.readUntil("one");
            connected.send(get(B));
            assertThat(connected.readHead()).startsWith("HTTP/1.1 421");
            liberator.awaitClientGone();
            awaitRefused(Refusal.MISDIRECTED);
            assertThat(fake.visits()).isOne();
        }

        @ParameterizedTest
        @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
        void must_be_the_host_after_a_resumption(String version) throws Exception {
            serve("");
            long first = establish(A, version);
            TestClient resumed = connect(A, version);
            misdirected(resumed, B);
            assertThat(resumed.secure().getSession().getCreationTime())
                    .as("resumed")
                    .isEqualTo(first);
        }

        @ParameterizedTest
        @ValueSource(strings = {"tls1_2 reject", "tls1_3 reject", "tls1_2 default", "tls1_3 default"})
        void is_that_of_the_connection_not_that_of_a_session_from_before(String how) {
            OpenSsl.assumeThere();
            serve(", unknownSni: " + how.substring(7));
            assertThat(session(how, A, "-sess_out", get("nobody.example.com"))).contains("New, TLSv1");
            assertThat(session(how, A, "-sess_in", get("nobody.example.com")))
                    .as("the session can be resumed")
                    .contains("Reused, TLSv1");
            assertThat(session(how, B, "-sess_in", get(A)))
                    .contains("HTTP/1.1 421")
                    .contains("New, TLSv1");
            assertThat(fake.visits()).isZero();
        }

        private String session(String how, String name, String way, String request) {
            return OpenSsl.client(
                    sluices.address("secure"),
                    request,
                    "-" + how.substring(0, 6),
                    "-servername",
                    name,
                    way,
                    folder.resolve("session").toString());
        }

        /** Leaves a session behind; returns when it was made. */
        private long establish(String name, String version) throws Exception {
            TestClient before = connect(name, version).send(get("nobody.example.com"));
            before.readUntil("\r\n\r\n");
            before.close();
            return before.secure().getSession().getCreationTime();
        }
    }

    @Nested
    class Bytes {
        @ParameterizedTest
        @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
        void pass_both_ways_at_once_and_unchanged_in_records_of_every_size(String version) throws Exception {
            serve("");
            byte[] bytes = new byte[1_500_000];
            ThreadLocalRandom.current().nextBytes(bytes);
            TestClient connected = connectDirect(version);
            Conversation liberator = fake.next();
            Peer.Sending up = connected.sendAside(bytes);
            Peer.Sending down = liberator.sendAside(bytes);
            assertThat(liberator.readExactly(bytes.length)).isEqualTo(bytes);
            assertThat(connected.readExactly(bytes.length)).isEqualTo(bytes);
            up.awaitTaken();
            down.awaitTaken();
            for (int i = 0; i < 40; i++) {
                connected.send(new byte[] {(byte) i});
            }
            assertThat(liberator.readExactly(40)[39]).isEqualTo((byte) 39);
        }

        @Test
        void of_an_idle_stream_take_no_buffer() throws Exception {
            serve("");
            TestClient connected = connectDirect("TLSv1.3").send("hello");
            fake.next().readText(5);
            assertThat(connected.secure().getSession().isValid()).isTrue();
            assertThat(sluices.lentBuffers()).isZero();
        }
    }

    @Nested
    class The_end {
        private void awaitEnded(EndCause cause) {
            Sluices.await(() ->
                    assertThat(sluices.ledger().endedIn(cause, Phase.RELAY)).isOne());
        }

        @Test
        void of_one_direction_leaves_the_other_open() throws Exception {
            serve("");
            TestClient connected = connectDirect("TLSv1.3").send("last words");
            Conversation liberator = fake.next();
            liberator.readText(10);
            connected.secure().shutdownOutput();
            liberator.awaitEnd();
            liberator.send("answer");
            assertThat(connected.readText(6)).isEqualTo("answer");
            liberator.halfClose();
            connected.awaitEnd();
            awaitEnded(EndCause.CLIENT_CLOSED);
        }

        @ParameterizedTest
        @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
        void with_a_close_notify_is_orderly(String version) throws Exception {
            serve("");
            TestClient connected = connectDirect(version).send("last words");
            Conversation liberator = fake.next();
            liberator.readText(10);
            connected.close();
            liberator.awaitEnd();
            liberator.close();
            awaitEnded(EndCause.CLIENT_CLOSED);
        }

        @ParameterizedTest
        @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
        void by_an_operator_in_the_middle_of_a_line_has_no_close_notify(String version) throws Exception {
            serve("");
            TestClient connected = connectDirect(version).send("hello\n");
            Conversation liberator = fake.next();
            liberator.readText(6);
            liberator.send("half a line");
            assertThat(connected.readText(11)).isEqualTo("half a line");
            sluices.stream().askToEnd(EndCause.KILLED);
            connected.awaitReset();
            liberator.awaitEnd();
            awaitEnded(EndCause.KILLED);
        }

        @ParameterizedTest
        @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
        void without_a_close_notify_is_a_loss_that_the_Liberator_sees(String version) throws Exception {
            serve("");
            TestClient connected = connectDirect(version).send("half a mess");
            Conversation liberator = fake.next();
            liberator.readText(11);
            connected.vanish();
            liberator.awaitReset();
            awaitEnded(EndCause.CLIENT_LOST);
        }

        @Test
        void of_a_stream_without_a_close_notify_ends_both_sides() throws Exception {
            serve("");
            TestClient connected = connect(A, "TLSv1.3").send(get(A));
            Conversation liberator = fake.next();
            liberator.expectHead("GET /x");
            liberator
                    .send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .send(Conversation.chunk("data: 1\n\n"));
            connected.readUntil("data: 1");
            connected.vanish();
            liberator.awaitClientGone();
            awaitEnded(EndCause.CLIENT_LOST);
        }

        @Test
        void of_a_lost_Liberator_is_a_reset_for_the_client() throws Exception {
            serve("");
            TestClient connected = connectDirect("TLSv1.3");
            Conversation liberator = fake.next();
            liberator.send("half a mess");
            connected.readText(11);
            liberator.reset();
            connected.awaitReset();
            awaitEnded(EndCause.LIBERATOR_LOST);
        }
    }

    @Test
    void a_client_that_renegotiates_is_cut_off() throws Exception {
        serve("");
        TestClient connected = connect(A, "TLSv1.2");
        connected.secure().startHandshake();
        assertThatThrownBy(() -> connected.secure().getInputStream().read())
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("handshake_failure");
        assertThat(fake.visits()).isZero();
    }
}
