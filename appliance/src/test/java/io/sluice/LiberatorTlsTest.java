package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Phase;
import io.sluice.account.Refusal;
import io.sluice.route.Liberator;
import io.sluice.route.LiberatorState;
import io.sluice.tls.TestAuthority;
import io.sluice.tls.TestAuthority.Issued;
import io.sluice.tls.TestContexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Liberators that speak TLS. */
class LiberatorTlsTest {
    private static final String NAME = "lib-a.bank.example";
    private static final TestAuthority ROOT = TestAuthority.root();
    private static final TestAuthority MIDDLE = ROOT.intermediate();
    private static final Issued OWN = MIDDLE.issue(NAME);

    @RegisterExtension
    final Sluices sluices = new Sluices();

    @TempDir
    Path folder;

    private FakeLiberator fake;

    private void serve(Issued own, String tls, String... defaults) {
        fake = sluices.closing(FakeLiberator.startTls(TestContexts.of(own, null)));
        start(fake.port(), tls, "off", defaults);
    }

    private void start(int port, String tls, String health, String... defaults) {
        sluices.start(text(port, tls, health, defaults));
    }

    private String text(int port, String tls, String health, String... defaults) {
        ROOT.write(folder, "trust.pem");
        return Sluices.one(port, defaults)
                .replace("health: off", "health: " + health + ", tls: { " + tls.replace("TRUST", trust()) + " }");
    }

    private String trust() {
        return "trust: " + folder.resolve("trust.pem");
    }

    private void refused(Refusal reason, String status) {
        TestClient client = sluices.client().get("/x");
        assertThat(client.readHead()).startsWith("HTTP/1.1 " + status);
        Sluices.await(() -> assertThat(sluices.refusals().count(reason)).isOne());
        Sluices.await(() -> assertThat(sluices.ledger().endedIn(EndCause.CONNECT_FAILED, Phase.CONNECT))
                .isOne());
        assertThat(sluices.ledger().connectionsActive()).isZero();
    }

    @Nested
    class Carries {
        @Test
        void requests_over_one_kept_connection() {
            serve(OWN, "TRUST, serverName: " + NAME);
            TestClient client = sluices.client().get("/one");
            Conversation liberator = fake.next();
            liberator.expectHead("GET /one");
            liberator.answer("first");
            client.readUntil("first");
            client.get("/two");
            liberator.expectHead("GET /two");
            liberator.answer("second");
            client.readUntil("second");
            assertThat(fake.visits()).isOne();
            assertThat(sluices.ledger().connectionsTotal()).isOne();
            assertThat(((ExtendedSSLSession) liberator.secure().getSession()).getRequestedServerNames())
                    .containsExactly(new SNIHostName(NAME));
        }

        @Test
        void streams_as_they_come() {
            serve(OWN, "TRUST, serverName: " + NAME);
            TestClient client = sluices.client().get("/stream");
            Conversation liberator = fake.next();
            liberator.expectHead("GET /stream");
            liberator.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
            client.readHead();
            for (int i = 0; i < 20; i++) {
                liberator.sendChunk("price " + i);
                assertThat(client.readChunk()).contains("price " + i);
            }
            client.close();
            liberator.awaitClientGone();
        }

        @Test
        void WebSockets() {
            serve(OWN, "TRUST, serverName: " + NAME);
            TestClient client = sluices.client().send(WebSocketTest.HANDSHAKE);
            Conversation liberator = fake.next();
            liberator.expectHead("GET /RTTP-TYPE8");
            liberator.send101();
            client.readHead();
            client.send("frame up");
            assertThat(liberator.readText(8)).isEqualTo("frame up");
            liberator.send("frame down");
            assertThat(client.readText(10)).isEqualTo("frame down");
            liberator.close();
            client.awaitEnd();
        }

        @Test
        void Direct_connections_with_half_closes() {
            serve(OWN, "TRUST, serverName: " + NAME);
            TestClient client = sluices.client("direct").send("hello");
            Conversation liberator = fake.next();
            assertThat(liberator.readText(5)).isEqualTo("hello");
            client.halfClose();
            liberator.awaitEnd();
            byte[] large = new byte[300_000];
            large[299_999] = 7;
            Peer.Sending sending = liberator.sendAside(large);
            assertThat(client.readExactly(300_000)).isEqualTo(large);
            sending.awaitTaken();
            liberator.close();
            client.awaitEnd();
            Sluices.await(() -> assertThat(sluices.ledger().endedIn(EndCause.CLIENT_CLOSED, Phase.RELAY))
                    .isOne());
        }
    }

    @Nested
    class Is_refused {
        private void handshakes() {
            Peer.aside(() -> fake.next().readUntilGone());
        }

        @Test
        void when_its_authority_is_not_trusted() {
            serve(TestAuthority.root("CN=Elsewhere").issue(NAME), "TRUST, serverName: " + NAME);
            handshakes();
            refused(Refusal.LIBERATOR_TLS, "502");
            assertThat(sluices.ledger().connectionsTlsFailed()).isOne();
        }

        @Test
        void when_its_certificate_is_for_another_name() {
            serve(MIDDLE.issue("lib-b.bank.example"), "TRUST, serverName: " + NAME);
            handshakes();
            refused(Refusal.LIBERATOR_TLS, "502");
        }

        @Test
        void when_its_certificate_is_not_for_the_host_of_its_address() {
            serve(OWN, "TRUST");
            handshakes();
            refused(Refusal.LIBERATOR_TLS, "502");
        }

        @Test
        void when_the_authorities_of_the_Java_runtime_do_not_know_its_own() {
            serve(OWN, "serverName: " + NAME);
            handshakes();
            refused(Refusal.LIBERATOR_TLS, "502");
        }

        @Test
        void when_it_speaks_no_TLS() {
            fake = sluices.liberator();
            start(fake.port(), "TRUST, serverName: " + NAME, "off");
            Peer.aside(
                    () -> fake.next().send("HTTP/1.1 400 Bad Request\r\n\r\n").readUntilGone());
            refused(Refusal.LIBERATOR_TLS, "502");
        }

        @Test
        void when_it_ends_the_handshake() {
            fake = sluices.liberator();
            start(fake.port(), "TRUST, serverName: " + NAME, "off");
            Peer.aside(() -> fake.next().close());
            refused(Refusal.LIBERATOR_TLS, "502");
        }

        @Test
        void when_its_handshake_and_its_connecting_together_take_too_long() {
            fake = sluices.liberator();
            start(fake.port(), "TRUST, serverName: " + NAME, "off", "connectTimeout: 300ms");
            refused(Refusal.CONNECT_TIMEOUT, "504");
            fake.next().readUntilGone();
            assertThat(sluices.ledger().connectionsTimedOut()).isOne();
        }

        @Test
        void with_a_reset_on_a_Direct_listener() {
            serve(MIDDLE.issue("lib-b.bank.example"), "TRUST, serverName: " + NAME);
            handshakes();
            sluices.client("direct").awaitReset();
            Sluices.await(() -> assertThat(sluices.appliance()
                            .accounts()
                            .listener("direct")
                            .refusals()
                            .count(Refusal.LIBERATOR_TLS))
                    .isOne());
        }
    }

    @Test
    void a_client_that_leaves_during_the_handshake_takes_it_along() {
        fake = sluices.liberator();
        start(fake.port(), "TRUST, serverName: " + NAME, "off");
        TestClient client = sluices.client().get("/x");
        Conversation liberator = fake.next();
        liberator.readExactly(1);
        client.close();
        liberator.readUntilGone();
        Sluices.await(() -> assertThat(sluices.ledger().connectionsActive()).isZero());
    }

    @Test
    void without_verification_anybody_is_believed() {
        serve(TestAuthority.root("CN=Elsewhere").issue("nobody"), "verify: none");
        TestClient client = sluices.client().get("/x");
        Conversation liberator = fake.next();
        liberator.expectHead("GET /x");
        liberator.answer("believed");
        client.readUntil("believed");
    }

    @Nested
    class A_response_that_ends_with_its_connection {
        private Conversation responding(TestClient client) {
            Conversation liberator = fake.next();
            liberator.expectHead("GET /x");
            liberator.send("HTTP/1.1 200 OK\r\n\r\nall of it");
            client.readUntil("all of it");
            return liberator;
        }

        @Test
        void is_complete_with_a_close_notify() {
            serve(OWN, "TRUST, serverName: " + NAME);
            TestClient client = sluices.client().get("/x");
            responding(client).close();
            client.awaitEnd();
            Sluices.await(() -> assertThat(sluices.ledger().endedIn(EndCause.COMPLETED, Phase.RELAY))
                    .isOne());
        }

        @Test
        void is_broken_without_one() {
            serve(OWN, "TRUST, serverName: " + NAME);
            TestClient client = sluices.client().get("/x");
            responding(client).vanish();
            client.awaitReset();
            Sluices.await(() -> assertThat(sluices.ledger().endedIn(EndCause.LIBERATOR_LOST, Phase.RELAY))
                    .isOne());
        }
    }

    @Test
    void a_response_with_a_length_is_complete_whatever_end_follows() {
        serve(OWN, "TRUST, serverName: " + NAME);
        TestClient client = sluices.client().get("/x");
        Conversation liberator = fake.next();
        liberator.expectHead("GET /x");
        liberator.answer("whole");
        client.readUntil("whole");
        liberator.vanish();
        Sluices.await(() -> assertThat(sluices.ledger().endedIn(EndCause.COMPLETED, Phase.RELAY))
                .isOne());
        client.readUntilGone();
    }

    @Nested
    class A_probe {
        private Liberator probed() {
            return sluices.appliance().router().table().liberators().iterator().next();
        }

        @Test
        void speaks_TLS_and_finds_it_well() {
            fake = sluices.closing(FakeLiberator.startTls(TestContexts.of(OWN, null)));
            Peer.aside(() -> fake.next().readUntilGone());
            start(fake.port(), "TRUST, serverName: " + NAME, "{ check: tcp, interval: 1s, rise: 1, fall: 1 }");
            Sluices.await(() -> assertThat(probed().health().state()).isEqualTo(LiberatorState.UP));
        }

        @Test
        void asks_through_TLS() {
            fake = sluices.closing(FakeLiberator.startTls(TestContexts.of(OWN, null)));
            Peer.aside(() -> {
                Conversation probe = fake.next();
                probe.expectHead("GET /url-check.gif");
                probe.answer("");
                probe.readUntilGone();
            });
            start(
                    fake.port(),
                    "TRUST, serverName: " + NAME,
                    "{ check: { http: /url-check.gif }, interval: 1s, rise: 1, fall: 1 }");
            Sluices.await(() -> assertThat(probed().health().state()).isEqualTo(LiberatorState.UP));
        }

        @Test
        void says_why_it_does_not_believe_a_Liberator() {
            fake = sluices.closing(FakeLiberator.startTls(TestContexts.of(MIDDLE.issue("other"), null)));
            Peer.aside(() -> fake.next().readUntilGone());
            start(fake.port(), "TRUST, serverName: " + NAME, "{ check: tcp, interval: 10s, rise: 1, fall: 1 }");
            Sluices.await(() -> {
                assertThat(probed().health().state()).isEqualTo(LiberatorState.DOWN);
                assertThat(probed().health().reason()).contains("TLS: ").contains(NAME);
            });
        }
    }

    @Nested
    class The_authorities {
        @Test
        void are_replaced_in_use() {
            TestAuthority later = TestAuthority.root("CN=Later");
            serve(later.issue(NAME), "TRUST, serverName: " + NAME);
            Peer.aside(() -> fake.next().readUntilGone());
            refused(Refusal.LIBERATOR_TLS, "502");

            later.write(folder, "trust.pem");
            sluices.appliance().certificates().look();
            sluices.appliance().certificates().look();

            TestClient client = sluices.client().get("/x");
            Conversation liberator = fake.next();
            liberator.expectHead("GET /x");
            liberator.answer("trusted");
            client.readUntil("trusted");
        }

        @Test
        void that_cannot_be_read_stop_the_start_and_name_the_file() throws IOException {
            String text = text(1, "TRUST", "off");
            Files.writeString(folder.resolve("trust.pem"), "nothing");
            assertThatThrownBy(() -> Appliance.start(Sluices.config(text), 1))
                    .isInstanceOf(IOException.class)
                    .hasMessage(folder + "/trust.pem: holds no certificate");
        }

        @Test
        void that_cannot_be_read_at_a_change_keep_the_table() throws IOException {
            serve(OWN, "TRUST, serverName: " + NAME);
            String next = text(fake.port(), "TRUST, serverName: " + NAME, "off");
            Files.writeString(folder.resolve("trust.pem"), "nothing");
            assertThatThrownBy(() -> sluices.appliance().change(Sluices.config(next)))
                    .hasMessage(folder + "/trust.pem: holds no certificate");
            assertThat(sluices.appliance().router().table().version()).isOne();

            TestClient client = sluices.client().get("/x");
            Conversation liberator = fake.next();
            liberator.expectHead("GET /x");
            liberator.answer("as before");
            client.readUntil("as before");
        }
    }
}
