package io.sluice.agent;

import static io.sluice.agent.ScriptedLiberator.head;
import static io.sluice.agent.ScriptedLiberator.send;
import static io.sluice.agent.ScriptedLiberator.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent and the OpenTelemetry Java agent in one Sluice: two of them change its classes. */
class BesideOpenTelemetryIT {
    private static final String OTHER = "-javaagent:" + System.getProperty("sluice.otel.jar");
    private static final int MESSAGES = 20;

    @TempDir
    private Path folder;

    @Test
    void both_work_and_ours_can_be_switched_off_and_on() throws Exception {
        try (ScriptedLiberator liberator = new ScriptedLiberator();
                SluiceProcess sluice = SluiceProcess.run(
                        folder,
                        liberator,
                        OTHER,
                        "-javaagent:" + SluiceProcess.JAR + "=window=5m",
                        "-Dotel.traces.exporter=none",
                        "-Dotel.metrics.exporter=none",
                        "-Dotel.logs.exporter=none");
                Socket client = new Socket(InetAddress.getByName("127.0.0.1"), sluice.port("http"))) {
            client.setSoTimeout(20_000);
            assertThat(sluice.output()).contains("opentelemetry-javaagent - version: ");
            await().atMost(Duration.ofSeconds(30)).until(() -> sluice.mbeans().isRegistered(SluiceProcess.AGENT));
            assertThat(sluice.lines("MissingJoinPoints")).isEmpty();
            send(client, "GET /sse HTTP/1.1\r\nHost: a.example.com\r\nAccept: text/event-stream\r\n\r\n");
            Socket upstream = liberator.connection();
            head(upstream);
            send(upstream, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
            head(client);
            prices(upstream, client);
            await().untilAsserted(
                            () -> assertThat(sluice.timed("to-client", "sse")).isEqualTo(MESSAGES));
            for (String stage : new String[] {"accept", "head", "route", "connect", "upstream-head", "first-byte"}) {
                assertThat(sluice.timed(stage, "sse")).as(stage).isEqualTo(1);
            }
            sluice.invoke("off");
            prices(upstream, client);
            assertThat(sluice.timed("to-client", "sse")).isEqualTo(MESSAGES);
            sluice.invoke("on");
            prices(upstream, client);
            await().untilAsserted(
                            () -> assertThat(sluice.timed("to-client", "sse")).isEqualTo(2 * MESSAGES));
            assertThat(sluice.agent("FaultsTotal"))
                    .as("%s", sluice.agent("LastFault"))
                    .isEqualTo(0L);
        }
    }

    private static void prices(Socket upstream, Socket client) throws Exception {
        for (int i = 0; i < MESSAGES; i++) {
            send(upstream, "data: " + i % 10 + "\n\n");
            until(client, "data: " + i % 10 + "\n\n");
        }
    }
}
