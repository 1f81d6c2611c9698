package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FreePort;
import io.sluice.console.Ctl.Said;
import io.sluice.console.show.JsonText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reads, each against a real appliance with five open streams. */
class ReadVerbsTest {
    private static RunningSluice sluice;

    @BeforeAll
    static void start() throws Exception {
        sluice = RunningSluice.start();
        sluice.openStreams(RunningSluice.LIB_A, 3);
        sluice.openStreams(RunningSluice.LIB_B, 2);
        sluice.get("fx.example.com", "/status");
        RunningSluice.await(() -> {
            assertThat(run("streams", "--count", "kind=direct").out()).contains("5");
            assertThat(run("liberators", "-o", "csv").out()).contains("lib-a,UP,", "lib-b,UP,");
        });
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
    }

    private static Said run(String... arguments) {
        return Ctl.of(sluice).run(arguments);
    }

    private static String ok(String... arguments) {
        Said said = run(arguments);
        assertThat(said.err()).isEmpty();
        assertThat(said.code()).isZero();
        return said.out();
    }

    @Test
    void status_tells_what_it_is_and_carries() {
        assertThat(ok("status"))
                .contains("reached at", sluice.url())
                .containsPattern("state +ok")
                .containsPattern("in service +2")
                .containsPattern("streams +5")
                .contains(sluice.config().toString());
    }

    @Test
    void status_in_json_is_one_object_with_numbers() {
        Map<String, Object> status = JsonText.object(ok("status", "-o", "json"));
        assertThat(status)
                .containsEntry("streamsActive", 5L)
                .containsEntry("state", "ok")
                .containsEntry("liberators", 2L);
    }

    @Test
    void liberators_have_state_and_streams_by_kind() {
        List<String> lines = run("liberators").lines();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).contains("liberator", "state", "ws", "direct", "connect p99");
        assertThat(lines.get(1)).containsPattern("^lib-a +UP +127\\.0\\.0\\.1:\\d+ +3 +0 +0 +0 +0 +0 +3 ");
        assertThat(lines.get(2)).containsPattern("^lib-b +UP +127\\.0\\.0\\.1:\\d+ +2 ");
    }

    @Test
    void csv_has_a_head_with_units_and_plain_numbers() {
        List<String> lines = run("liberators", "-o", "csv").lines();
        assertThat(lines.get(0)).startsWith("name,state,address,streamsActive,").contains("toClientBytesPerSecond");
        assertThat(lines.get(1)).startsWith("lib-a,UP,");
    }

    @Test
    void listeners_tell_where_they_listen_and_what_they_refused() {
        String out = ok("listeners");
        assertThat(out).containsPattern("direct-a +listening +127\\.0\\.0\\.1:\\d+ +direct +- +lib-a +3 ");
        assertThat(out).containsPattern("http +listening +127\\.0\\.0\\.1:\\d+ +http +http/1\\.1 ");
        assertThat(ok("refusals")).containsPattern("http +denied-path +403 +1 ");
    }

    @Test
    void routes_name_host_and_liberator() {
        assertThat(ok("routes"))
                .containsPattern("fx\\.example\\.com +enabled +lib-a +127")
                .containsPattern("\\* +enabled +lib-b .*direct-b");
    }

    @Test
    void explain_finds_the_listener_by_itself_when_there_is_only_one() {
        assertThat(ok("explain", "fx.example.com", "/status")).contains("refused: 403");
        assertThat(ok("explain", "fx.example.com")).contains("lib-a");
        assertThat(ok("explain", "--listener", "direct-b")).contains("lib-b");
    }

    @Test
    void explain_of_a_client_goes_from_its_address_to_its_Liberator_in_one_answer() {
        assertThat(ok("explain", "fx.example.com", "--client", "203.0.113.7"))
                .containsSubsequence("203.0.113.7", "rule", "route", "goes to Liberator 'lib-a'");
        assertThat(run("explain", "fx.example.com", "--cookie", "x").err()).contains("give --client");
    }

    @Test
    void streams_follow_the_query() {
        List<String> lines = run("streams", "liberator=lib-b", "kind=direct").lines();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).contains("direct", "lib-b", "127.0.0.1:");
        assertThat(run("streams", "--limit", "1").lines()).hasSize(2);
        assertThat(run("streams", "--offset", "4", "kind=direct").lines()).hasSize(2);
        assertThat(ok("streams", "kind=websocket")).isEqualTo("no open stream matches kind=websocket\n");
    }

    @Test
    void a_query_that_is_none_is_refused_with_the_appliances_sentence() {
        Said said = run("streams", "kind=bike");
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).startsWith("sluicectl: 'kind=bike': 'bike' is unknown (expected direct");
        assertThat(ok("streams", "--help-query")).contains("idle>5m");
    }

    @Test
    void one_stream_is_shown_in_full() {
        String id = run("streams", "kind=direct", "-o", "csv").lines().get(1).split(",")[0];
        assertThat(ok("stream", id)).containsPattern("id +" + id).containsPattern("kind +direct over direct");
        assertThat(run("stream", "ffffff").code()).isEqualTo(1);
    }

    @Test
    void ends_limits_certificates_latency_sessions_are_tables() {
        assertThat(ok("limits")).containsPattern("http +connections +50000");
        assertThat(ok("certificates")).isEqualTo("no listener speaks TLS\n");
        assertThat(ok("latency")).containsPattern("lib-a +connect +\\d+");
        assertThat(ok("sessions")).contains("anyone", "operator", "127.0.0.1:");
        assertThat(run("ends").code()).isZero();
        assertThat(run("events").code()).isZero();
    }

    @Test
    void get_reaches_every_mbean() {
        assertThat(ok("get")).contains("sluice:type=Streams", "sluice:type=Liberator,name=lib-a");
        assertThat(ok("get", "Streams", "Active", "-o", "csv")).contains("sluice:type=Streams,Active,5");
        assertThat(ok("get", "java.lang:type=Memory", "HeapMemoryUsage")).contains("HeapMemoryUsage.used");
        Said none = run("get", "Streams", "Activ");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).contains("has no attribute 'Activ' (it has Active,");
    }

    @Test
    void invoke_converts_arguments_and_does_not_ask_before_reading() {
        assertThat(ok("invoke", "Streams", "count", "kind=direct")).isEqualTo("5\n");
        assertThat(ok("invoke", "Streams", "list", "", "0", "1")).contains("kind=direct");
        assertThat(run("invoke", "Streams", "list", "", "zero", "1").code()).isEqualTo(2);
        Said none = run("invoke", "Streams", "count");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("count(query)");
    }

    @Test
    void watch_reads_again_and_shows_growth() {
        List<String> lines = run(
                        "watch",
                        "StreamsActive",
                        "Liberator,name=lib-a",
                        "StreamsTotal",
                        "--count",
                        "2",
                        "--interval",
                        "0.1")
                .lines();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).contains("StreamsActive=5", "StreamsTotal=3 (+0.0/s)");
        assertThat(run("watch", "StreamsActiv").code()).isEqualTo(2);
    }

    @Test
    void health_is_one_line_with_figures() {
        Said said = run("health");
        assertThat(said.lines()).hasSize(1);
        assertThat(said.out())
                .startsWith(
                        "SLUICE OK - 2 Liberators in service, 5 streams | liberators_up=2;;1:;0; liberators_down=0;0;;0; streams=5;;;0;")
                .contains("stickiness_violations=0c;;0;0;", "heap_percent=");
        assertThat(said.code()).isZero();
    }

    @Test
    void health_takes_other_thresholds_and_refuses_unknown_ones() {
        Said warning = run("health", "--warn", "streams=4");
        assertThat(warning.code()).isEqualTo(1);
        assertThat(warning.out()).startsWith("SLUICE WARNING - streams is 5 |");
        Said critical = run("health", "--warn", "streams=4", "--crit", "streams=10:");
        assertThat(critical.code()).isEqualTo(2);
        Said misspelt = run("health", "--crit", "stream=4");
        assertThat(misspelt.code()).isEqualTo(3);
        assertThat(misspelt.out()).startsWith("SLUICE UNKNOWN - there is no figure 'stream'");
        assertThat(run("health", "--warn", "streams=five").code()).isEqualTo(3);
    }

    @Test
    void health_is_critical_when_nobody_is_there() throws Exception {
        Said said = Ctl.with(Map.of(), "--url", "127.0.0.1:" + FreePort.find()).run("health");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).startsWith("SLUICE CRITICAL - cannot connect to 127.0.0.1:");
    }

    @Test
    void the_doctor_looks_at_everything() {
        Said said = run("doctor");
        assertThat(said.code()).as(said.out()).isZero();
        assertThat(said.out())
                .containsPattern("clock +ok ")
                .containsPattern("stickiness +ok +0 violations")
                .containsPattern("listener direct-a +ok +listens on")
                .containsPattern("liberator lib-b +ok +UP")
                .containsPattern("management +ok ")
                .containsPattern("agent +ok +not loaded");
    }

    @Test
    void export_in_prometheus_format_has_each_family_once() {
        String text = ok("export", "prometheus");
        assertThat(text)
                .contains("# TYPE sluice_appliance_streams_active gauge\nsluice_appliance_streams_active 5\n")
                .contains("# TYPE sluice_liberator_streams_total counter\n")
                .contains("sluice_liberator_streams_active{name=\"lib-a\"} 3\n");
        Set<String> families = new HashSet<>();
        text.lines()
                .filter(each -> each.startsWith("# TYPE "))
                .forEach(each -> assertThat(families.add(each)).as(each).isTrue());
        assertThat(ok("export", "csv")).contains("Liberator,lib-a,StreamsActive,3,streams");
        assertThat(ok("export", "json")).contains("\"attribute\" : \"StreamsActive\"");
    }

    @Test
    void the_support_bundle_holds_tables_and_no_secrets(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("bundle.zip");
        String out = ok(
                "support-bundle",
                "--file",
                file.toString(),
                "--log",
                sluice.config().resolveSibling("sluice.log").toString());
        assertThat(out).startsWith(file.toString());
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(text(zip, "configuration.yaml")).contains("fx.example.com");
            assertThat(text(zip, "doctor.txt")).contains("stickiness");
            assertThat(text(zip, "mbeans.txt")).contains("sluice:type=Liberator,name=lib-a", "StreamsActive = 3");
            assertThat(text(zip, "streams.txt")).contains("direct");
            assertThat(text(zip, "threads.txt")).contains("\"main\"");
            assertThat(text(zip, "histogram.txt")).startsWith("not to be had: ");
            assertThat(text(zip, "log.txt")).contains("stream.open");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(run("support-bundle", "--file", file.toString()).code()).isEqualTo(2);
    }

    private static String text(ZipFile zip, String entry) throws Exception {
        return new String(
                zip.getInputStream(zip.getEntry(entry)).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void attached_by_pid_the_same_is_seen_and_the_histogram_too(@TempDir Path folder) throws Exception {
        Ctl attached = Ctl.with(Map.of(), "--pid", Long.toString(sluice.pid()));
        assertThat(attached.run("status", "-o", "json").out()).contains("\"streamsActive\" : 5");
        Path file = folder.resolve("bundle.zip");
        assertThat(attached.run("support-bundle", "--file", file.toString()).code())
                .isZero();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(text(zip, "histogram.txt")).contains("#instances");
        }
        assertThat(Ctl.with(Map.of()).run("processes").out()).containsPattern(sluice.pid() + " +run -c ");
    }

    @Test
    void profiles_stand_side_by_side_with_all(@TempDir Path folder) throws Exception {
        Path profiles = folder.resolve("profiles.yaml");
        Files.writeString(profiles, """
                dmz-a: { url: "%s" }
                dmz-b: { pid: %d }
                gone: { url: "127.0.0.1:%d" }
                """.formatted(sluice.url(), sluice.pid(), FreePort.find()));
        Map<String, String> environment = Map.of("SLUICECTL_PROFILES", profiles.toString());
        assertThat(Ctl.with(environment, "-p", "dmz-b")
                        .run("streams", "--count", "kind=direct")
                        .out())
                .contains("5");
        Said all = Ctl.with(environment, "--all").run("liberators");
        assertThat(all.code()).isEqualTo(3);
        assertThat(all.out()).containsPattern("dmz-a +lib-a +UP").containsPattern("dmz-b +lib-b +UP");
        assertThat(all.err()).startsWith("sluicectl: gone: cannot connect to 127.0.0.1:");
        Said unknown = Ctl.with(environment, "-p", "dmz-c").run("status");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("there is no profile 'dmz-c'", "(defined: dmz-a, dmz-b, gone)");
        assertThat(Ctl.with(environment, "--all").run("kill", "1").code()).isEqualTo(2);
    }

    @Test
    void colours_are_for_states_on_terminals_only() {
        assertThat(Ctl.of(sluice).coloured().run("liberators").out()).contains("\u001b[32mUP");
        assertThat(run("liberators").out()).doesNotContain("\u001b");
        assertThat(Ctl.of(sluice).coloured().run("liberators", "-o", "json").out())
                .doesNotContain("\u001b");
    }

    @Test
    void completion_names_every_command() {
        assertThat(Ctl.with(Map.of()).run("completion").out()).contains("support-bundle", "complete -F");
    }
}
