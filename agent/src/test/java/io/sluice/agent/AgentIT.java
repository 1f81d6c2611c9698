package io.sluice.agent;

import static io.sluice.agent.ScriptedLiberator.head;
import static io.sluice.agent.ScriptedLiberator.send;
import static io.sluice.agent.ScriptedLiberator.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real agent's jar in a real Sluice, with streams through it. */
class AgentIT {
    private static final String STREAM_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String WS_REQUEST = "GET /rttp HTTP/1.1\r\nHost: a.example.com\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static final String WS_ANSWER = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    @TempDir
    private Path folder;

    private ScriptedLiberator liberator;

    @BeforeEach
    void a_Liberator() throws IOException {
        liberator = new ScriptedLiberator();
    }

    @AfterEach
    void no_Liberator() throws IOException {
        liberator.close();
    }

    private static String agent(String options) {
        return "-javaagent:" + SluiceProcess.JAR + (options.isEmpty() ? "" : "=" + options);
    }

    private static Socket client(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a.example.com\r\n\r\n";
    }

    /** A request answered whole. */
    private void ask(int port) throws Exception {
        try (Socket client = client(port)) {
            send(client, get("/file"));
            Socket upstream = liberator.connection();
            head(upstream);
            send(upstream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            until(client, "ok");
        }
    }

    private void stream_prices_over_sse(int port, int messages) throws Exception {
        stream_prices(port, "/sse", "text/event-stream", messages);
    }

    private void stream_prices(int port, String path, String type, int messages) throws Exception {
        try (Socket client = client(port)) {
            send(client, "GET " + path + " HTTP/1.1\r\nHost: a.example.com\r\nAccept: " + type + "\r\n\r\n");
            Socket upstream = liberator.connection();
            head(upstream);
            send(upstream, STREAM_HEAD.formatted(type));
            head(client);
            for (int i = 0; i < messages; i++) {
                send(upstream, "9\r\ndata: " + i % 10 + "\n\n\r\n");
                until(client, "data: " + i % 10);
            }
        }
    }

    private void talk_over_a_websocket(int port, int messages) throws Exception {
        try (Socket client = client(port)) {
            send(client, WS_REQUEST);
            Socket upstream = liberator.connection();
            head(upstream);
            send(upstream, WS_ANSWER);
            head(client);
            for (int i = 0; i < messages; i++) {
                send(client, "ping;");
                until(upstream, "ping;");
                send(upstream, "price;");
                until(client, "price;");
            }
        }
    }

    private void talk_directly(int port, int messages) throws Exception {
        try (Socket client = client(port)) {
            Socket upstream = liberator.connection();
            for (int i = 0; i < messages; i++) {
                send(client, "ping\n");
                until(upstream, "ping\n");
                send(upstream, "price\n");
                until(client, "price\n");
            }
        }
    }

    @Test
    void from_the_start_it_times_every_stage_and_every_message_of_each_kind() throws Exception {
        try (SluiceProcess sluice = SluiceProcess.run(folder, liberator, agent("window=5m"))) {
            assertThat(sluice.output())
                    .contains("sluice-agent: level=metrics,slow=50ms,sample=off,window=300s,jfr=off: "
                            + JoinPoint.values().length + " of " + JoinPoint.values().length + " join points");
            await().until(() -> sluice.mbeans().isRegistered(SluiceProcess.AGENT));
            int http = sluice.port("http");
            ask(http);
            stream_prices_over_sse(http, 20);
            stream_prices(http, "/RTTP-TYPE2", "text/plain", 15);
            stream_prices(http, "/RTTP-TYPE5", "text/html", 25);
            talk_over_a_websocket(http, 30);
            talk_directly(sluice.port("direct"), 40);
            await().untilAsserted(() -> {
                for (String stage :
                        new String[] {"accept", "head", "route", "connect", "upstream-head", "first-byte"}) {
                    for (String kind : new String[] {"other", "sse", "http-stream", "forever-frame", "websocket"}) {
                        assertThat(sluice.timed(stage, kind))
                                .as("%s of %s", stage, kind)
                                .isEqualTo(1);
                    }
                }
                assertThat(sluice.timed("accept", "direct")).isEqualTo(1);
                assertThat(sluice.timed("connect", "direct")).isEqualTo(1);
                assertThat(sluice.timed("to-client", "sse")).isEqualTo(20);
                assertThat(sluice.timed("to-client", "http-stream")).isEqualTo(15);
                assertThat(sluice.timed("to-client", "forever-frame")).isEqualTo(25);
                assertThat(sluice.timed("to-client", "websocket")).isEqualTo(30);
                assertThat(sluice.timed("to-liberator", "websocket")).isEqualTo(30);
                assertThat(sluice.timed("to-client", "direct")).isEqualTo(40);
                assertThat(sluice.timed("to-liberator", "direct")).isEqualTo(40);
            });
            assertThat(sluice.latency("to-client", "CountTotal")).isEqualTo(130L);
            double p50 = (double) sluice.latency("to-client", "P50Micros");
            double max = (double) sluice.latency("to-client", "MaxMicros");
            assertThat(p50).isPositive().isLessThanOrEqualTo(max);
            assertThat(sluice.latency("tls", "CountTotal")).isEqualTo(0L);
            assertThat(sluice.agent("FaultsTotal"))
                    .as("%s", sluice.agent("LastFault"))
                    .isEqualTo(0L);
            assertThat(sluice.lines("MissingJoinPoints")).isEmpty();
            assertThat(sluice.output()).as("what the JVM thinks of the agent").doesNotContain("WARNING");
        }
    }

    @Test
    void attached_late_it_times_the_streams_that_are_open_already_and_leaves_no_trace_when_it_is_detached()
            throws Exception {
        try (SluiceProcess sluice = SluiceProcess.run(folder, liberator);
                Socket client = client(sluice.port("direct"))) {
            Path witness = SecondAgent.jar(folder, Witness.class);
            Socket upstream = liberator.connection();
            Map<String, String> original = fingerprint(sluice, witness);
            sluice.attach("level=metrics");
            assertThat(fingerprint(sluice, witness))
                    .as("with advice")
                    .allSatisfy((type, print) -> assertThat(print).isNotEqualTo(original.get(type)));
            for (int i = 0; i < 10; i++) {
                send(upstream, "price\n");
                until(client, "price\n");
            }
            await().untilAsserted(() ->
                    assertThat(sluice.timed("to-client", "direct")).isEqualTo(10));

            sluice.invoke("off");
            assertThat(sluice.agent("State")).isEqualTo("off");
            assertThat(fingerprint(sluice, witness)).as("off").isEqualTo(original);
            send(upstream, "price\n");
            until(client, "price\n");
            assertThat(sluice.timed("to-client", "direct")).isEqualTo(10);

            sluice.invoke("on");
            send(upstream, "price\n");
            until(client, "price\n");
            await().untilAsserted(() ->
                    assertThat(sluice.timed("to-client", "direct")).isEqualTo(11));

            sluice.invoke("detach");
            assertThat(fingerprint(sluice, witness)).as("detached").isEqualTo(original);
            assertThat(sluice.beans("sluice:type=Agent,*")).isEmpty();
            assertThat(sluice.beans("sluice:type=Latency,*")).isEmpty();

            sluice.attach("slow=1ms");
            assertThat(sluice.agent("Options")).asString().startsWith("level=metrics,slow=1ms");
            send(upstream, "price\n");
            until(client, "price\n");
            await().untilAsserted(() ->
                    assertThat(sluice.timed("to-client", "direct")).isEqualTo(12));
        }
    }

    @Test
    void a_message_costs_no_object() throws Exception {
        // As the launcher starts it: with escape analysis, the figure is that of the compiler's progress.
        try (SluiceProcess sluice = SluiceProcess.run(folder, liberator, "-XX:-DoEscapeAnalysis", agent("level=off"));
                Socket client = client(sluice.port("direct"))) {
            await().until(() -> sluice.mbeans().isRegistered(SluiceProcess.AGENT));
            Socket upstream = liberator.connection();
            double without = allocatedPerMessage(sluice, client, upstream);
            sluice.invoke("on");
            double with = allocatedPerMessage(sluice, client, upstream);
            System.out.printf("bytes allocated for a message: %.1f without the agent, %.1f with it%n", without, with);
            assertThat(without).as("the loops' threads were found").isPositive();
            assertThat(with - without).as("16 bytes are the smallest object").isLessThan(16);
        }
    }

    private double allocatedPerMessage(SluiceProcess sluice, Socket client, Socket upstream) throws Exception {
        // So many that what is made once does not look like a price of each: a stall makes the counts of the times
        // grow.
        int messages = 20_000;
        pass(messages, client, upstream);
        long before = allocated(sluice);
        pass(messages, client, upstream);
        return (double) (allocated(sluice) - before) / messages;
    }

    private static void pass(int messages, Socket client, Socket upstream) throws IOException {
        for (int i = 0; i < messages; i++) {
            send(upstream, "price;");
            until(client, ";");
        }
    }

    private long allocated(SluiceProcess sluice) throws Exception {
        Path file = folder.resolve("allocated.txt");
        sluice.attach(SecondAgent.jar(folder, Meter.class).toString(), file.toString());
        return Long.parseLong(Files.readString(file));
    }

    @Test
    void what_waits_for_a_slow_client_is_the_client_s_time_and_not_ours() throws Exception {
        try (SluiceProcess sluice = SluiceProcess.run(folder, liberator, agent("slow=100ms,level=trace"));
                Socket client = new Socket()) {
            client.setReceiveBufferSize(8 * 1024);
            client.connect(new InetSocketAddress("127.0.0.1", sluice.port("direct")));
            Socket upstream = liberator.connection();
            send(upstream, "price\n");
            until(client, "price\n");

            AtomicLong sent = new AtomicLong();
            AtomicLong lastSentNanos = new AtomicLong();
            byte[] block = new byte[4096];
            int blocks = 4096;
            long floodNanos = System.nanoTime();
            Thread flood = new Thread(() -> {
                try {
                    OutputStream out = upstream.getOutputStream();
                    for (int i = 0; i < blocks; i++) {
                        out.write(block);
                        sent.addAndGet(block.length);
                        lastSentNanos.set(System.nanoTime());
                    }
                } catch (IOException failed) {
                    sent.set(-1);
                }
            });
            flood.start();
            await().untilAsserted(() ->
                    assertThat(sluice.agent("ClientsWaitedForActive")).isEqualTo(1));
            await().until(() -> System.nanoTime() - lastSentNanos.get() > TimeUnit.MILLISECONDS.toNanos(300));
            assertThat(sluice.agent("ClientsWaitedForActive")).isEqualTo(1);
            long stillNanos = System.nanoTime();
            await().pollDelay(700, TimeUnit.MILLISECONDS).until(() -> true);
            assertThat(sluice.agent("ClientsWaitedForActive")).isEqualTo(1);
            long readsNanos = System.nanoTime();
            InputStream in = client.getInputStream();
            client.setSoTimeout(20_000);
            long left = (long) block.length * blocks;
            byte[] into = new byte[64 * 1024];
            while (left > 0) {
                int read = in.read(into);
                assertThat(read).isPositive();
                left -= read;
            }
            long doneNanos = System.nanoTime();
            flood.join();

            await().untilAsserted(() ->
                    assertThat(sluice.agent("ClientsWaitedForActive")).isEqualTo(0));
            sluice.mbeans().invoke(SluiceProcess.AGENT, "snapshot", null, null);
            double longest = (double) sluice.latency("client-wait", "direct", "MaxMicros") * 1000;
            assertThat(longest)
                    .as("outside clock: at least from when all stood still to the client's first read, at most"
                            + " from the first block to the last byte; 1 %% is the histogram's")
                    .isBetween((readsNanos - stillNanos) * 0.99, (doneNanos - floodNanos) * 1.01);
            double ours = (double) sluice.latency("to-client", "direct", "P99Micros") * 1000;
            assertThat(ours).isLessThan((readsNanos - stillNanos) / 2.0);
            await().untilAsserted(() -> assertThat(sluice.lines("Traces"))
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("{\"at\":\"")
                            .contains("\"what\":\"message\"", "\"kind\":\"direct\"", "\"direction\":\"to-client\"")
                            .contains("\"client_wait_us\":", "\"connect_us\":", "\"liberator\":\"lib-a\"")));
            assertThat(sluice.output()).contains("trace {\"at\":");
        }
    }

    @Test
    void what_the_Liberator_takes_for_its_head_is_its_time_as_an_outside_clock_says() throws Exception {
        try (SluiceProcess sluice = SluiceProcess.run(folder, liberator, agent("window=5m,slow=100ms"));
                Socket client = client(sluice.port("http"))) {
            long outerStart = System.nanoTime();
            send(client, get("/file"));
            Socket upstream = liberator.connection();
            head(upstream);
            long innerStart = System.nanoTime();
            await().pollDelay(300, TimeUnit.MILLISECONDS).until(() -> true);
            long innerEnd = System.nanoTime();
            send(upstream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            until(client, "ok");
            long outerEnd = System.nanoTime();
            await().untilAsserted(() ->
                    assertThat(sluice.timed("upstream-head", "other")).isEqualTo(1));
            double nanos = (double) sluice.latency("upstream-head", "MaxMicros") * 1000;
            assertThat(nanos).isBetween((innerEnd - innerStart) * 0.99, (outerEnd - outerStart) * 1.01);
            assertThat((double) sluice.latency("first-byte", "MaxMicros") * 1000)
                    .isLessThan((outerEnd - outerStart) - (innerEnd - innerStart) * 0.99);
            await().untilAsserted(() -> assertThat(sluice.lines("Traces"))
                    .singleElement()
                    .asString()
                    .contains("\"what\":\"stream\"", "\"kind\":\"other\"", "\"upstream_head_us\":", "\"head_us\":"));
        }
    }

    @Test
    void an_unknown_option_is_one_line_and_Sluice_runs_its_original_classes_without_the_agent() throws Exception {
        try (SluiceProcess sluice = SluiceProcess.run(folder, liberator, agent("lvel=metrics"))) {
            assertThat(sluice.output().lines().filter(line -> line.startsWith("sluice-agent:")))
                    .singleElement()
                    .asString()
                    .startsWith("sluice-agent: option 'lvel' is not known (known: level=");
            ask(sluice.port("http"));
            assertThat(sluice.beans("sluice:type=Agent")).isEmpty();
            Path witness = SecondAgent.jar(folder, Witness.class);
            Map<String, String> refused = fingerprint(sluice, witness);
            sluice.attach("level=off");
            assertThat(fingerprint(sluice, witness)).as("off from the start").isEqualTo(refused);
            sluice.invoke("on");
            assertThat(fingerprint(sluice, witness))
                    .as("on")
                    .allSatisfy((type, print) -> assertThat(print).isNotEqualTo(refused.get(type)));
        }
    }

    @Test
    void it_is_switched_live_and_refuses_what_is_wrong_with_a_sentence() throws Exception {
        try (SluiceProcess sluice = SluiceProcess.run(folder, liberator, agent("level=off"))) {
            await().until(() -> sluice.mbeans().isRegistered(SluiceProcess.AGENT));
            assertThat(sluice.agent("State")).isEqualTo("off");
            assertThat(sluice.lines("JoinPoints")[1]).endsWith("not in use");
            assertThat(sluice.invoke("level", "trace")).asString().startsWith("level=trace,");
            assertThat(sluice.invoke("sample", "1/1")).asString().contains("sample=1/1");
            assertThat(sluice.invoke("slow", "off")).asString().contains("slow=off");
            assertThat(sluice.invoke("window", "20s")).asString().contains("window=20s");
            assertThatThrownBy(() -> sluice.invoke("slow", "soon"))
                    .hasStackTraceContaining("slow is 'soon' (expected a time as in 50ms or 800us, or off)");
            assertThatThrownBy(() -> sluice.invoke("level", "String")).hasStackTraceContaining("JConsole");
            stream_prices_over_sse(sluice.port("http"), 3);
            await().untilAsserted(() -> assertThat(sluice.lines("Traces"))
                    .as("a sample of everything")
                    .hasSize(4)
                    .allSatisfy(line -> assertThat(line).contains("\"why\":\"sample\"", "\"kind\":\"sse\"")));
            assertThat(sluice.timed("to-client", "sse")).isEqualTo(3);
            sluice.invoke("reset");
            assertThat(sluice.lines("Traces")).isEmpty();
            assertThat(sluice.latency("to-client", "CountTotal")).isEqualTo(0L);
        }
    }

    @Test
    void a_JFR_recording_shows_messages_waits_and_streams() throws Exception {
        Path recording = folder.resolve("sluice.jfr");
        try (SluiceProcess sluice = SluiceProcess.run(
                folder,
                liberator,
                agent("jfr=on"),
                "-XX:StartFlightRecording=settings=none,+sluice.Transit#threshold=0ns,+sluice.Transit#enabled=true,"
                        + "+sluice.Stream#threshold=0ns,+sluice.Stream#enabled=true,filename=" + recording)) {
            stream_prices_over_sse(sluice.port("http"), 5);
            await().untilAsserted(
                            () -> assertThat(sluice.timed("to-client", "sse")).isEqualTo(5));
        }
        Process print = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jfr").toString(),
                        "print",
                        "--events",
                        "sluice.*",
                        recording.toString())
                .redirectErrorStream(true)
                .start();
        String events = new String(print.getInputStream().readAllBytes());
        assertThat(events.split("sluice\\.Transit \\{", -1)).as(events).hasSize(6);
        assertThat(events.split("sluice\\.Stream \\{", -1)).as(events).hasSize(2);
        assertThat(events).contains("liberator = \"lib-a\"", "kind = \"sse\"", "upstreamHead = ");
    }

    @Test
    void in_a_process_that_is_not_Sluice_it_says_one_line_and_does_nothing() throws Exception {
        Process other = new ProcessBuilder(SluiceProcess.java(), agent(""), "-XX:+UseSerialGC", "-version")
                .redirectErrorStream(true)
                .start();
        String said = new String(other.getInputStream().readAllBytes());
        assertThat(other.waitFor()).isZero();
        assertThat(said.lines().filter(line -> line.startsWith("sluice-agent:")))
                .containsExactly("sluice-agent: this process is not Sluice: nothing is instrumented");
    }

    @Test
    void its_own_faults_never_reach_a_stream_and_switch_it_off() throws Exception {
        try (SluiceProcess sluice = SluiceProcess.run(folder, liberator, agent(""));
                Socket client = client(sluice.port("direct"))) {
            Socket upstream = liberator.connection();
            Path saboteur = SecondAgent.jar(folder, Saboteur.class);
            sluice.attach(saboteur.toString(), "");
            await().untilAsserted(() -> {
                send(upstream, "price\n");
                until(client, "price\n");
                send(client, "ping\n");
                until(upstream, "ping\n");
                assertThat(sluice.agent("State"))
                        .asString()
                        .startsWith("off: 20 faults of its own, the last: java.lang.NullPointerException");
            });
            assertThat((long) sluice.agent("FaultsTotal")).isGreaterThanOrEqualTo(Faults.LIMIT);
            await().untilAsserted(
                            () -> assertThat(sluice.output()).contains("sluice-agent: off by itself after 20 faults"));
            stream_prices_over_sse(sluice.port("http"), 2);
            sluice.invoke("on");
            stream_prices_over_sse(sluice.port("http"), 2);
            assertThat(sluice.timed("to-client", "sse")).isEqualTo(2);
        }
    }

    @Test
    void class_data_sharing_stays_on_and_neither_logging_nor_JMX_is_loaded_before_main() throws Exception {
        Path classes = folder.resolve("classes.txt");
        try (SluiceProcess sluice =
                SluiceProcess.run(folder, liberator, agent(""), "-Xshare:auto", "-Xlog:class+load:file=" + classes)) {
            ask(sluice.port("http"));
        }
        List<String> loaded = Files.readAllLines(classes);
        long shared = loaded.stream()
                .filter(line -> line.contains("source: shared objects file"))
                .count();
        assertThat(shared).as("classes from the shared archive").isGreaterThan(400);
        List<String> beforeMain = loaded.stream()
                .takeWhile(line -> !line.contains(" io.sluice.Sluice "))
                .toList();
        assertThat(beforeMain)
                .anyMatch(line -> line.contains(" io.sluice.agent.Weaver "))
                .noneMatch(line -> line.contains(" ch.qos.logback.")
                        || line.contains(".opentelemetry.")
                        || line.contains(" org.slf4j.LoggerFactory ")
                        || line.contains(" sun.management.")
                        || line.contains(" java.lang.management.ManagementFactory ")
                        || line.contains(" javax.management.MBeanServerFactory "));
    }

    // ---------------------------------------------------------------- a second agent that looks at class files

    /**
     * The class files that the JVM runs for every class with a join point. Since Java 21 a class that was changed and
     * changed back keeps the constants of both, in another order: so the files are written anew, which leaves those in
     * use.
     */
    private Map<String, String> fingerprint(SluiceProcess sluice, Path witness) throws Exception {
        Path report = Files.createTempDirectory(folder, "witness");
        String types = String.join(
                ",",
                Arrays.stream(JoinPoint.values())
                        .map(JoinPoint::type)
                        .distinct()
                        .toArray(String[]::new));
        sluice.attach(witness.toString(), report + ";" + types);
        Map<String, String> prints = new TreeMap<>();
        try (Stream<Path> classFiles = Files.list(report)) {
            for (Path each : classFiles.toList()) {
                ClassWriter anew = new ClassWriter(0);
                new ClassReader(Files.readAllBytes(each)).accept(anew, 0);
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(anew.toByteArray());
                prints.put(each.getFileName().toString(), HexFormat.of().formatHex(digest));
            }
        }
        assertThat(prints).containsKey("io.sluice.relay.Pump").hasSize(types.split(",").length);
        return prints;
    }
}
