package io.sluice.agent;

import static io.sluice.agent.ScriptedLiberator.head;
import static io.sluice.agent.ScriptedLiberator.send;
import static io.sluice.agent.ScriptedLiberator.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spans of a real Sluice, as a collector receives them. */
class SpansIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    @TempDir
    private Path folder;

    private final List<String> received = new CopyOnWriteArrayList<>();
    private HttpServer collector;
    private ScriptedLiberator liberator;

    @BeforeEach
    void a_collector_and_a_Liberator() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        liberator = new ScriptedLiberator();
    }

    @AfterEach
    void both_end() throws IOException {
        collector.stop(0);
        liberator.close();
    }

    private String url() {
        return "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces";
    }

    /** Asks once; returns the head that the Liberator got. */
    private String ask(SluiceProcess sluice, String fields) throws Exception {
        try (Socket client = new Socket(InetAddress.getByName("127.0.0.1"), sluice.port("http"))) {
            client.setSoTimeout(20_000);
            send(client, "GET /file HTTP/1.1\r\nHost: a.example.com\r\n" + fields + "\r\n");
            Socket upstream = liberator.connection();
            String head = head(upstream);
            send(upstream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            until(client, "ok");
            return head;
        }
    }

    private static String octets(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    @Test
    void a_stream_and_its_stages_become_spans_of_the_client_s_trace_or_of_a_new_one() throws Exception {
        Path classes = folder.resolve("classes.txt");
        try (SluiceProcess sluice = SluiceProcess.run(
                folder,
                liberator,
                "-javaagent:" + SluiceProcess.JAR + "=otlp=" + url(),
                "-Xlog:class+load:file=" + classes)) {
            String sent = "traceparent: 00-" + TRACE + "-" + PARENT + "-01\r\n";
            assertThat(ask(sluice, sent)).as("passed through").contains("\r\n" + sent);
            assertThat(ask(sluice, "")).as("not created unasked").doesNotContain("traceparent");
            await().untilAsserted(() -> {
                String all = String.join("", received);
                assertThat(all)
                        .contains("sluice", "stream", "head", "route", "connect", "upstream-head", "first-byte")
                        .contains("sluice.liberator", "lib-a", "sluice.end", "completed")
                        .contains(octets(TRACE), octets(PARENT));
                assertThat((long) sluice.agent("SpansTotal")).isGreaterThanOrEqualTo(2 * 6);
            });

            sluice.invoke("traceparent", "create");
            Matcher created = Pattern.compile("\r\ntraceparent: 00-([0-9a-f]{32})-([0-9a-f]{16})-01\r\n\r\n$")
                    .matcher(ask(sluice, ""));
            assertThat(created.find()).isTrue();
            await().untilAsserted(() ->
                    assertThat(String.join("", received)).contains(octets(created.group(1)), octets(created.group(2))));
            assertThat(sluice.agent("FaultsTotal"))
                    .as("%s", sluice.agent("LastFault"))
                    .isEqualTo(0L);

            sluice.invoke("otlp", "off");
            int before = received.size();
            assertThat(ask(sluice, "")).doesNotContain("traceparent");
            assertThat(received).hasSize(before);
        }
        assertThat(Files.readAllLines(classes))
                .as("nothing of OpenTelemetry under its own name")
                .noneMatch(line -> line.contains(" io.opentelemetry."))
                .anyMatch(line -> line.contains(" io.sluice.agent.opentelemetry."));
    }

    @Test
    void a_collector_that_is_not_there_costs_the_spans_and_nothing_else() throws Exception {
        String nobody = url();
        collector.stop(0);
        try (SluiceProcess sluice =
                SluiceProcess.run(folder, liberator, "-javaagent:" + SluiceProcess.JAR + "=otlp=" + nobody)) {
            ask(sluice, "");
            await().untilAsserted(() ->
                    assertThat((long) sluice.agent("SpansLostTotal")).isPositive());
            assertThat(sluice.agent("LastSpanFailure")).asString().isNotEmpty();
            assertThat(sluice.output()).as("Sluice's own output").doesNotContain("opentelemetry", "Exception");
        }
    }
}
