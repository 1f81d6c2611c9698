package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.console.Ctl.Said;
import java.net.Socket;
import java.util.List;
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

    private static void assertEnds(Socket socket) throws Exception {
        try {
            while (socket.getInputStream().read() >= 0) {
                // what was under way
            }
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
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
            assertEnds(each);
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
            assertEnds(each);
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
    void a_configuration_is_staged_looked_at_committed_and_rolled_back() throws Exception {
        sluice.configure("", "  - { host: staged.example.com, liberator: lib-b }");
        String before = version();
        Said staged = Ctl.of(sluice).run("stage", sluice.config().toString());
        assertThat(staged.code()).as(staged.out() + staged.err()).isZero();
        assertThat(Ctl.of(sluice).run("diff").out()).contains("staged.example.com");
        assertThat(Ctl.of(sluice).run("routes").out()).doesNotContain("staged.example.com");
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
