package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FreePort;
import io.sluice.demo.DemoLiberator;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** A real appliance in a process of its own, with two demo Liberators behind it and clients of its Direct listener. */
public final class RunningSluice implements AutoCloseable {
    public static final String LIB_A = "lib-a";
    public static final String LIB_B = "lib-b";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final DemoLiberator a;
    private final DemoLiberator b;
    private final String address;
    private final int jmxPort = FreePort.find();
    private final int directA;
    private final int directB;
    private final int httpPort;
    private final List<Socket> clients = new ArrayList<>();
    private final List<String> before;
    private Process process;

    private RunningSluice(Path folder, DemoLiberator a, DemoLiberator b, String... before) throws IOException {
        this.folder = folder;
        this.before = List.of(before);
        this.a = a;
        this.b = b;
        address = "127.0.0.1";
        directA = FreePort.find();
        directB = FreePort.find();
        httpPort = FreePort.find();
    }

    /** The same ports on another address, as if it were another host. */
    private RunningSluice(Path folder, RunningSluice other) {
        this.folder = folder;
        before = List.of();
        a = other.a;
        b = other.b;
        address = "127.0.0.2";
        directA = other.directA;
        directB = other.directB;
        httpPort = other.httpPort;
    }

    /**
     * Starts it with what remote JMX needs on top of its address, and waits until it serves.
     *
     * @param jmx more keys of {@code management.jmx}, with a comma before them; or nothing
     */
    public static RunningSluice start(Path folder, String jmx) throws Exception {
        return start(new RunningSluice(folder, liberator("A"), liberator("B")), jmx);
    }

    private static RunningSluice start(RunningSluice sluice, String jmx) throws Exception {
        sluice.configure(jmx, "");
        sluice.run();
        return sluice;
    }

    /** Starts one by a command that starts what follows it. */
    static RunningSluice startBy(Path folder, String... before) throws Exception {
        return start(new RunningSluice(folder, liberator("A"), liberator("B"), before), "");
    }

    private static DemoLiberator liberator(String name) throws IOException {
        return new DemoLiberator(name, loopback(0), loopback(0));
    }

    /** Starts another one in front of the same Liberators. */
    public RunningSluice beside(Path other) throws Exception {
        return start(new RunningSluice(other, this), "");
    }

    public static RunningSluice start() throws Exception {
        return start(Files.createTempDirectory("sluice"), "");
    }

    /** Writes its file anew; a reload reads it. */
    public void configure(String jmx, String moreRoutes) throws IOException {
        Files.writeString(config(), """
                listeners:
                  - { name: http, bind: "%s:%d" }
                  - { name: direct-a, bind: "%s:%d", kind: direct, liberator: lib-a }
                  - { name: direct-b, bind: "%s:%d", kind: direct, liberator: lib-b }
                liberators:
                  - { name: lib-a, address: "%s", direct: "%s", health: { interval: 200ms } }
                  - { name: lib-b, address: "%s", direct: "%s", health: { interval: 200ms } }
                routes:
                  - { host: fx.example.com, liberator: lib-a }
                  - { host: b.example.com, liberator: lib-b }
                %s
                management: { jmx: { bind: "127.0.0.1:%d"%s }, drainTime: 0 }
                log: { file: "%s" }
                """.formatted(
                        address,
                        httpPort,
                        address,
                        directA,
                        address,
                        directB,
                        text(a.httpAddress()),
                        text(a.directAddress()),
                        text(b.httpAddress()),
                        text(b.directAddress()),
                        moreRoutes,
                        jmxPort,
                        jmx,
                        folder.resolve("sluice.log")));
    }

    public void breakConfiguration() throws IOException {
        Files.writeString(config(), "listeners: 5\n");
    }

    public Path config() {
        return folder.resolve("sluice.yaml");
    }

    /** Starts the process; also again, after {@link #stop}. */
    public void run() throws Exception {
        Path ready = folder.resolve("ready");
        Files.deleteIfExists(ready);
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.sluice.Sluice",
                "run",
                "-c",
                config().toString(),
                "--ready-file",
                ready.toString()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("Sluice ended: " + Files.readString(folder.resolve("output")));
            }
            return Files.exists(ready);
        });
    }

    public void stop() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
    }

    /** Where its JMX is. */
    public String url() {
        return "127.0.0.1:" + jmxPort;
    }

    public long pid() {
        return process.pid();
    }

    /** Opens Direct connections, which are streams at once. */
    public List<Socket> openStreams(String liberator, int count) throws IOException {
        List<Socket> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(address, liberator.equals(LIB_A) ? directA : directB);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            opened.add(socket);
        }
        clients.addAll(opened);
        return opened;
    }

    /** Asks for something and returns the answer's status line. */
    public String get(String host, String path) throws IOException {
        try (Socket socket = new Socket(address, httpPort)) {
            OutputStream out = socket.getOutputStream();
            out.write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.substring(0, Math.max(0, answer.indexOf('\r')));
        }
    }

    public void stopLiberatorB() throws IOException {
        b.close();
    }

    /** Waits for the end of a stream, whatever was under way before it. */
    public static void assertEnds(Socket client) throws IOException {
        try {
            while (client.getInputStream().read() >= 0) {
                // what was under way
            }
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    static void await(ThrowingRunnable assertion) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).untilAsserted(assertion);
    }

    private static String text(InetSocketAddress address) {
        return "127.0.0.1:" + address.getPort();
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    @Override
    public void close() throws IOException {
        for (Socket each : clients) {
            each.close();
        }
        stop();
        a.close();
        b.close();
    }
}
