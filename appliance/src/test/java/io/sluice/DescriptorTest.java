package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.FakeLiberator.Conversation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process under a low limit on descriptors. */
class DescriptorTest {
    private static final int LIMIT = 256;
    private static final int CLIENTS = 400;
    private static final Path CLASSES = Path.of("target/classes").toAbsolutePath();

    @TempDir
    private Path folder;

    private Process sluice;
    private int jmxPort;

    private int start(FakeLiberator liberator, String limits) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit sets the limit");
        jmxPort = FreePort.find();
        Path config =
                Files.writeString(folder.resolve("sluice.yaml"), """
                limits: { %s }
                listeners: [ { name: direct, bind: "127.0.0.1:0", kind: direct, liberator: lib-a } ]
                liberators: [ { name: lib-a, address: "127.0.0.1:%d", health: off } ]
                management: { jmx: { bind: "127.0.0.1:%d" }, drainTime: 0 }
                """.formatted(limits, liberator.port(), jmxPort));
        sluice = new ProcessBuilder(List.of(
                        "/usr/bin/prlimit",
                        "--nofile=" + LIMIT + ":" + LIMIT,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path").replace(CLASSES.toString(), jar().toString()),
                        "io.sluice.Sluice",
                        "run",
                        "-c",
                        config.toString()))
                .redirectErrorStream(true)
                .start();
        BufferedReader out = new BufferedReader(new InputStreamReader(sluice.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        int port = 0;
        while (line != null && !line.contains("management.open")) {
            if (line.contains("listener.open")) {
                port = Integer.parseInt(
                        line.substring(line.lastIndexOf(':') + 1).strip());
            }
            line = out.readLine();
        }
        assertThat(line).as("management is open").isNotNull();
        drop(out);
        return port;
    }

    /** As it is delivered: a class in a folder could not be loaded once descriptors have run out. */
    private Path jar() throws IOException {
        Path jar = folder.resolve("sluice.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(CLASSES)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(CLASSES.relativize(each).toString()));
                Files.copy(each, out);
            }
        }
        return jar;
    }

    private static void drop(BufferedReader out) {
        var unused = Peer.aside(() -> {
            try {
                while (out.readLine() != null) {
                    // So that the process never waits for a reader of its log.
                }
            } catch (IOException ended) {
                // With the process.
            }
        });
    }

    private JMXConnector connect() throws IOException {
        return JMXConnectorFactory.connect(
                new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + jmxPort + "/jmxrmi"));
    }

    private static <T> T appliance(JMXConnector over, Class<T> type, String attribute) throws Exception {
        MBeanServerConnection mbeans = over.getMBeanServerConnection();
        return type.cast(mbeans.getAttribute(new ObjectName("sluice:type=Appliance"), attribute));
    }

    private Duration cpu() {
        return sluice.info().totalCpuDuration().orElseThrow();
    }

    private void stop() throws InterruptedException {
        sluice.destroy();
        assertThat(sluice.waitFor(60, TimeUnit.SECONDS)).as("it ends on TERM").isTrue();
        assertThat(sluice.exitValue()).isZero();
    }

    @Test
    void when_they_run_out_accepting_pauses_without_a_spin_and_all_else_goes_on() throws Exception {
        try (FakeLiberator liberator = FakeLiberator.start()) {
            int port = start(liberator, "connections: 0");
            JMXConnector jmx = connect();
            List<TestClient> clients = new ArrayList<>();
            try {
                TestClient stream = TestClient.connect(new InetSocketAddress("127.0.0.1", port));
                clients.add(stream);
                Conversation far = liberator.next();
                far.send("first");
                assertThat(stream.readText(5)).isEqualTo("first");
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(TestClient.connect(new InetSocketAddress("127.0.0.1", port)));
                }
                Sluices.await(() -> assertThat(appliance(jmx, Boolean.class, "DescriptorsLow"))
                        .isTrue());
                try (JMXConnector newcomer = connect()) {
                    assertThat(appliance(newcomer, Long.class, "DescriptorsLowTotal"))
                            .isPositive();
                }
                assertThat(appliance(jmx, Integer.class, "DescriptorsLimit")).isEqualTo(LIMIT);

                Duration cpuBefore = cpu();
                long before = System.nanoTime();
                for (int i = 0; i < 20; i++) {
                    far.send("price");
                    assertThat(stream.readText(5)).isEqualTo("price");
                    TimeUnit.MILLISECONDS.sleep(100);
                }
                double share = (double) cpu().minus(cpuBefore).toNanos() / (System.nanoTime() - before);
                assertThat(share)
                        .as("share of a processor; a spin takes all of one")
                        .isLessThan(0.5);

                clients.subList(1, clients.size()).forEach(TestClient::reset);
                Sluices.await(() -> assertThat(appliance(jmx, Boolean.class, "DescriptorsLow"))
                        .isFalse());
                int visits = liberator.visits();
                TestClient next = TestClient.connect(new InetSocketAddress("127.0.0.1", port));
                clients.add(next);
                Sluices.await(() -> assertThat(liberator.visits()).isGreaterThan(visits));
                far.send("still");
                assertThat(stream.readText(5)).isEqualTo("still");
            } finally {
                clients.forEach(TestClient::close);
                stop();
            }
        }
    }

    @Test
    void by_default_connections_are_refused_before_descriptors_run_out() throws Exception {
        try (FakeLiberator liberator = FakeLiberator.start()) {
            int port = start(liberator, "connections: auto");
            JMXConnector jmx = connect();
            List<TestClient> clients = new ArrayList<>();
            try {
                for (int i = 0; i < CLIENTS; i++) {
                    try {
                        clients.add(TestClient.connect(new InetSocketAddress("127.0.0.1", port)));
                    } catch (UncheckedIOException resetAtOnce) {
                        // One above the limit.
                    }
                }
                int limit = appliance(jmx, Integer.class, "ConnectionsLimit");
                assertThat(limit).isBetween(10, LIMIT / 2);
                Sluices.await(() -> assertThat(appliance(jmx, Integer.class, "ConnectionsActive"))
                        .isEqualTo(limit));
                Sluices.await(() ->
                        assertThat(appliance(jmx, Long.class, "RefusedTotal")).isEqualTo(CLIENTS - limit));
                assertThat(appliance(jmx, Long.class, "DescriptorsLowTotal")).isZero();
            } finally {
                clients.forEach(TestClient::close);
                stop();
            }
        }
    }
}
