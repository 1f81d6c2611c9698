package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.console.Ctl.Said;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What changes something: it says what it touches, asks, and does it. */
class SteeringTest {
    private static RunningSluice sluice;

    @BeforeAll
    static void start() throws Exception {
        sluice = RunningSluice.start();
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
    }

    private static void awaitStreams(String liberator, int count) {
        RunningSluice.await(() -> assertThat(Ctl.of(sluice)
                        .run("streams", "--count", "liberator=" + liberator, "-o", "csv")
                        .out())
                .isEqualTo("streams\r\n" + count + "\r\n"));
    }

    @Test
    void a_dry_run_says_how_many_and_ends_none() throws Exception {
        List<Socket> open = sluice.openStreams(RunningSluice.LIB_A, 2);
        awaitStreams("lib-a", 2);
        Said said = Ctl.of(sluice).run("kill", "--liberator", "lib-a", "--dry-run");
        assertThat(said.code()).isZero();
        assertThat(said.out()).isEqualTo("liberator=lib-a: 2 streams (2 direct) would be ended; nothing was changed\n");
        awaitStreams("lib-a", 2);

        Ctl hesitant = Ctl.of(sluice).answering("n");
        assertThat(hesitant.run("kill", "--liberator", "lib-a").out())
                .contains("2 streams (2 direct) would be ended", "nothing was changed");
        assertThat(hesitant.questions()).containsExactly("Do it? [y/N] ");
        awaitStreams("lib-a", 2);

        Said nobody = Ctl.of(sluice).run("kill", "--liberator", "lib-a");
        assertThat(nobody.code()).isEqualTo(2);
        assertThat(nobody.err()).contains("2 streams", "Give --yes to do it");
        awaitStreams("lib-a", 2);

        Said done = Ctl.of(sluice).answering("y").run("kill", "--liberator", "lib-a");
        assertThat(done.out()).contains("2 ended now");
        for (Socket each : open) {
            RunningSluice.assertEnds(each);
        }
        awaitStreams("lib-a", 0);
    }

    @Test
    void one_stream_is_ended_by_its_id_and_the_others_stay() throws Exception {
        List<Socket> open = sluice.openStreams(RunningSluice.LIB_B, 2);
        awaitStreams("lib-b", 2);
        String id = Ctl.of(sluice)
                .run("streams", "liberator=lib-b", "-o", "csv")
                .lines()
                .get(1)
                .split(",")[0];
        Said said = Ctl.of(sluice).run("kill", id, "--yes");
        assertThat(said.code()).isZero();
        awaitStreams("lib-b", 1);
        assertThat(Ctl.of(sluice).run("kill", id, "--yes").code()).isEqualTo(1);
        assertThat(Ctl.of(sluice).run("kill", "--client", "127.0.0.0/8", "-y").out())
                .contains("ended now");
        awaitStreams("lib-b", 0);
        for (Socket each : open) {
            RunningSluice.assertEnds(each);
        }
        assertThat(Ctl.of(sluice).run("audit").out()).containsPattern("anyone +operator .*Streams +kill ");
    }

    @Test
    void kill_wants_exactly_one_of_ids_client_and_liberator() {
        assertThat(Ctl.of(sluice).run("kill").code()).isEqualTo(2);
        assertThat(Ctl.of(sluice)
                        .run("kill", "--client", "127.0.0.1", "--liberator", "lib-a")
                        .code())
                .isEqualTo(2);
        Said unknown = Ctl.of(sluice).run("kill", "--liberator", "lib-x", "--yes");
        assertThat(unknown.code()).as(unknown.err()).isEqualTo(1);
        assertThat(unknown.err()).contains("liberator 'lib-x' is unknown (expected one of lib-a, lib-b)");
    }

    @Test
    void a_reload_takes_effect_and_a_bad_file_is_refused_line_by_line() throws Exception {
        sluice.configure("", "  - { host: new.example.com, liberator: lib-b }");
        Said good = Ctl.of(sluice).run("reload");
        assertThat(good.code()).as(good.out()).isZero();
        assertThat(Ctl.of(sluice).run("routes").out()).contains("new.example.com");
        sluice.breakConfiguration();
        Said bad = Ctl.of(sluice).run("reload");
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.out()).contains("sluice.yaml:1");
        assertThat(Ctl.of(sluice).run("routes").out()).contains("new.example.com");
    }

    @Test
    void invoking_what_changes_something_asks_first() {
        assertThat(Ctl.of(sluice).run("invoke", "Certificates", "reload").code())
                .isEqualTo(2);
        Ctl willing = Ctl.of(sluice).answering("yes");
        assertThat(willing.run("invoke", "Certificates", "reload").code()).isZero();
        assertThat(willing.questions()).hasSize(1);
    }

    private static void awaitState(String liberator, String state) {
        RunningSluice.await(() ->
                assertThat(Ctl.of(sluice).run("liberators").out()).containsPattern(liberator + " +" + state + " "));
    }

    @Test
    void a_drain_empties_a_liberator_and_an_undrain_brings_it_back() throws Exception {
        awaitState("lib-a", "UP");
        List<Socket> open = sluice.openStreams(RunningSluice.LIB_A, 2);
        awaitStreams("lib-a", 2);
        String would =
                "drain of lib-a: 2 streams would be ended, 50 in a second, all within 5m00s; new ones are refused";
        assertThat(Ctl.of(sluice).run("drain", "lib-a", "--dry-run").out()).isEqualTo(would + "\n");
        Ctl hesitant = Ctl.of(sluice).answering("n");
        assertThat(hesitant.run("drain", "lib-a").out()).isEqualTo(would + "\nnothing was changed\n");
        assertThat(sluice.get("fx.example.com", "/")).contains("200");
        awaitStreams("lib-a", 2);

        Said drained = Ctl.of(sluice).answering("y").run("drain", "lib-a", "--rate", "0", "--wait");
        assertThat(drained.code()).as(drained.err()).isZero();
        assertThat(drained.out()).contains("lib-a is DRAINING", "lib-a: 0 streams open");
        for (Socket each : open) {
            RunningSluice.assertEnds(each);
        }
        awaitState("lib-a", "DISABLED");
        assertThat(sluice.get("fx.example.com", "/")).contains("503");
        assertThat(sluice.get("b.example.com", "/")).contains("200");

        assertThat(Ctl.of(sluice).run("undrain", "lib-a").code()).isEqualTo(2);
        assertThat(sluice.get("fx.example.com", "/")).contains("503");
        assertThat(Ctl.of(sluice).run("undrain", "lib-a", "--yes").code()).isZero();
        awaitState("lib-a", "UP");
        assertThat(sluice.get("fx.example.com", "/")).contains("200");
    }

    @Test
    void all_liberators_are_drained_and_taken_back_together() throws Exception {
        awaitState("lib-a", "UP");
        List<Socket> open = sluice.openStreams(RunningSluice.LIB_A, 1);
        open.addAll(sluice.openStreams(RunningSluice.LIB_B, 1));
        awaitStreams("lib-a", 1);
        awaitStreams("lib-b", 1);
        Said drained = Ctl.of(sluice).run("drain", "--all-liberators", "--wait", "--yes");
        assertThat(drained.code()).as(drained.err()).isZero();
        assertThat(drained.out()).contains("all Liberators: 0 streams open");
        for (Socket each : open) {
            RunningSluice.assertEnds(each);
        }
        awaitState("lib-a", "DISABLED");
        awaitState("lib-b", "DISABLED");
        assertThat(Ctl.of(sluice).run("undrain", "--all-liberators", "--yes").code())
                .isZero();
        awaitState("lib-a", "UP");
        awaitState("lib-b", "UP");
    }

    @Test
    void waiting_for_a_drain_that_is_called_off_ends_with_what_is_open() throws Exception {
        awaitState("lib-b", "UP");
        List<Socket> open = sluice.openStreams(RunningSluice.LIB_B, 30);
        awaitStreams("lib-b", 30);
        CompletableFuture<Said> waiting = CompletableFuture.supplyAsync(
                () -> Ctl.of(sluice).run("drain", "lib-b", "--rate", "1", "--wait", "--yes"));
        awaitState("lib-b", "DRAINING");
        assertThat(Ctl.of(sluice).run("undrain", "lib-b", "--yes").code()).isZero();
        Said ended = waiting.get(60, TimeUnit.SECONDS);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).containsPattern("the drain of lib-b was called off; [0-9]+ streams are open");
        assertThat(Ctl.of(sluice).run("kill", "--liberator", "lib-b", "--yes").code())
                .isZero();
        for (Socket each : open) {
            RunningSluice.assertEnds(each);
        }
    }

    @Test
    void a_disabled_liberator_keeps_its_streams_and_gets_no_new_ones() throws Exception {
        awaitState("lib-a", "UP");
        List<Socket> open = sluice.openStreams(RunningSluice.LIB_A, 1);
        awaitStreams("lib-a", 1);
        Said disabled = Ctl.of(sluice).answering("yes").run("disable", "lib-a");
        assertThat(disabled.out()).contains("new streams would be refused; 1 that are open would stay");
        awaitState("lib-a", "DISABLED");
        assertThat(sluice.get("fx.example.com", "/")).contains("503");
        awaitStreams("lib-a", 1);
        assertThat(Ctl.of(sluice).run("enable", "lib-a", "-y").code()).isZero();
        awaitState("lib-a", "UP");
        assertThat(sluice.get("fx.example.com", "/")).contains("200");
        assertThat(Ctl.of(sluice).run("kill", "--liberator", "lib-a", "--yes").code())
                .isZero();
        RunningSluice.assertEnds(open.get(0));
    }

    @Test
    void every_command_says_how_it_is_used() {
        Said drain = Ctl.with(java.util.Map.of()).run("drain", "--help");
        assertThat(drain.code()).isZero();
        assertThat(drain.out()).contains("(LIBERATOR | --all-liberators)", "Examples:", "--wait");
        assertThat(Ctl.with(java.util.Map.of()).run("routes", "add", "-h").out())
                .startsWith("Usage: sluicectl routes add");
        assertThat(Ctl.with(java.util.Map.of()).run("trace", "--version").out()).startsWith("sluicectl ");
    }

    @Test
    void drain_names_the_liberators_there_are() {
        Said unknown = Ctl.of(sluice).run("drain", "lib-x", "--yes");
        assertThat(unknown.code()).as(unknown.err()).isEqualTo(1);
        assertThat(unknown.err()).contains("there is no Liberator 'lib-x' (there are lib-a, lib-b)");
        assertThat(Ctl.of(sluice).run("drain").code()).isEqualTo(2);
    }

    @Test
    void a_route_is_added_disabled_and_removed_at_once() throws Exception {
        Said added = Ctl.of(sluice).run("routes", "add", "live.example.com", "lib-b", "--yes");
        assertThat(added.err()).isEmpty();
        assertThat(Ctl.of(sluice).run("routes").out()).containsPattern("live\\.example\\.com +enabled +lib-b");
        assertThat(sluice.get("live.example.com", "/")).contains("200");
        assertThat(Ctl.of(sluice)
                        .run("routes", "disable", "live.example.com", "--dry-run")
                        .out())
                .contains("would take no new streams; 0 open streams of the route go on");
        assertThat(Ctl.of(sluice)
                        .run("routes", "disable", "live.example.com", "-y")
                        .code())
                .isZero();
        assertThat(Ctl.of(sluice).run("routes").out()).containsPattern("live\\.example\\.com +disabled +lib-b");
        assertThat(sluice.get("live.example.com", "/")).contains("503");
        assertThat(Ctl.of(sluice)
                        .run("routes", "enable", "live.example.com", "-y")
                        .code())
                .isZero();
        assertThat(Ctl.of(sluice)
                        .run("routes", "set", "live.example.com", "onDown", "404", "-y")
                        .code())
                .isZero();
        assertThat(Ctl.of(sluice).run("routes").out()).containsPattern("live\\.example\\.com +enabled +lib-b.* 404 ");
        assertThat(Ctl.of(sluice)
                        .run("routes", "remove", "live.example.com", "-y")
                        .code())
                .isZero();
        assertThat(Ctl.of(sluice).run("routes").out()).doesNotContain("live.example.com");
        assertThat(Ctl.of(sluice)
                        .run("routes", "remove", "live.example.com", "-y")
                        .code())
                .isEqualTo(1);
    }

    @Test
    void a_configuration_is_checked_by_the_appliance_and_nothing_comes_of_it() throws Exception {
        sluice.configure("", "  - { host: checked.example.com, liberator: lib-b }");
        Said good = Ctl.of(sluice).run("check", sluice.config().toString());
        assertThat(good.code()).as(good.out() + good.err()).isZero();
        assertThat(good.out()).isEqualTo("good\n");
        sluice.configure("", "  - { host: checked.example.com, liberator: lib-x }");
        Said bad = Ctl.of(sluice).run("check", sluice.config().toString());
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.out()).contains("'lib-x', which is not defined (defined: lib-a, lib-b)");
        assertThat(Ctl.of(sluice).run("diff").code()).isEqualTo(1);
        assertThat(Ctl.of(sluice).run("routes").out()).doesNotContain("checked.example.com");
        assertThat(Ctl.of(sluice).run("check", "/nowhere/sluice.yaml").code()).isEqualTo(2);
    }

    @Test
    void a_configuration_is_staged_looked_at_committed_and_rolled_back() throws Exception {
        sluice.configure("", "  - { host: staged.example.com, liberator: lib-b }");
        String before = version();
        Said staged = Ctl.of(sluice).run("stage", sluice.config().toString());
        assertThat(staged.code()).as(staged.out() + staged.err()).isZero();
        assertThat(Ctl.of(sluice).run("diff").out()).contains("staged.example.com");
        assertThat(Ctl.of(sluice).run("routes").out()).doesNotContain("staged.example.com");
        assertThat(Ctl.of(sluice)
                        .run("explain", "staged.example.com", "--staged")
                        .out())
                .contains("goes to Liberator 'lib-b'");
        assertThat(Ctl.of(sluice)
                        .run("explain", "staged.example.com", "--staged", "--client", "203.0.113.7")
                        .out())
                .contains("203.0.113.7", "goes to Liberator 'lib-b'");
        assertThat(Ctl.of(sluice).run("explain", "staged.example.com").out()).contains("none for this host");
        Ctl operator = Ctl.of(sluice).answering("y");
        Said committed = operator.run("commit", "-m", "ticket 4711");
        assertThat(committed.code()).as(committed.err()).isZero();
        assertThat(operator.questions()).hasSize(1);
        assertThat(Ctl.of(sluice).run("routes").out()).contains("staged.example.com");
        assertThat(Ctl.of(sluice).run("generations").out()).containsPattern(version() + " +on .*ticket 4711");
        assertThat(Ctl.of(sluice).run("diff", before, version()).out()).contains("staged.example.com");
        assertThat(Ctl.of(sluice).run("generations", version()).out()).contains("staged.example.com");
        assertThat(Ctl.of(sluice).run("rollback", before, "--yes").code()).isZero();
        assertThat(Ctl.of(sluice).run("routes").out()).doesNotContain("staged.example.com");
        assertThat(Ctl.of(sluice).run("diff", before).code()).isEqualTo(2);
    }

    @Test
    void what_is_not_confirmed_in_time_gives_way() throws Exception {
        sluice.configure("", "  - { host: brief.example.com, liberator: lib-b }");
        assertThat(Ctl.of(sluice).run("stage", sluice.config().toString()).code())
                .isZero();
        assertThat(Ctl.of(sluice)
                        .run("commit", "--confirm-within", "1", "--yes")
                        .code())
                .isZero();
        RunningSluice.await(() -> assertThat(Ctl.of(sluice).run("routes").out()).doesNotContain("brief.example.com"));
        assertThat(Ctl.of(sluice).run("confirm", "--yes").code()).isEqualTo(1);
    }

    private static String version() {
        return Ctl.of(sluice)
                .run("get", "RoutingTable", "Version", "-o", "csv")
                .lines()
                .get(1)
                .replaceFirst(".*,", "");
    }
}
