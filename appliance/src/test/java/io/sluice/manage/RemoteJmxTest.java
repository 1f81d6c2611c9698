package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.HostAndPort;
import io.sluice.config.JmxConfig;
import io.sluice.config.JmxConfig.JmxTls;
import io.sluice.config.JmxUser;
import io.sluice.config.PasswordHash;
import io.sluice.config.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.rmi.AccessException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import jdk.jfr.Recording;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in over the JMX port, and what they can do there: with real connectors, and real processes for TLS. */
class RemoteJmxTest {
    private static final HostAndPort ANY_PORT = new HostAndPort("127.0.0.1", 0);
    private static final PasswordHash SECRET = PasswordHash.of("open sesame".toCharArray());
    private static final List<JmxUser> USERS =
            List.of(new JmxUser("olga", Role.OPERATOR, SECRET), new JmxUser("vera", Role.VIEWER, SECRET));
    private static final List<String> NEVER = List.of(
            "createMBean",
            "MLet",
            "createMBean with loader",
            "unregister",
            "agent",
            "dumpHeap",
            "setVMOption",
            "read HotSpotDiagnostic",
            "info of DiagnosticCommand",
            "recording",
            "gc",
            "logger",
            "set verbose",
            "listener MBean");

    private static Managed managed(List<JmxUser> users) throws IOException {
        return new Managed(Managed.CONFIG, new JmxConfig(ANY_PORT, "127.0.0.1", null, users), null);
    }

    private static void assertNothingDangerous(Map<String, String> results) {
        for (String each : NEVER) {
            assertThat(results.get(each))
                    .as(each)
                    .startsWith("SecurityException")
                    .contains("not offered to remote");
        }
        for (String each : List.of("foreign class", "deep", "large")) {
            // The rest of what is rejected is not read; the client may still be writing it.
            assertThat(results.get(each)).as(each).containsAnyOf("REJECTED", "SocketException");
        }
        assertThat(results)
                .containsEntry("hidden", "true")
                .containsEntry("read", "ok")
                .containsEntry("threads", "ok");
    }

    @Nested
    class Without_users_on_loopback {
        @Test
        void anyone_operates_the_appliance_and_nobody_the_JVM() throws Exception {
            try (Managed managed = managed(List.of())) {
                Map<String, String> results = JmxClient.attempts(managed.mbeans);

                assertNothingDangerous(results);
                assertThat(results).containsEntry("reload", "ok").containsEntry("explain", "ok");
                assertThat(managed.<String[]>get("Management", "Sessions")[1]).contains("anyone  operator  127.0.0.1:");
            }
        }

        @Test
        void a_flight_recording_of_the_sockets_disturbs_nobody() throws Exception {
            try (Managed managed = managed(List.of());
                    Recording recording = new Recording()) {
                recording.enable("jdk.SocketRead").withThreshold(Duration.ZERO);
                recording.enable("jdk.SocketWrite").withThreshold(Duration.ZERO);
                recording.start();
                assertThat(JmxClient.attempts(managed.mbeans)).containsEntry("read", "ok");
            }
        }

        @Test
        void nobody_can_change_the_registry_not_even_from_this_host() throws Exception {
            try (Managed managed = managed(List.of())) {
                int port = managed.management.url().getPort();
                Registry registry = LocateRegistry.getRegistry("127.0.0.1", port);
                assertThat(registry.list()).containsExactly("jmxrmi");
                var stub = registry.lookup("jmxrmi");

                assertThatThrownBy(() -> registry.rebind("jmxrmi", stub)).hasRootCauseInstanceOf(AccessException.class);
                assertThatThrownBy(() -> registry.bind("other", stub)).hasRootCauseInstanceOf(AccessException.class);
                assertThatThrownBy(() -> registry.unbind("jmxrmi")).hasRootCauseInstanceOf(AccessException.class);
                assertThat(registry.list()).containsExactly("jmxrmi");
            }
        }

        @Test
        void sessions_are_bounded_and_a_place_comes_back() throws Exception {
            try (Managed managed = managed(List.of())) {
                String url = managed.management.url().toString();
                List<JMXConnector> open = new ArrayList<>();
                for (int i = 1; i < 16; i++) {
                    open.add(JmxClient.connect(url, "", "", false));
                }
                assertThatThrownBy(() -> JmxClient.connect(url, "", "", false))
                        .hasStackTraceContaining("too many sessions: 16 are open");
                assertThat(managed.<Integer>get("Management", "SessionsActive")).isEqualTo(16);
                open.remove(0).close();
                open.add(JmxClient.connect(url, "", "", false));
                for (JMXConnector each : open) {
                    each.close();
                }
                await(() -> assertThat(managed.<Integer>get("Management", "SessionsActive"))
                        .isOne());
            }
        }

        @Test
        void connections_are_bounded_and_counted() throws Exception {
            try (Managed managed = managed(List.of())) {
                int port = managed.management.url().getPort();
                List<Socket> idle = new ArrayList<>();
                try {
                    for (int i = 0; i < 70; i++) {
                        idle.add(new Socket(InetAddress.getByName("127.0.0.1"), port));
                    }
                    await(() -> assertThat(managed.<Long>get("Management", "ConnectionsRefusedTotal"))
                            .isPositive());
                } finally {
                    for (Socket each : idle) {
                        each.close();
                    }
                }
                assertThat(managed.<String>get("Appliance", "Version")).isEqualTo("1.2.3");
            }
        }
    }

    private static void await(org.awaitility.core.ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(assertion);
    }

    @Nested
    class With_users {
        @Test
        void an_operator_changes_things_and_a_viewer_only_looks() throws Exception {
            try (Managed managed = managed(USERS)) {
                String url = managed.management.url().toString();
                try (JMXConnector olga = JmxClient.connect(url, "olga", "open sesame", false);
                        JMXConnector vera = JmxClient.connect(url, "vera", "open sesame", false)) {
                    Map<String, String> operator = JmxClient.attempts(olga.getMBeanServerConnection());
                    assertNothingDangerous(operator);
                    assertThat(operator).containsEntry("reload", "ok").containsEntry("explain", "ok");

                    Map<String, String> viewer = JmxClient.attempts(vera.getMBeanServerConnection());
                    assertNothingDangerous(viewer);
                    assertThat(viewer)
                            .containsEntry("explain", "ok")
                            .containsEntry(
                                    "reload",
                                    "SecurityException: reload on sluice:type=Appliance refused: the role viewer only"
                                            + " reads");
                    assertThat(managed.<String[]>get("Management", "Users"))
                            .containsExactly(
                                    "user  role      known by", "olga  operator  password", "vera  viewer    password");
                    assertThat(callerRole(olga)).isEqualTo("operator");
                    assertThat(callerRole(vera)).isEqualTo("viewer");
                    assertThat(managed.<String>get("Management", "CallerRole"))
                            .as("of this process itself")
                            .isEqualTo("operator");
                }
            }
        }

        private static Object callerRole(JMXConnector who) throws Exception {
            return who.getMBeanServerConnection().getAttribute(new ObjectName("sluice:type=Management"), "CallerRole");
        }

        @Test
        void a_wrong_password_an_unknown_name_and_none_at_all_are_refused_ever_more_slowly() throws Exception {
            try (Managed managed = managed(USERS)) {
                String url = managed.management.url().toString();
                long started = System.nanoTime();
                for (String[] each : new String[][] {{"olga", "wrong"}, {"oleg", "open sesame"}, {"", ""}}) {
                    assertThatThrownBy(() -> JmxClient.connect(url, each[0], each[1], false))
                            .isInstanceOf(SecurityException.class)
                            .hasMessage("login refused: unknown user, wrong password, or no certificate of a user");
                }
                // 250, 500 and 1,000 ms of waiting are the least.
                assertThat(System.nanoTime() - started).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1750));
                JmxClient.connect(url, "olga", "open sesame", false).close();
                assertThat(managed.<Long>get("Management", "LoginsRefusedTotal"))
                        .isEqualTo(3);
            }
        }

        @Test
        void credentials_of_a_foreign_class_are_not_even_read() throws Exception {
            try (Managed managed = managed(USERS)) {
                Map<String, Object> environment =
                        Map.of(JMXConnector.CREDENTIALS, new Object[] {new java.io.File("/etc/passwd")});
                assertThatThrownBy(() -> javax.management.remote.JMXConnectorFactory.connect(
                                managed.management.url(), environment))
                        .hasStackTraceContaining("REJECTED");
            }
        }

        @Test
        void the_session_of_a_user_who_is_gone_ends_with_the_reload() throws Exception {
            try (Managed managed = managed(USERS)) {
                String url = managed.management.url().toString();
                try (JMXConnector vera = JmxClient.connect(url, "vera", "open sesame", false)) {
                    var mbeans = vera.getMBeanServerConnection();
                    mbeans.getMBeanCount();
                    managed.management
                            .prepare(new JmxConfig(ANY_PORT, "127.0.0.1", null, USERS.subList(0, 1)))
                            .run();
                    assertThatThrownBy(mbeans::getMBeanCount).isInstanceOf(IOException.class);
                }
                assertThatThrownBy(() -> JmxClient.connect(url, "vera", "open sesame", false))
                        .isInstanceOf(SecurityException.class);
                assertThat(managed.<Integer>get("Management", "SessionsActive")).isOne();
            }
        }

        @Test
        void an_operator_can_end_a_session() throws Exception {
            try (Managed managed = managed(USERS)) {
                String url = managed.management.url().toString();
                try (JMXConnector vera = JmxClient.connect(url, "vera", "open sesame", false)) {
                    assertThat(vera.getConnectionId()).contains("vera");
                    String[] sessions = managed.get("Management", "Sessions");
                    String number = sessions[2].strip().split(" ", 2)[0];
                    assertThat(managed.invoke("Management", "closeSession", number))
                            .isEqualTo("session " + number + " is closed");
                    // The JDK's client would log in again by itself, under another number.
                    assertThat(managed.<String[]>get("Management", "Sessions"))
                            .noneMatch(line -> line.strip().startsWith(number + " "));
                }
                assertThatThrownBy(() -> managed.invoke("Management", "closeSession", "99"))
                        .hasStackTraceContaining("there is no session '99' (open: ");
            }
        }
    }

    @Nested
    class Every_write {
        @Test
        void is_a_line_in_the_audit_log_and_a_notification_also_when_refused(@TempDir Path folder) throws Exception {
            Path log = folder.resolve("audit.log");
            try (Managed managed =
                    new Managed(Managed.CONFIG, new JmxConfig(ANY_PORT, "127.0.0.1", null, USERS), log)) {
                String url = managed.management.url().toString();
                BlockingQueue<Notification> notes = new LinkedBlockingQueue<>();
                managed.mbeans.addNotificationListener(
                        new ObjectName("sluice:type=Management"), (note, handback) -> notes.add(note), null, null);
                try (JMXConnector vera = JmxClient.connect(url, "vera", "open sesame", false)) {
                    assertThatThrownBy(() -> vera.getMBeanServerConnection()
                                    .invoke(
                                            new ObjectName("sluice:type=Management"),
                                            "closeSession",
                                            new Object[] {"7\n8"},
                                            new String[] {String.class.getName()}))
                            .isInstanceOf(SecurityException.class);
                }
                managed.invoke("Appliance", "reload");

                Notification refused = notes.poll(10, TimeUnit.SECONDS);
                assertThat(refused.getMessage()).isEqualTo("closeSession by vera refused");
                assertThat(notes.poll(10, TimeUnit.SECONDS).getMessage()).isEqualTo("reload by olga");
                await(() -> assertThat(Files.readAllLines(log)).hasSize(2));
                assertThat(Files.readAllLines(log).get(0))
                        .isEqualTo(refused.getUserData())
                        .matches("\\{\"at\":\"20[^\"]+Z\",\"user\":\"vera\",\"role\":\"viewer\","
                                + "\"from\":\"127.0.0.1:[0-9]+\",\"mbean\":\"sluice:type=Management\","
                                + "\"operation\":\"closeSession\",\"arguments\":\\[\"7.u000a8\"\\],"
                                + "\"result\":\"refused: the role viewer only reads\",\"ms\":0\\}");
                assertThat(Files.readAllLines(log).get(1)).contains("\"user\":\"olga\"", "\"result\":\"ok\"");
                assertThat(managed.<Long>get("Management", "WritesTotal")).isEqualTo(2);
                assertThat(managed.<Long>get("Management", "WritesRefusedTotal"))
                        .isOne();
                assertThat(managed.<String[]>get("Management", "LastWrites")[1]).endsWith(" olga reload: ok");
            }
        }

        @Test
        void of_this_process_is_by_the_local_user() throws Exception {
            try (Managed managed = managed(List.of())) {
                java.lang.management.ManagementFactory.getPlatformMBeanServer()
                        .invoke(new ObjectName("sluice:type=Appliance"), "reload", new Object[0], new String[0]);
                assertThat(managed.<String[]>get("Management", "LastWrites")[0])
                        .contains(" local:" + System.getProperty("user.name") + " reload: ok");
            }
        }

        @Test
        void goes_on_when_the_disk_is_full_and_is_counted(@TempDir Path folder) throws Exception {
            Path log = Files.createSymbolicLink(folder.resolve("audit.log"), Path.of("/dev/full"));
            try (Managed managed = new Managed(Managed.CONFIG, JmxConfig.on(ANY_PORT), log)) {
                assertThat((String) managed.invoke("Appliance", "reload")).contains("there is no such file");
                await(() -> assertThat(managed.<Long>get("Management", "AuditDroppedTotal"))
                        .isOne());
                Files.delete(log);
                managed.invoke("Appliance", "reload");
                await(() -> assertThat(managed.<Long>get("Management", "AuditLinesTotal"))
                        .isOne());
                assertThat(Files.readString(log)).contains("\"operation\":\"reload\"");
            }
        }
    }

    @Nested
    class With_TLS {
        @TempDir
        private Path folder;

        private void pair(String name) throws Exception {
            Path store = folder.resolve(name + ".p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "a",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=" + name + ",O=Bank",
                            "-ext",
                            "san=ip:127.0.0.1",
                            "-storepass",
                            "password",
                            "-keystore",
                            store.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(keytool.waitFor()).as(said).isZero();
            KeyStore made = KeyStore.getInstance(store.toFile(), "password".toCharArray());
            pem(name + ".pem", "CERTIFICATE", made.getCertificate("a").getEncoded());
            pem(
                    name + ".key",
                    "PRIVATE KEY",
                    made.getKey("a", "password".toCharArray()).getEncoded());
        }

        private void pem(String file, String kind, byte[] der) throws IOException {
            Files.writeString(
                    folder.resolve(file),
                    "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END "
                            + kind + "-----\n");
        }

        private Managed secured(boolean certificates) throws IOException {
            List<JmxUser> users = new ArrayList<>(USERS);
            users.add(new JmxUser("carl", Role.VIEWER, null));
            JmxTls tls = new JmxTls(
                    folder.resolve("server.pem"),
                    folder.resolve("server.key"),
                    certificates ? folder.resolve("carl.pem") : null);
            return new Managed(Managed.CONFIG, new JmxConfig(ANY_PORT, "127.0.0.1", tls, users), null, false);
        }

        /** A client in a JVM of its own, with the keys of {@code name}; none when empty. */
        private String client(Managed managed, String name, String user, String password) throws Exception {
            Path trust = folder.resolve("trust.p12");
            if (!Files.exists(trust)) {
                KeyStore own = KeyStore.getInstance(folder.resolve("server.p12").toFile(), "password".toCharArray());
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setCertificateEntry("server", own.getCertificate("a"));
                try (var out = Files.newOutputStream(trust)) {
                    store.store(out, "password".toCharArray());
                }
            }
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-Djavax.net.ssl.trustStore=" + trust,
                    "-Djavax.net.ssl.trustStorePassword=password"));
            if (!name.isEmpty()) {
                command.add("-Djavax.net.ssl.keyStore=" + folder.resolve(name + ".p12"));
                command.add("-Djavax.net.ssl.keyStorePassword=password");
            }
            command.addAll(List.of(
                    "-cp",
                    System.getProperty("java.class.path"),
                    JmxClient.class.getName(),
                    managed.management.url().toString(),
                    user,
                    password));
            Process client =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(client.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return said;
        }

        @Test
        void a_password_over_TLS_gets_in_and_no_system_property_holds_a_key() throws Exception {
            pair("server");
            try (Managed managed = secured(false)) {
                assertThat(client(managed, "", "olga", "open sesame"))
                        .contains("read -> ok", "reload -> ok", "MLet -> SecurityException");
                assertThat(client(managed, "", "olga", "wrong")).contains("login refused");
                assertThat(System.getProperty("javax.net.ssl.keyStore")).isNull();
            }
        }

        @Test
        void a_certificate_that_is_required_names_its_user() throws Exception {
            pair("server");
            pair("carl");
            pair("eve");
            try (Managed managed = secured(true)) {
                assertThat(client(managed, "carl", "", "")).contains("read -> ok", "reload -> SecurityException");
                assertThat(client(managed, "", "olga", "open sesame")).startsWith("login -> ");
                assertThat(client(managed, "eve", "olga", "open sesame")).startsWith("login -> ");
                assertThat(managed.management.remote().logins().acceptedTotal()).isOne();
            }
        }

        @Test
        void nothing_older_than_TLS_1_3_is_spoken() throws Exception {
            pair("server");
            try (Managed managed = secured(false)) {
                assertThat(handshake(managed, "TLSv1.3")).isEqualTo("TLSv1.3");
                assertThatThrownBy(() -> handshake(managed, "TLSv1.2")).isInstanceOf(IOException.class);
            }
        }

        private static String handshake(Managed managed, String version) throws Exception {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Trusting()}, null);
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                    .createSocket("127.0.0.1", managed.management.url().getPort())) {
                socket.setSoTimeout(10_000);
                socket.setEnabledProtocols(new String[] {version});
                socket.startHandshake();
                return socket.getSession().getProtocol();
            }
        }

        @Test
        void a_renewed_certificate_is_shown_to_the_next_client() throws Exception {
            pair("server");
            pair("carl");
            try (Managed managed = secured(false)) {
                JmxTls renewed = new JmxTls(folder.resolve("carl.pem"), folder.resolve("carl.key"), null);
                managed.management
                        .prepare(new JmxConfig(ANY_PORT, "127.0.0.1", renewed, USERS))
                        .run();
                assertThat(client(managed, "", "olga", "open sesame")).startsWith("login -> ");
                Files.writeString(folder.resolve("carl.key"), "broken");
                assertThatThrownBy(
                                () -> managed.management.prepare(new JmxConfig(ANY_PORT, "127.0.0.1", renewed, USERS)))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("carl.key");
            }
        }
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public java.security.cert.X509Certificate[] getAcceptedIssuers() {
            return new java.security.cert.X509Certificate[0];
        }
    }
}
