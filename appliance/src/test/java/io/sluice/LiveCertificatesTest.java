package io.sluice;

import static io.sluice.tls.TestAuthority.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.FakeLiberator.Conversation;
import io.sluice.listen.Certificates.Row;
import io.sluice.tls.TestAuthority;
import io.sluice.tls.TestAuthority.Issued;
import io.sluice.tls.TestAuthority.Wanted;
import io.sluice.tls.TestContexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Certificates that are replaced while streams are open. */
class LiveCertificatesTest {
    private static final TestAuthority ROOT = TestAuthority.root();
    private static final String OTHER = "other.example.com";

    @RegisterExtension
    final Sluices sluices = new Sluices();

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private FakeLiberator fake;
    private Issued first;
    private Issued other;

    @BeforeEach
    void start() {
        ((Logger) LoggerFactory.getLogger("io.sluice")).addAppender(log);
        log.start();
        first = ROOT.issue(Sluices.HOST).write(folder, "own");
        other = ROOT.issue(OTHER).write(folder, "other");
        fake = sluices.liberator();
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger("io.sluice")).detachAppender(log);
    }

    private String text(String own) {
        return Sluices.one(fake.port()).replace("routes:\n", """
                  - name: secure
                    bind: "127.0.0.1:0"
                    tls:
                      certificates:
                        - { chain: %1$s/%2$s.pem, key: %1$s/%2$s.key }
                        - { chain: %1$s/other.pem, key: %1$s/other.key }
                routes:
                """.formatted(folder, own));
    }

    private TestClient connect(SSLContext context, String name) throws IOException {
        return sluices.closing(TestClient.connectTls(sluices.address("secure"), context, name, asked -> {}));
    }

    private X509Certificate shown(String name) throws IOException {
        TestClient connected = connect(TestContexts.of(null, ROOT), name);
        connected.close();
        return (X509Certificate) connected.secure().getSession().getPeerCertificates()[0];
    }

    /** Looks until what changed has settled. */
    private void look() {
        sluices.appliance().certificates().look();
        sluices.appliance().certificates().look();
    }

    private List<String> warnings() {
        List<ILoggingEvent> events = new ArrayList<>(log.list);
        return events.stream()
                .filter(each -> each.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private Row row(X509Certificate certificate) {
        return sluices.appliance().certificates().rows().stream()
                .filter(each -> each.certificate().equals(certificate))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row"));
    }

    /** A stream of events over TLS, one event through. */
    private Conversation stream(TestClient client) {
        client.get("/prices");
        Conversation liberator = fake.next();
        liberator.expectHead("GET /prices");
        liberator.sendHead("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked");
        liberator.sendChunk("data: 1\n\n");
        client.readUntil("data: 1\n\n\r\n");
        return liberator;
    }

    @Test
    void a_renewed_certificate_is_shown_while_a_stream_goes_on() throws Exception {
        sluices.start(text("own"));
        TestClient client = connect(TestContexts.of(null, ROOT), Sluices.HOST);
        Conversation liberator = stream(client);
        assertThat(row(first.certificate()).connections()).isOne();

        Issued second = ROOT.issue(Sluices.HOST).write(folder, "own");
        Sluices.await(() -> assertThat(shown(Sluices.HOST)).isEqualTo(second.certificate()));

        liberator.sendChunk("data: 2\n\n");
        assertThat(client.readChunk()).contains("data: 2");
        assertThat(shown(OTHER)).isEqualTo(other.certificate());
        assertThat(warnings()).isEmpty();
        assertThat(row(first.certificate()).isShown()).isFalse();
        Sluices.await(() -> assertThat(row(first.certificate()).connections()).isOne());
        client.close();
        liberator.awaitClientGone();
        Sluices.await(() -> assertThat(sluices.appliance().certificates().rows())
                .extracting(Row::certificate)
                .doesNotContain(first.certificate()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    @EnabledForJreRange(
            max = JRE.JAVA_24,
            disabledReason = "from 25 on the JDK binds tickets to the first certificate of the listener")
    void sessions_outlive_a_replacement(String version) throws Exception {
        sluices.start(text("own"));
        SSLContext context = TestContexts.of(null, ROOT);
        TestClient before = resumable(context, version);
        ROOT.issue(Sluices.HOST).write(folder, "own");
        look();
        TestClient after = resumable(context, version);
        assertThat(after.secure().getSession().getCreationTime())
                .isEqualTo(before.secure().getSession().getCreationTime());
    }

    private TestClient resumable(SSLContext context, String version) throws IOException {
        TestClient client = sluices.closing(TestClient.connectTls(
                sluices.address("secure"), context, Sluices.HOST, asked -> asked.setProtocols(new String[] {version})));
        client.send("GET /x HTTP/1.1\r\nHost: nobody.example.com\r\n\r\n").readHead();
        client.close();
        return client;
    }

    @Nested
    class A_change_is_seen {
        @BeforeEach
        void start() {
            sluices.start(text("own"));
        }

        @Test
        void when_a_file_is_written_in_place() throws Exception {
            Issued second = ROOT.issue(Sluices.HOST);
            second.write(folder, "new");
            for (String end : List.of(".key", ".pem")) {
                Files.write(folder.resolve("own" + end), Files.readAllBytes(folder.resolve("new" + end)));
            }
            look();
            assertThat(shown(Sluices.HOST)).isEqualTo(second.certificate());
        }

        @Test
        void when_a_link_is_pointed_elsewhere() throws Exception {
            for (String end : List.of(".pem", ".key")) {
                Path archived = folder.resolve("archive1" + end);
                Files.move(folder.resolve("own" + end), archived);
                Files.createSymbolicLink(folder.resolve("own" + end), archived);
            }
            look();
            Issued second = ROOT.issue(Sluices.HOST).write(folder, "archive2");
            for (String end : List.of(".pem", ".key")) {
                Path link = Files.createSymbolicLink(folder.resolve("link" + end), folder.resolve("archive2" + end));
                Files.move(
                        link,
                        folder.resolve("own" + end),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
            look();
            assertThat(shown(Sluices.HOST)).isEqualTo(second.certificate());
            assertThat(warnings()).isEmpty();
        }

        @Test
        void when_the_configuration_names_other_files() throws Exception {
            Issued second = ROOT.issue(Sluices.HOST).write(folder, "next");
            int port = sluices.address("secure").getPort();
            sluices.appliance().change(Sluices.config(text("next")));
            assertThat(sluices.address("secure").getPort())
                    .as("the socket stayed")
                    .isEqualTo(port);
            assertThat(shown(Sluices.HOST)).isEqualTo(second.certificate());

            Issued third = ROOT.issue(Sluices.HOST).write(folder, "next");
            look();
            assertThat(shown(Sluices.HOST)).as("the new files are watched").isEqualTo(third.certificate());
        }

        @Test
        void on_command_at_once() throws Exception {
            Issued second = ROOT.issue(Sluices.HOST).write(folder, "own");
            assertThat(sluices.appliance().certificates().reload()).containsExactly("listener=secure: in use now");
            assertThat(shown(Sluices.HOST)).isEqualTo(second.certificate());
        }

        @Test
        void by_a_reload_of_the_same_configuration_at_once() throws Exception {
            Issued second = ROOT.issue(Sluices.HOST).write(folder, "own");
            sluices.appliance().change(Sluices.config(text("own")));
            assertThat(shown(Sluices.HOST)).isEqualTo(second.certificate());
        }
    }

    @Nested
    class Bad_material_keeps_what_is_in_use {
        @BeforeEach
        void start() {
            sluices.start(text("own"));
        }

        private void stillFirst() throws IOException {
            assertThat(shown(Sluices.HOST)).isEqualTo(first.certificate());
            assertThat(shown(OTHER)).isEqualTo(other.certificate());
        }

        @Test
        void when_only_half_of_a_pair_has_been_written_and_says_so_once() throws Exception {
            Issued second = ROOT.issue(Sluices.HOST).write(folder, "new");
            Files.move(folder.resolve("new.pem"), folder.resolve("own.pem"), StandardCopyOption.REPLACE_EXISTING);
            sluices.appliance().certificates().look();
            assertThat(warnings()).as("not settled yet").isEmpty();
            for (int i = 0; i < 5; i++) {
                look();
            }
            stillFirst();
            assertThat(warnings()).hasSize(1);
            assertThat(warnings().get(0))
                    .startsWith("certificate.kept listener=secure cause=\"" + folder
                            + "/own.key: the key does not belong to the certificate in " + folder + "/own.pem\"");

            Files.move(folder.resolve("new.key"), folder.resolve("own.key"), StandardCopyOption.REPLACE_EXISTING);
            look();
            assertThat(shown(Sluices.HOST)).isEqualTo(second.certificate());
            assertThat(sluices.appliance().certificates().files().get(0).error())
                    .isNull();
        }

        @Test
        void when_a_file_is_gone() throws Exception {
            Files.delete(folder.resolve("own.key"));
            look();
            stillFirst();
            assertThat(sluices.appliance().certificates().files().get(0).error())
                    .isEqualTo(folder + "/own.key: there is no such file");
        }

        @Test
        void when_it_is_asked_for_by_command() throws Exception {
            put(folder.resolve("own.pem"), "nothing");
            assertThat(sluices.appliance().certificates().reload())
                    .containsExactly(
                            "listener=secure: kept what was in use: " + folder + "/own.pem: holds no certificate");
            stillFirst();
        }

        @Test
        void when_a_configuration_names_it() throws Exception {
            put(folder.resolve("bad.pem"), "nothing");
            put(folder.resolve("bad.key"), "nothing");
            assertThatThrownBy(() -> sluices.appliance().change(Sluices.config(text("bad"))))
                    .hasMessage(folder + "/bad.pem: holds no certificate");
            stillFirst();
            ROOT.issue(Sluices.HOST).write(folder, "own");
            look();
            assertThat(shown(Sluices.HOST))
                    .as("the old files are still watched")
                    .isNotEqualTo(first.certificate());
        }
    }

    @Nested
    class An_alarm {
        private final List<String> alarms = new ArrayList<>();

        private void serveUntil(Duration left) {
            ROOT.issue(new Wanted()
                            .names(Sluices.HOST)
                            .from(Instant.now().minus(Duration.ofDays(60)))
                            .until(Instant.now().plus(left)))
                    .write(folder, "own");
            sluices.start(text("own"));
            sluices.appliance().certificates().onExpiry(alarms::add);
        }

        @ParameterizedTest
        @ValueSource(ints = {29, 6, 0})
        void is_raised_once_before_the_end(int days) {
            serveUntil(Duration.ofDays(days).plusHours(1));
            look();
            look();
            assertThat(warnings()).hasSize(1);
            assertThat(warnings().get(0))
                    .startsWith("certificate.expiry listener=secure names=fx.example.com serial=")
                    .contains(" days_left=" + days + " ", "it expires at ");
        }

        @Test
        void is_raised_for_a_certificate_that_expired_and_is_still_served() throws Exception {
            serveUntil(Duration.ofDays(-1));
            assertThat(warnings()).hasSize(1);
            assertThat(warnings().get(0)).contains("it expired at ", "still served");
            TestClient client = connect(TestContexts.of(null, null), Sluices.HOST);
            client.send("GET /x HTTP/1.1\r\nHost: nobody.example.com\r\n\r\n").readHead();
        }

        @Test
        void is_raised_for_one_that_comes_into_use_later() throws Exception {
            sluices.start(text("own"));
            sluices.appliance().certificates().onExpiry(alarms::add);
            ROOT.issue(new Wanted().names(Sluices.HOST).until(Instant.now().plus(Duration.ofDays(5))))
                    .write(folder, "own");
            look();
            assertThat(alarms).hasSize(1);
            assertThat(alarms.get(0)).contains("of fx.example.com on listener secure expires at ");
            ROOT.issue(new Wanted().names(Sluices.HOST).from(Instant.now().plus(Duration.ofDays(5))))
                    .write(folder, "own");
            look();
            assertThat(alarms).hasSize(2);
            assertThat(alarms.get(1)).contains("is not valid before ");
        }

        @Test
        void is_not_raised_for_one_that_lasts() {
            sluices.start(text("own"));
            look();
            assertThat(warnings()).isEmpty();
        }
    }
}
