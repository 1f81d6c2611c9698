package io.sluice.agent;

import static io.sluice.agent.ScriptedLiberator.send;
import static io.sluice.agent.ScriptedLiberator.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's figures as a Prometheus server and Dropwizard's reporters get them from a real Sluice. */
class ScrapeIT {
    private static final String OF = "{kind=\"direct\",liberator=\"lib-a\",stage=\"to-client\"";
    private static final int MESSAGES = 25;

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

    private static double value(SluiceProcess sluice, String series) throws IOException {
        return sluice.metrics().stream()
                .filter(each -> each.startsWith(series + " "))
                .map(each -> Double.valueOf(each.substring(series.length() + 1)))
                .findFirst()
                .orElse(-1.0);
    }

    @Test
    void they_stand_on_the_appliance_s_page_while_the_agent_is_there_and_only_grow() throws Exception {
        try (SluiceProcess sluice = SluiceProcess.run(folder, liberator, "-javaagent:" + SluiceProcess.JAR);
                Socket client = new Socket(InetAddress.getByName("127.0.0.1"), sluice.port("direct"))) {
            client.setSoTimeout(20_000);
            await().until(() -> sluice.mbeans().isRegistered(SluiceProcess.AGENT));
            Socket upstream = liberator.connection();
            for (int i = 0; i < MESSAGES; i++) {
                send(upstream, "price;");
                until(client, ";");
            }
            await().untilAsserted(() -> assertThat(value(sluice, "sluice_latency_seconds_count" + OF + "}"))
                    .isEqualTo(MESSAGES));
            assertThat(value(sluice, "sluice_latency_seconds_bucket" + OF + ",le=\"+Inf\"}"))
                    .isEqualTo(MESSAGES);
            assertThat(value(sluice, "sluice_latency_seconds_sum" + OF + "}")).isPositive();
            List<Double> buckets = sluice.metrics().stream()
                    .filter(each -> each.startsWith("sluice_latency_seconds_bucket" + OF))
                    .map(each -> Double.valueOf(each.substring(each.lastIndexOf(' ') + 1)))
                    .toList();
            assertThat(buckets).hasSize(26).isSorted();
            double half = value(
                    sluice, "sluice_latency_window_seconds" + OF.replace("stage", "quantile=\"0.5\",stage") + "}");
            double longest =
                    value(sluice, "sluice_latency_window_seconds" + OF.replace("stage", "quantile=\"1\",stage") + "}");
            assertThat(half).isPositive().isLessThanOrEqualTo(longest);
            assertThat(value(sluice, "sluice_agent_on")).isEqualTo(1);

            sluice.invoke("reset");
            assertThat(value(sluice, "sluice_latency_seconds_count" + OF + "}")).isEqualTo(MESSAGES);
            sluice.invoke("off");
            assertThat(value(sluice, "sluice_agent_on")).isZero();
            assertThat(value(sluice, "sluice_latency_seconds_count" + OF + "}")).isEqualTo(MESSAGES);
            assertThat(families(sluice)).isEqualTo(documented());
            sluice.invoke("detach");
            assertThat(families(sluice)).isEmpty();
            assertThat(value(sluice, "sluice_table_version")).isEqualTo(1);
        }
    }

    @Test
    void Dropwizard_s_reporters_find_them_in_the_registry_that_the_appliance_shares() throws Exception {
        Path reporter = SecondAgent.jar(folder, Reporter.class);
        Path report = folder.resolve("report.txt");
        String ours = "liberator.lib-a.latency.to-client.direct.micros";
        try (SluiceProcess sluice = SluiceProcess.run(folder, liberator, "-javaagent:" + SluiceProcess.JAR);
                Socket client = new Socket(InetAddress.getByName("127.0.0.1"), sluice.port("direct"))) {
            client.setSoTimeout(20_000);
            Socket upstream = liberator.connection();
            for (int i = 0; i < MESSAGES; i++) {
                send(upstream, "price;");
                until(client, ";");
            }
            await().untilAsserted(() -> {
                sluice.attach(reporter.toString(), report.toString());
                assertThat(Files.readString(report))
                        .contains("liberator.lib-a.connectMicros")
                        .containsPattern(Pattern.quote(ours) + "\\s+count = " + MESSAGES + "\\s");
            });
            sluice.invoke("detach");
            sluice.attach(reporter.toString(), report.toString());
            assertThat(Files.readString(report))
                    .contains("liberator.lib-a.connectMicros")
                    .doesNotContain(ours);
        }
    }

    private static Set<String> families(SluiceProcess sluice) throws IOException {
        return sluice.metrics().stream()
                .filter(each -> each.matches("# TYPE sluice_(latency|agent)_.*"))
                .map(each -> each.split(" ", -1)[2])
                .collect(Collectors.toSet());
    }

    private static Set<String> documented() throws IOException {
        return Files.readAllLines(Path.of("../docs/tracing.md")).stream()
                .filter(each -> each.startsWith("| `sluice_"))
                .map(each -> each.split("`", -1)[1])
                .collect(Collectors.toSet());
    }
}
