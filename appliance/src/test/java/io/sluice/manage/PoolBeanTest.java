package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.account.StreamRegistry;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.Notification;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolBeanTest {
    private static final String BEAN = "Pool,name=pool.example.com";

    @TempDir
    Path folder;

    private Path keys;
    private Managed managed;

    @BeforeEach
    void start() throws IOException {
        keys = Files.createFile(
                folder.resolve("keys"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        write("old");
        managed = new Managed(Managed.CONFIG + pool());
    }

    @AfterEach
    void stop() throws Exception {
        managed.close();
    }

    private String pool() {
        return """
                  - host: pool.example.com
                    pool:
                      liberators: [ { name: lib-a, weight: 3 }, { name: lib-b } ]
                      affinity: { keys: %s }
                """.formatted(keys);
    }

    private void write(String... ids) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String each : ids) {
            text.append(each).append(' ').append("A".repeat(43)).append("=\n");
        }
        Files.writeString(keys, text);
    }

    @Test
    void shows_each_Liberator_with_its_weight_and_what_it_was_given() throws Exception {
        assertThat(managed.<String>get(BEAN, "Affinity")).isEqualTo("cookie");
        String[] lines = managed.<String[]>get(BEAN, "Liberators");
        assertThat(lines[1]).matches("lib-a +3 +\\w+ +0 +0");
        assertThat(lines[2]).matches("lib-b +1 +\\w+ +0 +0");
        assertThat(managed.<Double>get(BEAN, "Imbalance")).isZero();
    }

    @Test
    void shows_the_ids_of_the_keys_and_follows_their_file_without_a_reload() throws Exception {
        assertThat(managed.<String[]>get(BEAN, "KeyIds")).containsExactly("old");
        write("new", "old");
        managed.appliance.certificates().look();
        managed.appliance.certificates().look();
        assertThat(managed.<String[]>get(BEAN, "KeyIds")).containsExactly("new", "old");
        assertThat(managed.<String[]>get(BEAN, "KeyFingerprints"))
                .containsExactly("new 296fd0d882a6966f", "old 296fd0d882a6966f");
        assertThat(managed.appliance.router().table().version()).isEqualTo(1);
    }

    @Test
    void keeps_the_keys_in_use_when_the_file_holds_none() throws Exception {
        Files.writeString(keys, "# nothing\n");
        managed.appliance.certificates().look();
        managed.appliance.certificates().look();
        assertThat(managed.<String[]>get(BEAN, "KeyIds")).containsExactly("old");
        assertThat(managed.<String>get("Certificates", "LastError"))
                .contains("pool=pool.example.com")
                .contains("no key");
    }

    @Test
    void explains_where_a_client_would_go_and_why() throws Exception {
        String[] fresh = explain("", "", "");
        assertThat(fresh)
                .startsWith(
                        "affinity   cookie",
                        "evidence   new client, fewest connections for its weight",
                        "so         a new client was given a Liberator",
                        "cookie     set anew");
        assertThat(fresh[4]).matches("result     Liberator 'lib-[ab]', \\w+");
        assertThat(explain("192.0.2.1", "1.old.lib-a.sux3dc.forged", "/"))
                .contains("evidence   cookie forged", "result     refused: 400, affinity-forged")
                .noneMatch(line -> line.contains("sux3dc"));
        assertThat(explain("nobody", "", "")).contains("client 'nobody' is no address");
        assertThat(managed.<Long>get(BEAN, "ForgedTotal")).as("counted").isZero();
    }

    @Test
    void explains_it_behind_the_listener_and_the_route_too() throws Exception {
        assertThat(explainClient("192.0.2.1", ""))
                .containsSubsequence(
                        "client     192.0.2.1",
                        "route      'pool.example.com', exact",
                        "pool       new client, fewest connections for its weight",
                        "so         a new client was given a Liberator",
                        "cookie     set anew")
                .anyMatch(line -> line.startsWith("result     goes to Liberator 'lib-"));
        assertThat(explainClient("192.0.2.1", "1.old.lib-a.sux3dc.forged"))
                .contains("pool       cookie forged")
                .endsWith("result     refused: 400, affinity-forged")
                .noneMatch(line -> line.contains("sux3dc"));
        assertThat(managed.<Long>get(BEAN, "ForgedTotal")).as("counted").isZero();
    }

    @Test
    void explains_that_the_address_decides_to_whoever_gives_none() throws Exception {
        managed.change(Managed.CONFIG
                + "  - { host: pool.example.com, pool: { liberators: [ { name: lib-a }, { name: lib-b } ],"
                + " affinity: { kind: address } } }\n");
        assertThat(managed.explain("plain", "", "pool.example.com", "/"))
                .endsWith("pool       each client by its address", "result     depends on it: explainClient says");
        assertThat(explainClient("192.0.2.1", ""))
                .anyMatch(line -> line.matches("pool       first \\d+ bits of the client's address"))
                .anyMatch(line -> line.startsWith("result     goes to Liberator 'lib-"));
    }

    private String[] explainClient(String client, String cookie) throws Exception {
        return (String[])
                managed.invoke("RoutingTable", "explainClient", client, "plain", "", "pool.example.com", "/", cookie);
    }

    private String[] explain(String client, String cookie, String path) throws Exception {
        return (String[]) managed.invoke(BEAN, "explain", client, cookie, path);
    }

    @Test
    void is_gone_when_no_table_has_the_pool_any_more() throws Exception {
        assertThat(managed.names()).contains("sluice:type=" + BEAN);
        managed.change(Managed.CONFIG);
        assertThat(managed.names()).doesNotContain("sluice:type=" + BEAN);
    }

    @Test
    void stands_beside_an_audit_that_shows_and_tells_each_violation() throws Exception {
        assertThat(managed.<String>get("Appliance", "LastViolation")).isEmpty();
        BlockingQueue<Notification> told = new LinkedBlockingQueue<>();
        managed.mbeans.addNotificationListener(
                new ObjectName("sluice:type=Appliance"),
                (notification, handback) -> told.add(notification),
                null,
                null);
        StreamRegistry streams = managed.appliance.accounts().streams();
        try (Socket client = managed.client("direct-a")) {
            managed.a.next();
            Awaitility.await().until(() -> client.isConnected() && streams.active() == 1);
            streams.stickiness().violated(streams.streams().iterator().next(), "lib-a", "made by force");
        }
        Notification notification = told.poll(10, TimeUnit.SECONDS);
        assertThat(notification).isNotNull();
        assertThat(notification.getType()).isEqualTo("sluice.stickiness.violation");
        assertThat(notification.getUserData().toString()).contains("of lib-a: made by force");
        assertThat(managed.<String>get("Appliance", "LastViolation")).contains("of lib-a: made by force");
        assertThat(managed.<Long>get("Appliance", "StickinessViolationsTotal")).isEqualTo(1L);
    }
}
