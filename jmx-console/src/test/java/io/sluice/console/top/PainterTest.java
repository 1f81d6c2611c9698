package io.sluice.console.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Keyboard;
import io.sluice.console.reach.Values;
import io.sluice.console.reach.Way;
import io.sluice.console.sheet.Streams;
import io.sluice.console.sight.Particulars;
import io.sluice.console.sight.Reading;
import io.sluice.console.sight.Settings;
import io.sluice.console.sight.Sight;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

/**
 * The screens at both sizes, compared with {@code src/test/resources/top}; {@code -Dsluice.write=true} writes them
 * anew.
 */
class PainterTest {
    private static final long NOON = 1_795_435_200_000L;
    private static final int READINGS = 60;

    private final Face face = new Face();
    private final Sight sight = new Sight(Way.to("dmz-a"), Keyboard.ofTerminal(), 1000, 600);
    private List<Sight> sights = List.of(sight);
    private Streams streams = Streams.NONE;
    private List<String> audit = List.of();

    private static Values values(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return Values.of(map);
    }

    /** Three Liberators over a minute: one that carries more and more, one that drains, one that is down. */
    private void watched() {
        for (int i = 0; i < READINGS; i++) {
            Map<String, Values> liberators = new LinkedHashMap<>();
            liberators.put("lib-a", liberator("UP", "probe answered", 812 + i, 40_000L * i * i));
            liberators.put("lib-b", liberator("DRAINING", "drain by olga", 400 - 5 * i, 2_000_000L * i));
            liberators.put("lib-c", liberator("DOWN", "connection refused", 0, 77_000L));
            Map<String, Values> listeners = new LinkedHashMap<>();
            listeners.put(
                    "public",
                    values(
                            "Listening",
                            true,
                            "Address",
                            "0.0.0.0:8443",
                            "Kind",
                            "http",
                            "ConnectionsActive",
                            1210 + i,
                            "ConnectionsPeak",
                            1400,
                            "ConnectionsLimit",
                            50_000,
                            "AcceptedTotal",
                            5000L + 12L * i,
                            "RefusedTotal",
                            3L,
                            "LastRefusedAt",
                            "2026-11-23T11:58:02.113Z"));
            listeners.put(
                    "direct-a",
                    values("Listening", false, "Bind", "0.0.0.0:14001", "Kind", "direct", "Liberator", "lib-a"));
            Values whole = values(
                    "Version",
                    "1.0.0",
                    "StartedAt",
                    "2026-11-20T08:00:00Z",
                    "UptimeSeconds",
                    273_600L + i,
                    "TableVersion",
                    12L,
                    "StreamsActive",
                    1212 - 4 * i,
                    "StreamsTotal",
                    90_000L + 12L * i,
                    "ConnectionsActive",
                    1210,
                    "ConnectionsLimit",
                    50_000,
                    "RefusedTotal",
                    3L,
                    "StickinessViolationsTotal",
                    0L,
                    "DescriptorsActive",
                    2450,
                    "DescriptorsLimit",
                    1_048_576);
            sight.history()
                    .add(new Reading(
                            NOON + i * 1000L,
                            TimeUnit.SECONDS.toNanos(i),
                            whole,
                            liberators,
                            listeners,
                            Map.of(),
                            particulars("9bb0aa11c2d3e4f5", "296fd0d882a6966f", "lib-a")));
        }
    }

    private static Values liberator(String state, String why, int active, long bytes) {
        return values(
                "State",
                state,
                "StateReason",
                why,
                "Address",
                "10.1.0.1:18080",
                "StreamsActive",
                active,
                "WebsocketActive",
                active,
                "ToClientBytes",
                bytes,
                "StreamsTotal",
                7L * active,
                "HeldForClientsBytes",
                active > 800 ? 1_250_000L : 0L,
                "ConnectMicrosP99",
                820L,
                "ConnectFailedTotal",
                0L,
                "Ends",
                new String[] {
                    "cause          phase  total", "client-closed  relay    123", "client-lost    relay      7"
                });
    }

    private static Values stream(String id, String kind, long openMillis, int behind) {
        return values(
                "id",
                id,
                "kind",
                kind,
                "liberator",
                "lib-a",
                "client",
                "192.0.2.7:51234",
                "listener",
                "public",
                "host",
                "fx.example.com",
                "protocol",
                "http/1.1+tls",
                "phase",
                "relay",
                "openMillis",
                openMillis,
                "fromClientQuietMillis",
                900L,
                "fromLiberatorQuietMillis",
                120L,
                "toClientBytes",
                51_200L,
                "fromClientBytes",
                310L,
                "clientBehindBytes",
                behind,
                "clientBehindMillis",
                behind > 0 ? 2_500L : 0L);
    }

    private List<String> paint(int width, int height) {
        Painter painter = new Painter(width, height, true, ZoneOffset.UTC);
        List<AttributedString> lines = painter.paint(new Painter.Scene(sights, face, streams, audit));
        assertThat(lines).hasSize(height).allMatch(each -> each.columnLength() <= width);
        return lines.stream().map(each -> each.toString().stripTrailing()).toList();
    }

    private void assertLooksAsBefore(String name, int width, int height) throws Exception {
        String now = paint(width, height).stream()
                .map(each -> each.replaceFirst("(up|lost) ( *)\\d+s", "$1 $20s")) // since when, by the clock
                .collect(Collectors.joining("\n", "", "\n"));
        Path file = Path.of("src/test/resources/top/" + name + "-" + width + "x" + height + ".txt");
        if (Boolean.getBoolean("sluice.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, now);
        }
        assertThat(now).isEqualTo(Files.readString(file));
    }

    private void assertLooksAsBefore(String name) throws Exception {
        assertLooksAsBefore(name, 80, 24);
        assertLooksAsBefore(name, 200, 60);
    }

    @Test
    void liberators() throws Exception {
        watched();
        assertLooksAsBefore("liberators");
    }

    @Test
    void streams_of_a_liberator() throws Exception {
        watched();
        face.go(Page.STREAMS);
        face.liberator = "lib-a";
        streams = new Streams(
                "",
                List.of(stream("7f3a", "websocket", 3_720_000, 0), stream("7f3b", "http-stream", 65_000, 40_960)),
                "",
                List.of());
        face.selected = 1;
        assertLooksAsBefore("streams");
    }

    @Test
    void ends() throws Exception {
        watched();
        face.go(Page.ENDS);
        assertLooksAsBefore("ends");
    }

    @Test
    void listeners() throws Exception {
        watched();
        face.go(Page.LISTENERS);
        assertLooksAsBefore("listeners");
    }

    @Test
    void events() throws Exception {
        watched();
        audit = List.of(
                "{\"at\":\"2026-11-23T11:57:01.000Z\",\"user\":\"olga\",\"role\":\"operator\",\"from\":\"10.0.0.9\","
                        + "\"mbean\":\"sluice:type=Liberator,name=lib-b\",\"operation\":\"drain\",\"arguments\":[\"50\",\"300\"],"
                        + "\"result\":\"ok\",\"ms\":2}");
        face.go(Page.EVENTS);
        assertLooksAsBefore("events");
    }

    @Test
    void help() throws Exception {
        watched();
        face.help = true;
        assertLooksAsBefore("help");
    }

    @Test
    void an_appliance_that_was_never_reached_says_why() {
        assertThat(paint(80, 24).get(0)).contains("dmz-a");
        assertThat(paint(80, 24).get(2)).contains("trying again");
    }

    private static Particulars particulars(String fingerprint, String key, String liberator) {
        Values route = values(
                "host",
                "fx.example.com",
                "liberator",
                liberator,
                "address",
                "10.1.0.1:18080",
                "listeners",
                new String[] {"public"});
        return new Particulars(
                "operator",
                fingerprint,
                List.of(route),
                Map.of("pool.example.com", List.of(new Particulars.Key("k1", key))),
                Settings.NONE,
                Map.of(),
                24);
    }

    private static Reading reading(String version, Particulars particulars, Map<String, Values> liberators) {
        Values whole = values(
                "Version",
                version,
                "StartedAt",
                "2026-11-20T08:00:00Z",
                "TableVersion",
                11L,
                "StreamsActive",
                24,
                "StreamsTotal",
                24L,
                "StickinessViolationsTotal",
                1L);
        return new Reading(NOON, 0, whole, liberators, Map.of(), Map.of(), particulars);
    }

    /** Of three that were asked for; the third was never reached. */
    private void three(Reading ofTheSecond) {
        watched();
        Sight second = new Sight(Way.to("dmz-b"), Keyboard.ofTerminal(), 1000, 600);
        second.history().add(ofTheSecond);
        Sight away = new Sight(
                "dmz-c",
                () -> {
                    throw new Failure(Exit.NO_CONNECTION, "cannot connect to dmz-c");
                },
                600);
        away.read();
        sights = List.of(sight, second, away);
        face.go(Page.APPLIANCES);
    }

    @Test
    void appliances_side_by_side() throws Exception {
        three(reading(
                "1.1.0",
                particulars("3f2a91c0aabbccdd", "1111111111111111", "lib-b"),
                Map.of("lib-b", liberator("UP", "", 24, 0))));
        assertLooksAsBefore("appliances");
    }

    @Test
    void several_appliances_are_summed_and_what_differs_stands_below_in_words() {
        three(reading(
                "1.1.0",
                particulars("3f2a91c0aabbccdd", "1111111111111111", "lib-b"),
                Map.of("lib-b", liberator("UP", "", 24, 0))));
        String lines = String.join("\n", paint(200, 30));
        assertThat(lines)
                .containsPattern("dmz-a +up .* 12 +9bb0aa11 +976 ")
                .containsPattern("dmz-b +up .* 11 +3f2a91c0 +24 ")
                .containsPattern("dmz-c +lost ")
                .contains("dmz-c is lost: cannot connect to dmz-c")
                .containsPattern("all +2/3 .* 1.0k ")
                .contains("sticky keys of pool pool.example.com differ: dmz-b does not accept cookies of dmz-a (key k1")
                .contains("routing table differs: version 12 (9bb0aa11) on dmz-a, version 11 (3f2a91c0) on dmz-b")
                .contains("route fx.example.com: lib-a on dmz-a, lib-b on dmz-b")
                .contains("Liberator lib-b is DRAINING on dmz-a only")
                .contains("software version differs: 1.0.0 on dmz-a, 1.1.0 on dmz-b");
    }

    @Test
    void the_same_table_and_keys_at_other_versions_are_no_difference() {
        three(reading("1.0.0", particulars("9bb0aa11c2d3e4f5", "296fd0d882a6966f", "lib-a"), Map.of()));
        assertThat(String.join("\n", paint(200, 30)))
                .contains("same software, routing table, settings, sticky keys and states of Liberators")
                .doesNotContain("differ");
    }

    @Test
    void a_question_that_is_too_long_keeps_its_answer_in_sight() {
        watched();
        face.question = new Face.Question("kill " + "x".repeat(200), () -> "", null);
        assertThat(paint(80, 24).get(23)).endsWith("[y/N]");
    }

    @Test
    void a_drain_that_is_asked_for_shows_its_pace_and_the_key_for_another() throws Exception {
        watched();
        face.question = new Face.Question(
                "lib-a: 871 streams would be ended, 50 a second, all within 300 s; new ones are refused: do it?",
                () -> "",
                () -> {});
        assertLooksAsBefore("question");
    }

    @Test
    void a_pace_is_typed_behind_what_is_to_be_typed() throws Exception {
        watched();
        face.typing = new Face.Typing(
                "streams a second (0: all at once), then seconds: ", new StringBuilder("50 300"), typed -> {}, "");
        assertLooksAsBefore("pace");
    }

    @Test
    void a_filter_hides_and_a_sort_orders() {
        watched();
        face.filter = "lib-c";
        assertThat(String.join("\n", paint(80, 24))).contains("lib-c").doesNotContain("lib-a");
        face.filter = "";
        face.sort = 2;
        List<String> lines = paint(80, 24);
        assertThat(lines.get(6)).contains("lib-a");
        face.reversed = true;
        assertThat(paint(80, 24).get(6)).contains("lib-c");
    }

    @Test
    void many_rows_scroll_with_the_selection() {
        watched();
        face.go(Page.STREAMS);
        streams = new Streams(
                "",
                java.util.stream.IntStream.range(0, 300)
                        .mapToObj(each -> stream("id" + each, "sse", each, 0))
                        .toList(),
                "",
                List.of());
        face.selected = 150;
        assertThat(String.join("\n", paint(80, 24))).contains(">id150").doesNotContain("id0 ");
        face.selected = 299;
        assertThat(String.join("\n", paint(80, 24))).contains(">id299");
    }

    @Test
    void a_terminal_without_unicode_has_graphs_of_ascii() {
        assertThat(Sparkline.of(new double[] {0, 1, 2, 4, 8}, 6, false))
                .isEqualTo("  .-=#")
                .hasSize(6);
        assertThat(Sparkline.of(new double[] {1, 1}, 4, true)).isEqualTo("  ██");
        assertThat(Sparkline.of(new double[] {5, 0, 0}, 2, true)).isEqualTo("  ");
    }

    @Test
    void the_smallest_terminal_shows_something() {
        watched();
        paint(20, 8);
        paint(1, 1);
    }
}
