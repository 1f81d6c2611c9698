package io.sluice.agent;

import static io.sluice.agent.ScriptedLiberator.head;
import static io.sluice.agent.ScriptedLiberator.send;
import static io.sluice.agent.ScriptedLiberator.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent's figures beside an outside clock: the stamps of client and Liberator, which take their time on purpose.
 *
 * <p>Two outside times are known of each event: one that lies within what the agent times and one around it. The
 * agent's percentiles must lie between theirs; 2 % or 20 µs are allowed, of which 1 % is the histogram's. Prints the
 * rows of the table in docs/tracing.md.
 */
class AccuracyIT {
    private static final double SHARE = 0.02;
    private static final double MICROS = 20;
    private static final int[] PERCENTILES = {50, 90, 99};

    @TempDir
    private static Path folder;

    private static ScriptedLiberator liberator;
    private static SluiceProcess sluice;
    private static Path collections;

    @BeforeAll
    static void one_Sluice_for_all() throws Exception {
        liberator = new ScriptedLiberator();
        collections = folder.resolve("gc.log");
        sluice = SluiceProcess.run(
                folder,
                liberator,
                "-javaagent:" + SluiceProcess.JAR + "=window=5m,slow=60ms",
                "-Xmx512m",
                "-Xlog:gc:file=" + collections);
        System.out.printf("%n| what | outside, within | agent | outside, around |%n|---|---|---|---|%n");
    }

    @AfterAll
    static void no_Sluice() throws IOException {
        sluice.close();
        liberator.close();
    }

    /** Microseconds of the outside clock, within and around each event. */
    private static final class Outside {
        private final double[] within;
        private final double[] around;
        private int events;

        Outside(int most) {
            within = new double[most];
            around = new double[most];
        }

        void add(long withinNanos, long aroundNanos) {
            within[events] = Math.max(0, withinNanos) / 1e3;
            around[events] = aroundNanos / 1e3;
            events++;
        }

        void compare(String what, String stage, String kind) throws Exception {
            await().untilAsserted(() -> assertThat(sluice.timed(stage, kind)).isEqualTo(events));
            for (int percentile : PERCENTILES) {
                double agent = (double) sluice.latency(stage, kind, "P" + percentile + "Micros");
                row(what + ", p" + percentile, at(within, percentile), agent, at(around, percentile));
            }
        }

        private double at(double[] times, int percentile) {
            double[] sorted = Arrays.copyOf(times, events);
            Arrays.sort(sorted);
            return sorted[(int) Math.ceil(percentile / 100.0 * events) - 1];
        }
    }

    private static void row(String what, double within, double agent, double around) {
        System.out.printf(Locale.ROOT, "| %s | %.0f µs | %.0f µs | %.0f µs |%n", what, within, agent, around);
        assertThat(agent)
                .as(what)
                .isBetween(within - Math.max(within * SHARE, MICROS), around + Math.max(around * SHARE, MICROS));
    }

    private static Socket client(String listener) throws Exception {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), sluice.port(listener));
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void pause(long nanos) {
        long until = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Test
    void a_Liberator_that_takes_its_time_for_an_answer() throws Exception {
        Outside outside = new Outside(60);
        try (Socket client = client("http")) {
            Socket upstream = null;
            for (int i = 0; i < 60; i++) {
                long aroundStart = System.nanoTime();
                send(client, "GET /file HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
                upstream = upstream == null ? liberator.connection() : upstream;
                head(upstream);
                long withinStart = System.nanoTime();
                pause((5 + 5 * (i % 10)) * 1_000_000L);
                long withinEnd = System.nanoTime();
                send(upstream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                until(client, "ok");
                outside.add(withinEnd - withinStart, System.nanoTime() - aroundStart);
            }
        }
        outside.compare("Liberator answers after 5 to 50 ms: `upstream-head`", "upstream-head", "other");
    }

    @Test
    void messages_on_their_way_to_a_client() throws Exception {
        int messages = 2000;
        Outside outside = new Outside(messages);
        try (Socket client = client("direct")) {
            Socket upstream = liberator.connection();
            long before = sluice.timed("to-client", "direct");
            assertThat(before).isZero();
            for (int i = 0; i < messages; i++) {
                long sent = System.nanoTime();
                send(upstream, "a price;");
                until(client, ";");
                outside.add(0, System.nanoTime() - sent);
            }
        }
        outside.compare("message, sent to received: `to-client`", "to-client", "direct");
    }

    @Test
    void a_client_that_does_not_read_for_a_while() throws Exception {
        byte[] block = new byte[512 * 1024];
        for (int i = 0; i < 4; i++) {
            sluice.invoke("reset");
            try (Socket client = new Socket()) {
                client.setReceiveBufferSize(8 * 1024);
                client.connect(new InetSocketAddress("127.0.0.1", sluice.port("http")));
                send(client, "GET /sse HTTP/1.1\r\nHost: a.example.com\r\nAccept: text/event-stream\r\n\r\n");
                Socket upstream = liberator.connection();
                head(upstream);
                send(upstream, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                head(client);
                Thread flood = new Thread(() -> write(upstream, block));
                long aroundStart = System.nanoTime();
                flood.start();
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> (int) sluice.agent("ClientsWaitedForActive") == 1);
                long withinStart = System.nanoTime();
                pause((200 + 100 * i) * 1_000_000L);
                long withinEnd = System.nanoTime();
                InputStream in = client.getInputStream();
                assertThat(in.readNBytes(block.length)).hasSize(block.length);
                long aroundEnd = System.nanoTime();
                flood.join();
                await().until(() -> sluice.timed("client-wait", "sse") > 0);
                double agent = (double) sluice.latency("client-wait", "sse", "MaxMicros");
                row(
                        "client reads nothing for " + (200 + 100 * i) + " ms: `client-wait`",
                        (withinEnd - withinStart) / 1e3,
                        agent,
                        (aroundEnd - aroundStart) / 1e3);
            }
        }
    }

    private static void write(Socket to, byte[] block) {
        try {
            to.getOutputStream().write(block);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void a_collector_that_stops_the_process_under_way() throws Exception {
        String ballast = SecondAgent.jar(folder, Ballast.class).toString();
        sluice.attach(ballast, "100");
        sluice.invoke("reset");
        try (Socket client = client("http")) {
            send(client, "GET /sse HTTP/1.1\r\nHost: a.example.com\r\nAccept: text/event-stream\r\n\r\n");
            Socket upstream = liberator.connection();
            head(upstream);
            sluice.attach(ballast, "collect");
            send(upstream, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nok");
            until(client, "ok");
        }
        double logged = askedPauseMillis() * 1000;
        String[] trace = new String[1];
        await().until(() -> {
            trace[0] = Arrays.stream(sluice.lines("Traces"))
                    .filter(line -> micros(line, "collector_us") > 0)
                    .findFirst()
                    .orElse(null);
            return trace[0] != null;
        });
        // The JVM tells of a collection in whole milliseconds, and begins and ends it for its log a little earlier and
        // later than for its beans: on a busy machine, where it may be held up in between, by some milliseconds.
        row(
                "collection of 100 MiB: `collector_us`",
                logged * 0.95 - 1000,
                micros(trace[0], "collector_us"),
                logged + 1000);
        assertThat(micros(trace[0], "stopped_us_at_most")).isGreaterThanOrEqualTo(logged - 1000);
    }

    /** Of the collection that was asked for, as the JVM's own log has it; making the ballast causes others. */
    private static double askedPauseMillis() throws IOException {
        Matcher pause = Pattern.compile("Pause Full \\(System\\.gc\\(\\)\\) .* ([\\d.]+)ms")
                .matcher(Files.readString(collections));
        double longest = 0;
        while (pause.find()) {
            longest = Math.max(longest, Double.parseDouble(pause.group(1)));
        }
        return longest;
    }

    private static double micros(String trace, String key) {
        Matcher value = Pattern.compile("\"" + key + "\":(\\d+)").matcher(trace);
        return value.find() ? Double.parseDouble(value.group(1)) : 0;
    }
}
