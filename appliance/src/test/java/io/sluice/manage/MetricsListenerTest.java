package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sluice.config.HostAndPort;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a Prometheus server and keepalived see, over real connections. */
class MetricsListenerTest {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-z_0-9]+)(?:\\{((?:[a-z_]+=\"(?:[^\"\\\\]|\\\\.)*\",?)*)\\})? (\\S+)");
    private static final Pattern META = Pattern.compile("# (HELP|TYPE) ([a-z_0-9]+) (.+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private Managed managed;

    @AfterEach
    void stop() throws IOException {
        managed.close();
    }

    private void start(String config) throws IOException {
        managed = Managed.withMetrics(config);
    }

    private HostAndPort address() {
        return Objects.requireNonNull(managed.management.metrics()).address();
    }

    private HttpResponse<String> ask(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + address() + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** Value by name and labels, from a page that follows every rule of the text format that a scraper relies on. */
    private Map<String, Double> scrape() throws Exception {
        HttpResponse<String> answer = ask("GET", "/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body()).endsWith("\n");
        Map<String, Double> samples = new HashMap<>();
        Map<String, String> types = new HashMap<>();
        Set<String> over = new HashSet<>();
        String family = "";
        for (String line : answer.body().split("\n", -1)) {
            Matcher meta = META.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (meta.matches()) {
                if (!meta.group(2).equals(family)) {
                    assertThat(over.add(family)).as("%s comes twice", family).isTrue();
                    family = meta.group(2);
                }
                assertThat(over).doesNotContain(family);
                if (meta.group(1).equals("TYPE")) {
                    types.put(family, meta.group(3));
                }
            } else if (sample.matches()) {
                String name = sample.group(1);
                String type = types.get(family);
                assertThat(name).as(line).startsWith(family);
                assertThat(type).as(line).isIn("counter", "gauge", "histogram");
                assertThat(name.endsWith("_total")).as(line).isEqualTo("counter".equals(type));
                Double value =
                        sample.group(3).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.valueOf(sample.group(3));
                assertThat(samples.put(line.substring(0, line.lastIndexOf(' ')), value))
                        .as("twice: " + line)
                        .isNull();
            } else {
                assertThat(line).isEmpty();
            }
        }
        return samples;
    }

    private static void eventually(Callable check) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(check::run);
    }

    private interface Callable {
        void run() throws Exception;
    }

    @Nested
    class Metrics {
        @Test
        void show_streams_by_Liberator_route_and_kind() throws Exception {
            start(Managed.CONFIG);
            try (Socket client = managed.client("direct-a")) {
                client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                managed.a.next();
                eventually(() -> assertThat(scrape())
                        .containsEntry(
                                "sluice_stream_bytes_total{direction=\"to_liberator\",kind=\"direct\",liberator=\"lib-a\"}",
                                5.0)
                        .containsEntry("sluice_streams_active{kind=\"direct\",liberator=\"lib-a\"}", 1.0)
                        .containsEntry("sluice_streams_total{kind=\"direct\",liberator=\"lib-a\"}", 1.0)
                        .containsEntry(
                                "sluice_route_streams_active{kind=\"direct\",liberator=\"lib-a\",route=\"*\"}", 1.0)
                        .containsEntry(
                                "sluice_route_streams_active{kind=\"websocket\",liberator=\"lib-b\",route=\"*.b.example.com\"}",
                                0.0)
                        .containsEntry("sluice_client_connections_active{listener=\"direct-a\"}", 1.0)
                        .containsEntry("sluice_liberator_state{liberator=\"lib-a\",state=\"unknown\"}", 1.0)
                        .containsEntry("sluice_liberator_state{liberator=\"lib-a\",state=\"up\"}", 0.0)
                        .containsEntry("sluice_stickiness_violations_total{liberator=\"lib-a\"}", 0.0)
                        .containsEntry("sluice_table_version", 1.0));
            }
            eventually(() -> assertThat(scrape())
                    .containsEntry(
                            "sluice_streams_ended_total{cause=\"client-closed\",liberator=\"lib-a\",phase=\"relay\"}",
                            1.0));
        }

        @Test
        void count_what_is_refused_by_its_reason() throws Exception {
            start(Managed.CONFIG);
            String series = "sluice_refused_total{listener=\"plain\",reason=\"unknown-host\"}";
            assertThat(scrape()).containsEntry(series, 0.0);
            managed.get("plain", "nobody.example.com", "/");
            eventually(() -> assertThat(scrape()).containsEntry(series, 1.0));
        }

        @Test
        void hold_a_histogram_whose_buckets_add_up() throws Exception {
            start(Managed.CONFIG);
            for (int i = 0; i < 5; i++) {
                managed.get("plain", "a.example.com", "/");
            }
            Map<String, Double> samples = scrape();
            assertThat(samples).containsEntry("sluice_connect_seconds_count{liberator=\"lib-a\"}", 5.0);
            assertThat(samples.get("sluice_connect_seconds_sum{liberator=\"lib-a\"}"))
                    .isPositive();
            List<Double> buckets = new ArrayList<>();
            for (int bits = 7; bits <= 26; bits++) {
                double end = ((1L << bits) - 1) / 1e6;
                buckets.add(samples.entrySet().stream()
                        .filter(each -> each.getKey().startsWith("sluice_connect_seconds_bucket{liberator=\"lib-a\"")
                                && each.getKey().endsWith("le=\"" + end + "\"}"))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElseThrow());
            }
            assertThat(buckets).isSorted();
            assertThat(samples).containsEntry("sluice_connect_seconds_bucket{liberator=\"lib-a\",le=\"+Inf\"}", 5.0);
        }

        @Test
        void come_as_OpenMetrics_to_those_who_ask_for_it() throws Exception {
            start(Managed.CONFIG);
            HttpResponse<String> answer =
                    ask("GET", "/metrics", "Accept", "application/openmetrics-text;version=1.0.0");
            assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                    .startsWith("application/openmetrics-text");
            assertThat(answer.body()).endsWith("# EOF\n").contains("sluice_build_info{");
        }

        @Test
        void are_all_explained_in_the_documentation_and_no_others() throws Exception {
            start(Managed.CONFIG
                    + "  - { host: pool.example.com, pool: { liberators: [ { name: lib-a }, { name: lib-b } ],"
                    + " affinity: { kind: address } } }\n");
            Set<String> shown = ask("GET", "/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("# TYPE "))
                    .map(line -> line.split(" ", -1)[2])
                    .collect(Collectors.toSet());
            shown.add("sluice_certificate_expiry_timestamp_seconds");
            Set<String> explained = Files.readAllLines(Path.of("../docs/metrics.md")).stream()
                    .filter(line -> line.matches("\\| `(sluice|process)_.*"))
                    .map(line -> line.split("`", -1)[1])
                    .collect(Collectors.toSet());
            assertThat(explained).isEqualTo(shown);
        }

        @Test
        void show_what_others_in_the_process_have_registered_and_nothing_less_when_that_fails() throws Exception {
            start(Managed.CONFIG);
            MultiCollector guest = () -> MetricSnapshots.of(
                    gauge("guest_figure", 7), gauge("sluice_table_version", 99), gauge("guest_other", 8));
            MultiCollector broken = () -> {
                throw new IllegalStateException("on purpose");
            };
            PrometheusRegistry.defaultRegistry.register(guest);
            try {
                assertThat(scrape())
                        .containsEntry("guest_figure", 7.0)
                        .containsEntry("guest_other", 8.0)
                        .as("a name that is taken stays the appliance's")
                        .containsEntry("sluice_table_version", 1.0);
                PrometheusRegistry.defaultRegistry.register(broken);
                assertThat(scrape()).doesNotContainKey("guest_figure").containsEntry("sluice_table_version", 1.0);
            } finally {
                PrometheusRegistry.defaultRegistry.unregister(guest);
                PrometheusRegistry.defaultRegistry.unregister(broken);
            }
            assertThat(scrape()).doesNotContainKey("guest_figure");
        }

        private static GaugeSnapshot gauge(String name, double value) {
            return GaugeSnapshot.builder()
                    .name(name)
                    .help("A test's.")
                    .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                    .build();
        }

        @Test
        void show_pools() throws Exception {
            start(Managed.CONFIG
                    + "  - { host: pool.example.com, pool: { liberators: [ { name: lib-a }, { name: lib-b } ],"
                    + " affinity: { kind: address } } }\n");
            managed.get("plain", "pool.example.com", "/");
            eventually(() -> assertThat(scrape())
                    .containsEntry("sluice_pool_findings_total{finding=\"none\",route=\"pool.example.com\"}", 1.0));
        }
    }

    @Nested
    class Health {
        @Test
        void is_200_while_it_serves() throws Exception {
            start(Managed.CONFIG);
            HttpResponse<String> answer = ask("GET", "/health");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("serving, 2 of 2 Liberators up\n");
            assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        }

        @Test
        void is_503_while_no_Liberator_is_up_and_200_while_one_is() throws Exception {
            start(Managed.CONFIG.replace("health: off", "health: { interval: 50ms, rise: 1, fall: 1 }"));
            eventually(() -> assertThat(ask("GET", "/health").body()).contains("2 of 2"));
            managed.a.close();
            eventually(() -> assertThat(ask("GET", "/health").body()).contains("1 of 2"));
            assertThat(ask("GET", "/health").statusCode()).isEqualTo(200);
            managed.b.close();
            eventually(() -> assertThat(ask("GET", "/health").statusCode()).isEqualTo(503));
            assertThat(ask("GET", "/health").body()).isEqualTo("no Liberator is up (2 down)\n");
        }

        @Test
        void is_503_while_all_are_drained_and_200_when_they_are_back() throws Exception {
            start(Managed.CONFIG);
            managed.invoke("Appliance", "drain", 0, 60);
            assertThat(ask("GET", "/health").statusCode()).isEqualTo(503);
            eventually(() -> assertThat(ask("GET", "/health").body()).isEqualTo("no Liberator is up (2 disabled)\n"));
            assertThat(scrape()).containsEntry("sluice_liberator_state{liberator=\"lib-a\",state=\"disabled\"}", 1.0);
            managed.invoke("Appliance", "undrain");
            assertThat(ask("GET", "/health").statusCode()).isEqualTo(200);
        }

        @Test
        void is_503_from_the_moment_the_appliance_stops_listening() throws Exception {
            start(Managed.CONFIG);
            managed.appliance.listeners().close();
            assertThat(ask("GET", "/health").statusCode()).isEqualTo(503);
            assertThat(ask("GET", "/health").body()).isEqualTo("no listener listens\n");
        }
    }

    @Nested
    class The_listener {
        @Test
        void takes_GET_alone_and_two_paths() throws Exception {
            start(Managed.CONFIG);
            for (String method : List.of("POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE")) {
                HttpResponse<String> answer = ask(method, "/metrics");
                assertThat(answer.statusCode()).as(method).isEqualTo(405);
                assertThat(answer.headers().firstValue("Allow")).as(method).hasValue("GET");
            }
            assertThat(ask("GET", "/").statusCode()).isEqualTo(404);
            assertThat(ask("GET", "/metrics/../etc").statusCode()).isIn(400, 404);
            assertThat(managed.<Long>get("Management", "MetricsRefusedTotal")).isGreaterThanOrEqualTo(7);
            assertThat(managed.<String>get("Management", "MetricsAddress"))
                    .isEqualTo(address().toString());
        }

        @Test
        void refuses_a_large_head() throws Exception {
            start(Managed.CONFIG);
            assertThat(ask("GET", "/metrics", "X-Large", "x".repeat(8000)).statusCode())
                    .isEqualTo(431);
        }

        @Test
        void serves_those_who_are_connected_while_too_many_others_wait() throws Exception {
            start(Managed.CONFIG);
            List<Socket> idle = new ArrayList<>();
            try {
                ask("GET", "/health");
                for (int i = 0; i < 40; i++) {
                    idle.add(new Socket(address().host(), address().port()));
                }
                assertThat(ask("GET", "/health").statusCode()).isEqualTo(200);
            } finally {
                for (Socket each : idle) {
                    each.close();
                }
            }
            eventually(() -> assertThat(ask("GET", "/metrics").statusCode()).isEqualTo(200));
        }

        @Test
        void says_which_address_is_taken() throws Exception {
            start(Managed.CONFIG);
            HostAndPort taken = new HostAndPort("127.0.0.1", managed.a.port());
            assertThatThrownBy(() -> managed.management.serveMetrics(taken))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("management.metrics cannot listen on " + taken);
        }

        @Test
        void is_gone_when_management_is_closed() throws Exception {
            start(Managed.CONFIG);
            HostAndPort was = address();
            managed.management.close();
            assertThatThrownBy(() -> new Socket(was.host(), was.port()).close()).isInstanceOf(IOException.class);
        }
    }
}
