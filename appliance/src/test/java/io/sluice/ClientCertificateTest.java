package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.Refusal;
import io.sluice.tls.TestAuthority;
import io.sluice.tls.TestAuthority.Issued;
import io.sluice.tls.TestAuthority.Wanted;
import io.sluice.tls.TestContexts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that show a certificate, or should. */
class ClientCertificateTest {
    private static final TestAuthority SERVERS = TestAuthority.root("CN=Servers");
    private static final TestAuthority CLIENTS = TestAuthority.root("CN=Clients");
    private static final String HEADER = ", clientSubjectHeader: X-SSL-Client-Subject";

    @RegisterExtension
    final Sluices sluices = new Sluices();

    @TempDir
    Path folder;

    private FakeLiberator fake;

    @BeforeEach
    void certificates() {
        SERVERS.issue(Sluices.HOST).write(folder, "own");
        CLIENTS.write(folder, "clients.pem");
        fake = sluices.liberator();
    }

    private void serve(String clientAuth) {
        sluices.start(text(clientAuth));
    }

    private String text(String clientAuth) {
        return Sluices.one(fake.port()).replace("routes:\n", """
                  - name: secure
                    bind: "127.0.0.1:0"
                    tls: { certificates: [ { chain: %1$s/own.pem, key: %1$s/own.key } ], clientAuth: %2$s }
                routes:
                """.formatted(
                        folder, clientAuth.replace("TRUST", "trust: " + folder + "/clients.pem")));
    }

    private static Issued issued(String subject) {
        return CLIENTS.issue(new Wanted().subject(subject));
    }

    private TestClient connect(SSLContext context, String version) throws IOException {
        return sluices.closing(TestClient.connectTls(
                sluices.address("secure"), context, Sluices.HOST, asked -> asked.setProtocols(new String[] {version})));
    }

    /** What reaches the Liberator of a request over TLS with a certificate. */
    private String received(@Nullable Issued own, String version, String... fields) throws IOException {
        TestClient client = connect(TestContexts.of(own, SERVERS), version).get("/x", fields);
        return answered(client);
    }

    private String answered(TestClient client) {
        Conversation liberator = fake.next();
        String head = liberator.expectHead("GET /x");
        liberator.answer("served");
        client.readUntil("served");
        return head;
    }

    private void refused(@Nullable Issued own, String version, Refusal reason) {
        assertThatThrownBy(() -> {
                    // In TLS 1.3 a client learns only afterwards that it was refused.
                    TestClient client = connect(TestContexts.of(own, SERVERS), version);
                    client.secure().getOutputStream().write('G');
                    if (client.secure().getInputStream().read() < 0) {
                        throw new IOException("closed");
                    }
                })
                .isInstanceOf(IOException.class);
        awaitRefused(reason);
        assertThat(fake.visits()).isZero();
    }

    private void awaitRefused(Refusal reason) {
        Sluices.await(() -> assertThat(sluices.appliance()
                        .accounts()
                        .listener("secure")
                        .refusals()
                        .given())
                .containsOnlyKeys(reason));
    }

    @Nested
    class Where_one_is_needed {
        @ParameterizedTest
        @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
        void a_good_one_is_served_and_told_to_the_Liberator(String version) throws Exception {
            serve("need, TRUST" + HEADER);
            assertThat(received(issued("C=GB,O=Bank\\, Ltd.,CN=Ada Lovelace"), version))
                    .contains("\r\nX-SSL-Client-Subject: CN=Ada Lovelace,O=Bank\\, Ltd.,C=GB\r\n");
        }

        @Test
        void nothing_is_told_unless_asked_for() throws Exception {
            serve("need, TRUST");
            assertThat(received(issued("CN=Ada"), "TLSv1.3", "X-SSL-Client-Subject: CN=Root"))
                    .doesNotContainIgnoringCase("X-SSL")
                    .doesNotContain("Ada");
        }

        @ParameterizedTest
        @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
        void none_is_refused(String version) {
            serve("need, TRUST");
            refused(null, version, Refusal.CLIENT_CERTIFICATE_MISSING);
        }

        @ParameterizedTest
        @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
        void one_of_another_authority_is_refused(String version) {
            serve("need, TRUST");
            refused(forged(), version, Refusal.CLIENT_CERTIFICATE_UNTRUSTED);
        }

        /** Of an authority that calls itself by the same name. */
        private static Issued forged() {
            return TestAuthority.root("CN=Clients").issue(new Wanted().subject("CN=Ada"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
        void one_that_expired_is_refused(String version) {
            serve("need, TRUST");
            Instant yesterday = Instant.now().minus(Duration.ofDays(1));
            Issued expired = CLIENTS.issue(new Wanted()
                    .subject("CN=Ada")
                    .from(yesterday.minus(Duration.ofDays(9)))
                    .until(yesterday));
            refused(expired, version, Refusal.CLIENT_CERTIFICATE_EXPIRED);
        }

        @Test
        void one_whose_subject_is_too_long_to_be_told_is_refused() {
            serve("need, TRUST" + HEADER);
            refused(
                    issued("CN=Ada" + (",OU=" + "A".repeat(60)).repeat(20)),
                    "TLSv1.3",
                    Refusal.CLIENT_CERTIFICATE_UNTRUSTED);
        }
    }

    @Nested
    class Where_one_is_wanted {
        @Test
        void none_is_served_and_cannot_be_claimed() throws Exception {
            serve("want, TRUST" + HEADER);
            assertThat(received(null, "TLSv1.3", "X-SSL-Client-Subject: CN=Root", "x-ssl-client-subject: CN=Root"))
                    .doesNotContainIgnoringCase("X-SSL")
                    .doesNotContain("Root");
        }

        @Test
        void a_good_one_is_told_in_the_place_of_what_is_claimed() throws Exception {
            serve("want, TRUST" + HEADER);
            assertThat(received(issued("CN=Ada"), "TLSv1.3", "X-SSL-Client-Subject: CN=Root"))
                    .containsOnlyOnce("X-SSL-Client-Subject: CN=Ada\r\n")
                    .doesNotContain("Root");
        }

        @Test
        void a_bad_one_is_refused() {
            serve("want, TRUST");
            refused(
                    TestAuthority.root("CN=Clients").issue(new Wanted().subject("CN=Ada")),
                    "TLSv1.2",
                    Refusal.CLIENT_CERTIFICATE_UNTRUSTED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-SSL-Client-Subject: CN=Root",
                "x-ssl-anything-else: 1",
                "X-SSL-: 1",
                "Client-Cert: :AAAA:",
                "Client-Cert-Chain: :AAAA:"
            })
    void what_a_client_claims_of_a_certificate_is_deleted_on_every_listener(String field) {
        serve("none");
        assertThat(answered(sluices.client().get("/x", field, "X-SSLX: kept")))
                .doesNotContainIgnoringCase(field.substring(0, field.indexOf(':') + 1))
                .contains("X-SSLX: kept");
    }

    @Test
    void a_subject_cannot_end_its_line() throws Exception {
        serve("need, TRUST" + HEADER);
        assertThat(received(issued("O=Bank,CN=Ada\\0D\\0AX-Admin: yes\\0D\\0A\\0D\\0AGET /y"), "TLSv1.3"))
                .contains("X-SSL-Client-Subject: CN=Ada\\0D\\0AX-Admin: yes\\0D\\0A\\0D\\0AGET /y,O=Bank\r\n");
        assertThat(fake.visits()).isOne();
    }

    @Test
    void a_subject_outside_of_ASCII_is_escaped() throws Exception {
        serve("need, TRUST" + HEADER);
        assertThat(received(issued("CN=J\u00fcrgen"), "TLSv1.3"))
                .contains("X-SSL-Client-Subject: CN=J\\C3\\BCrgen\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_session_from_before_is_no_way_around_authorities_that_were_replaced(String version) throws Exception {
        serve("need, TRUST" + HEADER);
        SSLContext ada = TestContexts.of(issued("CN=Ada"), SERVERS);
        TestClient before = connect(ada, version);
        assertThat(answered(before.get("/x"))).contains("CN=Ada");
        before.close();
        TestClient resumed = connect(ada, version);
        assertThat(answered(resumed.get("/x"))).as("resumed").contains("CN=Ada");
        resumed.close();

        TestAuthority.root("CN=Others").write(folder, "clients.pem");
        assertThat(sluices.appliance().certificates().reload()).contains("listener=secure: in use now");

        assertThatThrownBy(() -> {
                    TestClient late = connect(ada, version).get("/x");
                    if (late.secure().getInputStream().read() < 0) {
                        throw new IOException("closed");
                    }
                })
                .isInstanceOf(IOException.class);
        awaitRefused(Refusal.CLIENT_CERTIFICATE_UNTRUSTED);
        assertThat(fake.visits()).isEqualTo(2);
    }
}
