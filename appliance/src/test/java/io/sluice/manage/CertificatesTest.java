package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.tls.TestAuthority;
import io.sluice.tls.TestAuthority.Issued;
import io.sluice.tls.TestAuthority.Wanted;
import io.sluice.tls.TestContexts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice:type=Certificates}, over JMX. */
class CertificatesTest {
    private static final TestAuthority ROOT = TestAuthority.root();

    @TempDir
    Path folder;

    private Issued issued;
    private Managed managed;

    @BeforeEach
    void start() throws Exception {
        issued = ROOT.issue(new Wanted()
                        .subject("CN=fx")
                        .names("fx.example.com", "*.fx.example.com")
                        .until(Instant.now().plus(Duration.ofDays(60)).plusSeconds(60)))
                .write(folder, "own");
        managed = new Managed(Managed.CONFIG.replace("liberators:\n", """
                  - name: secure
                    bind: "127.0.0.1:0"
                    tls: { certificates: [ { chain: %1$s/own.pem, key: %1$s/own.key } ] }
                liberators:
                """.formatted(folder)));
    }

    @AfterEach
    void stop() throws Exception {
        managed.close();
    }

    private <T> T get(String attribute) throws Exception {
        return managed.get("Certificates", attribute);
    }

    @Test
    void shows_each_certificate_with_its_end_and_its_use() throws Exception {
        CompositeData row = this.<CompositeData[]>get("Rows")[0];
        assertThat(row.get("listener")).isEqualTo("secure");
        assertThat((String[]) row.get("names")).containsExactly("fx.example.com", "*.fx.example.com");
        assertThat(row.get("subject")).isEqualTo("CN=fx");
        assertThat(row.get("issuer")).isEqualTo("CN=Test Root");
        assertThat(row.get("keyType")).isEqualTo("EC 256");
        assertThat(row.get("serial")).isEqualTo(issued.serial());
        assertThat(row.get("daysLeft")).isEqualTo(60L);
        assertThat(row.get("file")).isEqualTo(folder + "/own.pem");
        assertThat(row.get("shown")).isEqualTo(true);
        assertThat(this.<Long>get("LeftDays")).isEqualTo(60);
        assertThat(this.<Integer>get("ExpiredActive")).isZero();
        assertThat(this.<String>get("LastError")).isEmpty();
        assertThat(this.<String[]>get("Files")[1]).startsWith("listener=secure").endsWith("yes");

        try (SSLSocket client = (SSLSocket) TestContexts.of(null, ROOT)
                .getSocketFactory()
                .createSocket("127.0.0.1", managed.address("secure").getPort())) {
            client.startHandshake();
            await().untilAsserted(() -> assertThat(this.<String[]>get("Certificates"))
                    .containsExactly(
                            "name            days  conns  serial", "fx.example.com    60      1  " + issued.serial()));
        }
        await().untilAsserted(() -> assertThat(this.<CompositeData[]>get("Rows")[0].get("connections"))
                .isEqualTo(0));
    }

    @Test
    void reads_again_on_command_and_says_what_came_of_it() throws Exception {
        Issued second = ROOT.issue("fx.example.com").write(folder, "own");
        assertThat(managed.invoke("Certificates", "reload")).isEqualTo("listener=secure: in use now");
        assertThat(this.<CompositeData[]>get("Rows")[0].get("serial")).isEqualTo(second.serial());

        TestAuthority.put(folder.resolve("own.pem"), "nothing");
        String kept = "listener=secure: kept what was in use: " + folder + "/own.pem: holds no certificate";
        assertThat(managed.invoke("Certificates", "reload")).isEqualTo(kept);
        assertThat(this.<String>get("LastError"))
                .isEqualTo("listener=secure: " + folder + "/own.pem: holds no certificate");
        assertThat(this.<CompositeData[]>get("Rows")[0].get("serial")).isEqualTo(second.serial());
    }

    @Test
    void tells_that_a_certificate_comes_to_its_end() throws Exception {
        BlockingQueue<Notification> told = new LinkedBlockingQueue<>();
        managed.mbeans.addNotificationListener(
                new ObjectName("sluice:type=Certificates"), (each, handback) -> told.add(each), null, null);
        ROOT.issue(new Wanted().names("fx.example.com").until(Instant.now().plus(Duration.ofHours(5))))
                .write(folder, "own");
        managed.invoke("Certificates", "reload");

        Notification notification = told.poll(10, TimeUnit.SECONDS);
        assertThat(notification).isNotNull();
        assertThat(notification.getType()).isEqualTo("sluice.certificate.expiry");
        assertThat((String) notification.getUserData()).contains("of fx.example.com on listener secure expires at ");
    }
}
