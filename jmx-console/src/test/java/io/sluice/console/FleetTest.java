package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Chromium;
import io.sluice.console.reach.Keyboard;
import io.sluice.console.reach.Way;
import io.sluice.console.sight.Sight;
import io.sluice.console.web.Web;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two appliances in front of the same Liberators: what is the same, what is not, and one that goes and comes back. */
class FleetTest {
    private static final String KEY = "A".repeat(43) + "=";
    private static final String OTHER_KEY = "B".repeat(42) + "A=";

    @TempDir
    static Path folder;

    private static RunningSluice a;
    private static RunningSluice b;

    @BeforeAll
    static void start() throws Exception {
        a = RunningSluice.start(Files.createDirectory(folder.resolve("a")), "");
        b = a.beside(Files.createDirectory(folder.resolve("b")));
        Files.writeString(folder.resolve("profiles.yaml"), """
                dmz-a: { url: "%s" }
                dmz-b: { url: "%s" }
                """.formatted(a.url(), b.url()));
        same();
    }

    @AfterAll
    static void stop() throws Exception {
        b.close();
        a.close();
    }

    private static void keys(String name, String key) throws IOException {
        Path file = folder.resolve(name).resolve("keys");
        Files.writeString(file, "k1 " + key + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** Both have the same pool with the same key. */
    private static void same() throws IOException {
        String pool = """
                  - host: pool.example.com
                    pool: { liberators: [ { name: lib-a }, { name: lib-b } ], affinity: { keys: keys } }
                """.indent(0);
        keys("a", KEY);
        keys("b", KEY);
        for (RunningSluice each : List.of(a, b)) {
            each.configure("", pool);
            assertThat(Ctl.of(each).run("reload").code()).isZero();
        }
    }

    private static Ctl.Said all(String... command) {
        return Ctl.with(
                        Map.of(
                                "SLUICECTL_PROFILES",
                                folder.resolve("profiles.yaml").toString()),
                        "--all")
                .run(command);
    }

    @Test
    void the_same_table_and_keys_are_found_the_same_whatever_their_versions() throws Exception {
        Ctl.of(a).run("routes", "add", "once.example.com", "lib-a", "--yes");
        same();
        Ctl.Said status = all("status", "-o", "csv");
        assertThat(status.code()).as(status.err()).isZero();
        List<String> fingerprints = status.lines().stream()
                .skip(1)
                .map(each -> each.replaceFirst(".*,([0-9a-f]{16}),.*", "$1"))
                .toList();
        assertThat(fingerprints).hasSize(2).allMatch(each -> each.equals(fingerprints.get(0)));
        assertThat(all("doctor").lines())
                .anyMatch(each -> each.matches("all +sticky keys +ok +no difference +-"))
                .anyMatch(each -> each.matches("all +routing table +ok +no difference +-"))
                .anyMatch(each -> each.matches("all +software +ok +no difference +-"))
                .anyMatch(each -> each.matches("dmz-b +liberator lib-a +ok +UP .*"));
    }

    @Test
    void another_secret_under_the_same_id_is_found_and_said_of_whom() throws Exception {
        try {
            keys("b", OTHER_KEY);
            Ctl.of(b).run("reload");
            Ctl.Said doctor = all("doctor", "-o", "csv");
            assertThat(doctor.code()).isEqualTo(1);
            assertThat(doctor.out())
                    .contains("all,sticky keys,bad,sticky keys of pool pool.example.com differ: dmz-b does not accept"
                            + " cookies of dmz-a (key k1 has another secret there)")
                    .contains("all,routing table,ok,")
                    .doesNotContain(OTHER_KEY, KEY);
        } finally {
            same();
        }
    }

    @Test
    void a_route_of_one_alone_and_a_liberator_drained_on_one_alone_are_named() throws Exception {
        try {
            assertThat(Ctl.of(b)
                            .run("routes", "add", "new.example.com", "lib-b", "--yes")
                            .code())
                    .isZero();
            assertThat(Ctl.of(a).run("disable", "lib-b", "--yes").code()).isZero();
            assertThat(all("doctor").out())
                    .containsPattern("routing table +warning +routing table differs: version \\d+ \\([0-9a-f]{8}\\) on"
                            + " dmz-a, version \\d+ \\([0-9a-f]{8}\\) on dmz-b")
                    .contains("route new.example.com: missing on dmz-a, lib-b on dmz-b")
                    .contains("Liberator lib-b is DISABLED on dmz-a only");
        } finally {
            Ctl.of(a).run("enable", "lib-b", "--yes");
            same();
        }
    }

    @Test
    void a_setting_of_one_alone_is_named_with_its_values() throws Exception {
        try {
            assertThat(all("doctor").lines()).anyMatch(each -> each.matches("all +settings +ok +no difference +-"));
            assertThat(Ctl.of(b)
                            .run("routes", "set", "fx.example.com", "connectTimeout", "7s", "--yes")
                            .code())
                    .isZero();
            assertThat(Ctl.of(a)
                            .run(
                                    "invoke",
                                    "RoutingTable",
                                    "changeListener",
                                    "http",
                                    "limits",
                                    "{ connections: 99 }",
                                    "-y")
                            .code())
                    .isZero();
            assertThat(all("doctor").out())
                    .contains("route fx.example.com: connectTimeout not set on dmz-a, 7s on dmz-b")
                    .contains("listener http: limits.connections 99 on dmz-a, not set on dmz-b")
                    .doesNotContain("the same routes, but");
        } finally {
            same();
        }
    }

    // ---------------------------------------------------------------- in a browser

    private static Sight sight(String name, RunningSluice sluice) {
        Way way = new Way(name, sluice.url(), null, null, null, null, null, null, null, false);
        return new Sight(way, Keyboard.ofTerminal(), 5000, 100);
    }

    private static void awaitTrue(Chromium browser, String expression) {
        RunningSluice.await(
                () -> assertThat(browser.evaluate(expression)).as(expression).isEqualTo("true"));
    }

    private static void awaitText(Chromium browser, String selector, String pattern) {
        RunningSluice.await(() -> assertThat(
                        browser.evaluate("document.querySelector('" + selector + "').innerText.replace(/\\s+/g, ' ')"))
                .as(selector)
                .containsPattern(pattern));
    }

    @Test
    void the_page_has_all_side_by_side_and_each_alone_and_says_where_it_drains() throws Exception {
        Optional<Path> binary = Chromium.installed();
        Assumptions.assumeTrue(binary.isPresent(), "no Chromium");
        a.openStreams(RunningSluice.LIB_A, 3);
        b.openStreams(RunningSluice.LIB_A, 2);
        b.openStreams(RunningSluice.LIB_B, 1);
        try (Web web = Web.start(List.of(sight("dmz-a", a), sight("dmz-b", b)), 0, false, 100);
                Chromium browser = Chromium.open(binary.orElseThrow(), web.address())) {
            awaitText(
                    browser,
                    "#fleet-rows",
                    "dmz-a operator, .*connected for .* 3 direct 3 .*dmz-b operator, .*connected for .* 3 direct 3 ");
            awaitText(browser, "#fleet-figures", "2 of 2 .*6 streams");
            awaitText(browser, "#differences", "Same software, same routing table, same sticky keys");
            awaitTrue(browser, "document.querySelector('#one').hidden");

            browser.evaluate("document.querySelector('button[aria-label=\"Show dmz-b\"]').click()");
            awaitTrue(browser, "!document.querySelector('#one').hidden && document.querySelector('#fleet').hidden");
            awaitTrue(browser, "document.querySelector('#name').textContent === 'dmz-b'");
            awaitTrue(browser, "document.querySelectorAll('#charts canvas').length === 4");
            String drain = "document.querySelector('button[aria-label=\"Drain lib-b\"]')";
            awaitTrue(browser, drain + " !== null");
            browser.evaluate(drain + ".click()");
            awaitTrue(browser, "document.querySelector('#confirm-title').textContent === 'Drain lib-b on dmz-b'");
            browser.evaluate("document.querySelector('#confirm-yes').click()");
            awaitText(browser, "#toast", "dmz-b: .*lib-b is DRAINING");

            browser.evaluate("history.back()");
            awaitText(browser, "#differences", "Liberator lib-b is DISABLED on dmz-b only");
            assertThat(a.get("b.example.com", "/")).contains("200");
            assertThat(b.get("b.example.com", "/")).contains("503");

            a.stop();
            awaitText(browser, "#fleet-rows", "dmz-a lost for .*cannot connect to .*dmz-b operator, .*connected");
            awaitText(browser, "#fleet-figures", "1 of 2 .*2 streams");
            a.run();
            awaitText(browser, "#fleet-rows", "dmz-a operator, .*connected for .*dmz-b operator, .*connected for");
        } finally {
            Ctl.of(b).run("enable", "lib-b", "--yes");
        }
    }
}
