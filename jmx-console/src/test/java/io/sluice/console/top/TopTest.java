package io.sluice.console.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.console.RunningSluice;
import io.sluice.console.reach.Keyboard;
import io.sluice.console.reach.Way;
import io.sluice.console.sight.Sight;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The screen in front of a real appliance, keys typed and lines read. */
class TopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final FakeGlass glass = new FakeGlass(120, 30);
    private RunningSluice sluice;
    private Thread screen;

    @BeforeEach
    void start() throws Exception {
        sluice = RunningSluice.start();
        Sight sight = new Sight(Way.to(sluice.url()), Keyboard.ofTerminal(), 2000, 100);
        sight.connect();
        screen = new Thread(
                () -> {
                    try (Top top = new Top(List.of(sight), glass, 100, true)) {
                        top.run();
                    }
                },
                "screen");
        screen.start();
    }

    @AfterEach
    void stop() throws Exception {
        glass.press(Key.Name.CLOSED);
        screen.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(screen.isAlive()).isFalse();
        sluice.close();
    }

    private void awaitShown(String... texts) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(glass.shown()).contains(texts));
    }

    private void awaitShown(java.util.regex.Pattern pattern) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(glass.shown()).containsPattern(pattern));
    }

    @Test
    void from_liberators_down_to_one_stream_and_its_end() throws Exception {
        Socket client = sluice.openStreams(RunningSluice.LIB_A, 1).get(0);
        sluice.openStreams(RunningSluice.LIB_B, 2);
        awaitShown(java.util.regex.Pattern.compile("lib-a +UP +1 "));
        awaitShown(java.util.regex.Pattern.compile("lib-b +UP +2 "));
        glass.press(Key.Name.ENTER);
        awaitShown(" of lib-a", "direct  lib-a", "127.0.0.1:" + client.getLocalPort());
        glass.press(Key.Name.ENTER);
        awaitShown("STREAM ", "direct over direct", "from lib.");
        glass.type("k");
        awaitShown("1 stream (1 direct) would be ended: do it?  [y/N]");
        glass.type("n");
        awaitShown("nothing was changed");
        glass.type("k");
        awaitShown("[y/N]");
        glass.type("y");
        awaitShown("1 ended now");
        glass.press(Key.Name.ESCAPE);
        awaitShown("no stream is open");
        glass.type("4");
        awaitShown(java.util.regex.Pattern.compile("lib-a +killed +relay +1 "));
        glass.type("6");
        awaitShown("kill", "anyone");
    }

    private void erase(String typed) {
        typed.chars().forEach(each -> glass.press(Key.Name.BACKSPACE));
    }

    @Test
    void d_drains_u_undrains_x_disables_and_e_enables_the_selected_liberator() throws Exception {
        List<Socket> open = sluice.openStreams(RunningSluice.LIB_A, 2);
        awaitShown(java.util.regex.Pattern.compile("lib-a +UP +2 "));
        glass.type("d");
        awaitShown("lib-a: 2 streams would be ended, 50 a second, all within 300 s; new ones are refused: do it?"
                + "  [y/N, p pace]");
        glass.type("n");
        awaitShown("nothing was changed");
        awaitShown(java.util.regex.Pattern.compile("lib-a +UP +2 "));
        glass.type("d");
        awaitShown("[y/N, p pace]");
        glass.type("p");
        awaitShown("then seconds: 50 300_");
        erase("50 300");
        glass.type("fast 60");
        glass.press(Key.Name.ENTER);
        awaitShown("streams a second: 'fast' (expected 0 to 100000): fast 60_");
        glass.press(Key.Name.ESCAPE);
        awaitShown("nothing was changed");
        glass.type("dp");
        awaitShown("then seconds: 50 300_");
        erase("50 300");
        glass.type("0 60");
        glass.press(Key.Name.ENTER);
        awaitShown("lib-a: 2 streams would be ended, all at once, all within 60 s; ");
        glass.type("y");
        awaitShown("lib-a is DRAINING");
        awaitShown(java.util.regex.Pattern.compile("lib-a +DISABLED +0 "));
        for (Socket each : open) {
            RunningSluice.assertEnds(each);
        }
        assertThat(sluice.get("fx.example.com", "/")).contains("503");
        glass.type("u");
        awaitShown("lib-a: new streams would come to it again: do it?  [y/N]");
        glass.type("y");
        awaitShown(java.util.regex.Pattern.compile("lib-a +UP +0 "));
        assertThat(sluice.get("fx.example.com", "/")).contains("200");
        glass.type("x");
        awaitShown("new streams would be refused; 0 that are open stay: do it?");
        glass.type("y");
        awaitShown(java.util.regex.Pattern.compile("lib-a +DISABLED "));
        glass.type("e");
        awaitShown("[y/N]");
        glass.type("y");
        awaitShown(java.util.regex.Pattern.compile("lib-a +UP "));
    }

    @Test
    void a_filter_is_a_query_on_the_streams_page() throws Exception {
        sluice.openStreams(RunningSluice.LIB_A, 1);
        sluice.openStreams(RunningSluice.LIB_B, 1);
        glass.type("2");
        awaitShown("lib-a", "lib-b");
        glass.type("/liberator=lib-b");
        awaitShown("/liberator=lib-b_");
        glass.press(Key.Name.ENTER);
        Awaitility.await().atMost(PATIENCE).until(() -> !glass.shown().contains("lib-a"));
        awaitShown("lib-b", "filter liberator=lib-b");
        glass.press(Key.Name.ESCAPE);
        awaitShown("lib-a");
        glass.type("/bike");
        glass.press(Key.Name.ENTER);
        awaitShown("'bike' is no term");
    }

    @Test
    void it_survives_a_restart_of_the_appliance_and_a_new_size() throws Exception {
        awaitShown("in service 2/2");
        glass.resize(200, 60);
        awaitShown("probe answered");
        sluice.stop();
        awaitShown("trying again each second");
        sluice.run();
        awaitShown("in service 2/2", "up ");
        Awaitility.await().atMost(PATIENCE).until(() -> !glass.shown().contains("trying again"));
    }

    @Test
    void q_leaves() throws Exception {
        awaitShown("lib-a");
        glass.type("q");
        screen.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(screen.isAlive()).isFalse();
    }
}
