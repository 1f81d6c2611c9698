package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process: {@code sluice run}, managed over its JMX port. */
class RunCommandTest {
    private static final String LISTENING = "0A";

    @TempDir
    private Path folder;

    private Path config(int jmxPort, String more) throws IOException {
        return Files.writeString(folder.resolve("sluice.yaml"), """
                listeners:
                  - { name: plain, bind: "127.0.0.1:0" }
                liberators:
                  - { name: lib-a, address: "127.0.0.1:1", health: off }
                routes:
                  - { host: a.example.com, liberator: lib-a }
                %s
                management: { jmx: { bind: "127.0.0.1:%d" }, drainTime: 0 }
                """.formatted(more, jmxPort));
    }

    /** @param by what starts it; nothing: it starts itself */
    private Process run(Path config, String... by) throws IOException {
        List<String> command = new ArrayList<>(List.of(by));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.sluice.Sluice",
                "run",
                "-c",
                config.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String lineWith(BufferedReader out, String word) throws IOException {
        List<String> before = new ArrayList<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.contains(word)) {
                return line;
            }
            before.add(line);
        }
        throw new AssertionError("no line with " + word + " but " + before);
    }

    private static JMXConnector connect(int port) throws IOException {
        return JMXConnectorFactory.connect(
                new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi"));
    }

    @Test
    void it_serves_first_then_opens_one_port_for_management_and_reloads_over_it() throws Exception {
        int port = FreePort.find();
        Process sluice = run(config(port, ""));
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(sluice.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lineWith(out, "appliance.start")).contains("table=1");
            assertThat(lineWith(out, "management.open")).contains("127.0.0.1:" + port);
            try (JMXConnector connector = connect(port)) {
                MBeanServerConnection mbeans = connector.getMBeanServerConnection();
                ObjectName appliance = new ObjectName("sluice:type=Appliance");
                ObjectName listener = new ObjectName("sluice:type=Listener,name=plain");
                String plain = (String) mbeans.getAttribute(listener, "Address");
                int plainPort = Integer.parseInt(plain.substring(plain.indexOf(':') + 1));
                assertThat(listeningSockets(sluice.pid()))
                        .as("what the process listens on")
                        .containsExactlyInAnyOrder(port, plainPort);

                config(port, "  - { host: b.example.com, liberator: lib-a }");
                assertThat(reload(mbeans, appliance))
                        .isEqualTo("table version 2 in force: 2 routes, 1 Liberator, 1 listener");

                Path bad = config(port, "  - { host: c.example.com, liberator: lib-c }");
                assertThat(reload(mbeans, appliance))
                        .isEqualTo("routing table not changed, still serving version 2: 1 problem in " + bad + "\n"
                                + bad + ":7:39: route 'c.example.com' names Liberator 'lib-c', which is not defined"
                                + " (defined: lib-a); did you mean 'lib-a'?");

                config(port == 65535 ? 1 : port + 1, "");
                assertThat(reload(mbeans, appliance))
                        .isEqualTo("table version 3 in force: 1 route, 1 Liberator, 1 listener;"
                                + " management.jmx.bind stays 127.0.0.1:" + port + " until a restart");
                assertThat(mbeans.getAttribute(appliance, "TableVersion")).isEqualTo(3L);
            }
        } finally {
            sluice.destroy();
            assertThat(sluice.waitFor(60, TimeUnit.SECONDS))
                    .as("it ends on TERM")
                    .isTrue();
        }
        assertThat(sluice.exitValue()).isZero();
    }

    @Test
    void a_JMX_address_that_is_taken_is_named_and_nothing_is_started() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Process sluice = run(config(taken.getLocalPort(), ""));
            String said = new String(sluice.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(sluice.waitFor()).isEqualTo(1);
            assertThat(said)
                    .contains("not started: management.jmx.bind 127.0.0.1:" + taken.getLocalPort() + " is taken")
                    .doesNotContain("listener.open");
        }
    }

    @Test
    void a_signal_that_was_ignored_from_the_start_is_said_to_be_unheard() throws Exception {
        Process sluice = run(config(FreePort.find(), ""), "sh", "-c", "trap '' HUP; exec \"$0\" \"$@\"");
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(sluice.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lineWith(out, "signal.unheard")).contains("WARN").contains("name=HUP");
            assertThat(lineWith(out, "management.open")).isNotEmpty();
        } finally {
            sluice.destroy();
            assertThat(sluice.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void Ctrl_C_is_not_missed_in_the_background() throws Exception {
        Process sluice = run(config(FreePort.find(), ""), "sh", "-c", "trap '' INT HUP; exec \"$0\" \"$@\"");
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(sluice.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lineWith(out, "signal.unheard")).contains("name=HUP").contains("action=");
            assertThat(lineWith(out, "management.open")).isNotEmpty();
            sluice.toHandle().destroy(); // Process.destroy would close what is read here
            assertThat(out.lines()).noneMatch(line -> line.contains("signal.unheard"));
            assertThat(sluice.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            sluice.destroyForcibly();
        }
    }

    @Test
    void the_streams_of_a_killed_process_look_broken_to_both_sides() throws Exception {
        int port = FreePort.find();
        try (ServerSocket liberator = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Path config =
                    Files.writeString(folder.resolve("sluice.yaml"), """
                    listeners:
                      - { name: direct, bind: "127.0.0.1:%d", kind: direct, liberator: lib-a }
                    liberators:
                      - { name: lib-a, address: "127.0.0.1:1", direct: "127.0.0.1:%d", health: off }
                    management: { jmx: off, drainTime: 0 }
                    """.formatted(port, liberator.getLocalPort()));
            Process sluice = run(config);
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(sluice.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(lineWith(out, "listener.open")).contains("direct");
                try (Socket client = new Socket("127.0.0.1", port);
                        Socket upstream = liberator.accept()) {
                    pass("login\n", client, upstream);
                    pass("price\n", upstream, client);
                    sluice.toHandle().destroyForcibly();
                    assertBroken(client);
                    assertBroken(upstream);
                }
            } finally {
                sluice.destroyForcibly();
            }
        }
    }

    private static void pass(String bytes, Socket from, Socket to) throws IOException {
        from.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
        assertThat(to.getInputStream().readNBytes(bytes.length())).asString().isEqualTo(bytes);
    }

    private static void assertBroken(Socket end) throws IOException {
        end.setSoTimeout((int) TimeUnit.MINUTES.toMillis(1));
        assertThatThrownBy(() -> end.getInputStream().read()).hasMessage("Connection reset");
    }

    private static String reload(MBeanServerConnection mbeans, ObjectName appliance) throws Exception {
        return (String) mbeans.invoke(appliance, "reload", new Object[0], new String[0]);
    }

    /** The TCP ports that a process listens on, by its descriptors in /proc. */
    private static Set<Integer> listeningSockets(long pid) throws IOException {
        Set<String> sockets = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path each : descriptors.toList()) {
                sockets.add(target(each));
            }
        }
        Set<Integer> ports = new HashSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
                String[] fields = line.strip().split("\\s+");
                if (fields[3].equals(LISTENING) && sockets.contains("socket:[" + fields[9] + "]")) {
                    ports.add(Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16));
                }
            }
        }
        return ports;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
