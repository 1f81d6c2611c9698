package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import io.sluice.account.Phase;
import io.sluice.account.Refusal;
import io.sluice.drain.Drain;
import io.sluice.proxy.ProxyHeader;
import io.sluice.route.Liberator;
import io.sluice.tls.Hellos;
import io.sluice.tls.TestAuthority;
import io.sluice.tls.TestContexts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS that is the Liberators' own: the appliance has no key, the server name leads the way. */
class PassThroughTest {
    private static final String A = "a.example.com";
    private static final String B = "b.example.com";
    private static final TestAuthority ROOT = TestAuthority.root();
    private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};
    private static final byte[] DECODE_ERROR = {21, 3, 3, 0, 2, 2, 50};

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private final SSLContext client = TestContexts.of(null, ROOT);
    private FakeLiberator fakeA;
    private FakeLiberator fakeB;

    private void serve(String listener, String liberator) {
        fakeA = sluices.closing(FakeLiberator.startTls(TestContexts.of(ROOT.issue(A), null)));
        fakeB = sluices.closing(FakeLiberator.startTls(TestContexts.of(ROOT.issue(B), null)));
        start(listener, liberator, fakeA.port());
    }

    private void start(String listener, String liberator, int portA) {
        sluices.start("""
                liberators:
                  - { name: lib-a, address: "127.0.0.1:%d", health: off%s }
                  - { name: lib-b, address: "127.0.0.1:%d", health: off }
                listeners:
                  - { name: sealed, bind: "127.0.0.1:0", kind: tls-passthrough%s }
                routes:
                  - { host: %s, liberator: lib-a }
                  - { host: %s, liberator: lib-b }
                  - { host: "*.wild.example.com", liberator: lib-b }
                """.formatted(portA, liberator, fakeB.port(), listener, A, B));
    }

    private TestClient connect(@Nullable String name) throws IOException {
        return sluices.closing(TestClient.connectTls(sluices.address("sealed"), client, name, asked -> {}));
    }

    private void awaitRefused(Refusal reason) {
        Sluices.await(() -> assertThat(sluices.appliance()
                        .accounts()
                        .listener("sealed")
                        .refusals()
                        .count(reason))
                .isOne());
        assertThat(fakeA.visits() + fakeB.visits()).isZero();
    }

    @Nested
    class The_name {
        @ParameterizedTest
        @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
        void leads_to_its_Liberator_whose_certificate_the_client_sees(String version) throws Exception {
            serve("", "");
            for (String name : new String[] {A, B}) {
                Conversation[] liberator = new Conversation[1];
                FakeLiberator fake = name.equals(A) ? fakeA : fakeB;
                var handshake = Peer.aside(() -> {
                    liberator[0] = fake.next();
                    assertThat(liberator[0].readText(4)).isEqualTo("ping");
                });
                TestClient connected = sluices.closing(TestClient.connectTls(
                        sluices.address("sealed"),
                        TestContexts.of(null, ROOT), // of its own: a session resumed would ask for the name before
                        name,
                        asked -> asked.setProtocols(new String[] {version})));
                connected.send("ping");
                handshake.join();
                liberator[0].send("pong");
                assertThat(connected.readText(4)).isEqualTo("pong");
                X509Certificate shown =
                        (X509Certificate) connected.secure().getSession().getPeerCertificates()[0];
                assertThat(shown.getSubjectAlternativeNames().toString()).contains(name);
                assertThat(((ExtendedSSLSession) liberator[0].secure().getSession()).getRequestedServerNames())
                        .containsExactly(new SNIHostName(name));
                connected.close();
                liberator[0].close();
            }
            assertThat(sluices.ledger("lib-a").kind(Kind.TLS).total()).isOne();
            assertThat(sluices.ledger("lib-b").kind(Kind.TLS).total()).isOne();
            assertThat(sluices.ledger("lib-a").stickinessChecks()).isOne();
        }

        @Test
        void may_be_one_of_a_wildcard_and_in_any_case() {
            serve("", "");
            byte[] hello = new Hellos().name("X.Wild.Example.com").record();
            sluices.client("sealed").send(hello);
            assertThat(fakeB.next().readBelowTls(hello.length)).isEqualTo(hello);
            assertThat(sluices.stream().host()).isEqualTo("x.wild.example.com");
        }

        @Test
        void leads_everybody_to_the_Liberator_of_the_listener_where_it_has_one() {
            fakeA = sluices.closing(FakeLiberator.startTls(TestContexts.of(ROOT.issue(A), null)));
            sluices.start("""
                    liberators: [ { name: lib-a, address: "127.0.0.1:%d", health: off } ]
                    listeners: [ { name: sealed, bind: "127.0.0.1:0", kind: tls-passthrough, liberator: lib-a } ]
                    """.formatted(fakeA.port()));
            byte[] hello = new Hellos().name("whoever.example.com").record();
            sluices.client("sealed").send(hello);
            assertThat(fakeA.next().readBelowTls(hello.length)).isEqualTo(hello);
        }
    }

    @Nested
    class The_bytes {
        @ParameterizedTest
        @ValueSource(ints = {1, 5, 500, 16384})
        void go_on_as_they_came_in_whatever_records(int each) {
            serve("", "");
            byte[] hello = Hellos.records(
                    new Hellos().name(A).extension(0xfe0d, new byte[1800]).message(), each);
            byte[] more = new byte[5000];
            ThreadLocalRandom.current().nextBytes(more);
            sluices.client("sealed").send(hello).send(more);
            Conversation liberator = fakeA.next();
            assertThat(liberator.readBelowTls(hello.length + more.length)).isEqualTo(Hellos.joined(hello, more));
        }

        @Test
        void go_on_as_they_came_in_whatever_segments() {
            serve("", "");
            byte[] hello = Hellos.records(new Hellos().name(B).message(), 30);
            TestClient slow = sluices.client("sealed");
            for (byte each : hello) {
                slow.send(new byte[] {each});
            }
            assertThat(fakeB.next().readBelowTls(hello.length)).isEqualTo(hello);
        }

        @Test
        void stay_sealed_also_to_a_Liberator_that_we_would_speak_TLS_to() {
            serve("", ", tls: { verify: none }");
            byte[] hello = new Hellos().name(A).record();
            sluices.client("sealed").send(hello);
            assertThat(fakeA.next().readBelowTls(hello.length)).isEqualTo(hello);
        }

        @Test
        void of_openssl_go_through_both_ways() {
            OpenSsl.assumeThere();
            serve("", "");
            var answered = Peer.aside(() -> {
                Conversation liberator = fakeA.next();
                liberator.expectHead("GET /x");
                liberator.answer("sealed");
                liberator.close();
            });
            String said =
                    OpenSsl.client(sluices.address("sealed"), "GET /x HTTP/1.1\r\n\r\n", "-servername", A, "-quiet");
            answered.join();
            assertThat(said).contains("200 OK").contains("sealed");
        }

        @Test
        void of_the_Liberator_follow_who_the_client_is_where_it_wants_to_know() {
            serve(", proxyProtocol: { accept: [ 127.0.0.1 ] }", ", proxyProtocol: v2");
            ProxyHeader header =
                    new ProxyHeader(new InetSocketAddress("192.0.2.7", 1), new InetSocketAddress("198.51.100.1", 443));
            byte[] hello = new Hellos().name(A).record();
            sluices.client("sealed").send(Hellos.joined(header.v1(), hello));
            byte[] expected = Hellos.joined(header.v2(), hello);
            assertThat(fakeA.next().readBelowTls(expected.length)).isEqualTo(expected);
        }
    }

    @Nested
    class Refused_is {
        @Test
        void a_name_that_no_route_has_with_the_alert_for_it() {
            serve("", "");
            assertThatThrownBy(() -> connect("c.example.com"))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("unrecognized_name");
            awaitRefused(Refusal.UNKNOWN_SNI);
        }

        @Test
        void no_name_with_the_same_alert() {
            serve("", "");
            TestClient nameless = sluices.client("sealed").send(new Hellos().record());
            assertThat(nameless.readExactly(7)).isEqualTo(UNRECOGNIZED_NAME);
            nameless.awaitEnd();
            awaitRefused(Refusal.UNKNOWN_SNI);
        }

        @Test
        void a_hello_that_could_be_read_in_two_ways() {
            serve("", "");
            TestClient twofold =
                    sluices.client("sealed").send(new Hellos().name(A).name(B).record());
            assertThat(twofold.readExactly(7)).isEqualTo(DECODE_ERROR);
            twofold.awaitEnd();
            awaitRefused(Refusal.CLIENT_HELLO);
        }

        @Test
        void a_hello_of_more_than_16_KiB() {
            serve("", "");
            byte[] message =
                    new Hellos().name(A).extension(51, new byte[17_000]).message();
            TestClient large = sluices.client("sealed").send(Hellos.records(message, 1000));
            assertThat(large.readUntilGone()).startsWith(Peer.text(DECODE_ERROR));
            awaitRefused(Refusal.CLIENT_HELLO);
        }

        @Test
        void what_is_no_TLS() {
            serve("", "");
            sluices.client("sealed").send("GET / HTTP/1.1\r\n\r\n").awaitReset();
            awaitRefused(Refusal.NOT_TLS);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 60})
        void a_hello_that_takes_too_long(int sent) {
            serve(", tlsHandshakeTimeout: 100ms", "");
            byte[] hello = new Hellos().name(A).record();
            sluices.client("sealed").send(Arrays.copyOf(hello, sent)).awaitReset();
            awaitRefused(Refusal.TLS_TIMEOUT);
        }

        @Test
        void a_client_that_leaves_in_the_middle() {
            serve("", "");
            sluices.client("sealed").send(new byte[] {22, 3}).halfClose();
            awaitRefused(Refusal.TLS_LEFT);
        }

        @Test
        void everybody_with_a_reset_while_the_Liberator_is_down() {
            fakeA = sluices.liberator();
            fakeB = sluices.liberator();
            start("", "", sluices.refusingPort());
            sluices.client("sealed").send(new Hellos().name(A).record()).awaitReset();
            awaitRefused(Refusal.LIBERATOR_DOWN);
            assertThat(sluices.ledger("lib-a").ended(EndCause.CONNECT_FAILED)).isOne();
        }
    }

    /** LF, which ends a line elsewhere, means nothing in what is sealed. */
    @Nested
    class A_connection_that_we_end {
        private static final byte[] RECORD = {23, 3, 3, 0, 4, '\n', '\n', '\n', '\n'};

        private TestClient open;
        private Conversation liberator;

        private void open() {
            fakeA = sluices.liberator();
            fakeB = sluices.liberator();
            start("", "", fakeA.port());
            byte[] hello = new Hellos().name(A).record();
            open = sluices.client("sealed").send(hello);
            liberator = fakeA.next();
            liberator.readExactly(hello.length);
            passRecords();
        }

        private void passRecords() {
            for (int i = 0; i < 3; i++) {
                liberator.send(RECORD);
                assertThat(open.readExactly(RECORD.length)).isEqualTo(RECORD);
                open.send(RECORD);
                assertThat(liberator.readExactly(RECORD.length)).isEqualTo(RECORD);
            }
        }

        private Drain drain(int perSecond, Duration limit) {
            Liberator liberator = sluices.appliance().router().table().liberators().stream()
                    .filter(each -> each.name().equals("lib-a"))
                    .findFirst()
                    .orElseThrow();
            return sluices.appliance().drains().drain(liberator, perSecond, limit, "test");
        }

        private void awaitBrokenOff() {
            open.awaitReset();
            liberator.awaitReset();
        }

        private void awaitEnded(EndCause cause) {
            Sluices.await(() -> assertThat(sluices.ledger("lib-a").endedIn(cause, Phase.RELAY))
                    .isOne());
        }

        @Test
        void by_a_drain_goes_on_until_the_deadline_and_is_broken_off_there() {
            open();
            Drain drain = drain(50, Duration.ofMinutes(5));
            passRecords();
            assertThat(drain.remaining()).isOne();
            assertThat(drain.eta(System.nanoTime())).isGreaterThan(Duration.ofMinutes(3));
            Drain ending = drain(50, Duration.ofMillis(100));
            awaitBrokenOff();
            Sluices.await(() -> assertThat(ending.isOver()).isTrue());
            assertThat(ending.forced()).isOne();
            assertThat(drain.politely() + ending.politely()).isZero();
            awaitEnded(EndCause.DRAINED);
        }

        @Test
        void by_a_drain_when_one_end_has_said_its_last_goes_on_and_is_broken_off_too() {
            open();
            open.halfClose();
            liberator.awaitEnd();
            Drain drain = drain(Drain.AT_ONCE, Duration.ofMinutes(5));
            liberator.send(RECORD);
            assertThat(open.readExactly(RECORD.length)).isEqualTo(RECORD);
            sluices.stream().askToEnd(EndCause.DRAINED);
            open.awaitReset();
            Sluices.await(() -> assertThat(drain.isOver()).isTrue());
            assertThat(drain.politely()).isZero();
        }

        @Test
        void by_a_stop_is_broken_off_at_its_end() {
            open();
            sluices.stop(Duration.ofMillis(300));
            awaitBrokenOff();
        }

        @Test
        void by_a_handover_is_broken_off_at_its_end() {
            open();
            sluices.appliance().retire(Duration.ofMillis(300));
            awaitBrokenOff();
            awaitEnded(EndCause.DRAINED);
        }

        @Test
        void by_an_operator_is_broken_off() {
            open();
            sluices.stream().askToEnd(EndCause.KILLED);
            awaitBrokenOff();
            awaitEnded(EndCause.KILLED);
        }
    }

    @Test
    void a_change_of_routes_leaves_open_connections_where_they_are() throws IOException {
        serve("", "");
        byte[] hello = new Hellos().name(A).record();
        TestClient open = sluices.client("sealed").send(hello);
        Conversation liberator = fakeA.next();
        liberator.readBelowTls(hello.length);
        sluices.appliance().change(Sluices.config("""
                liberators: [ { name: lib-b, address: "127.0.0.1:%d", health: off } ]
                listeners: [ { name: sealed, bind: "127.0.0.1:0", kind: tls-passthrough } ]
                routes: [ { host: %s, liberator: lib-b } ]
                """.formatted(fakeB.port(), A)));
        open.send("on");
        assertThat(liberator.readBelowTls(2)).isEqualTo(Peer.bytes("on"));
        sluices.client("sealed").send(hello);
        assertThat(fakeB.next().readBelowTls(hello.length)).isEqualTo(hello);
    }
}
