package io.sluice.console.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.console.RunningSluice;
import io.sluice.console.reach.Keyboard;
import io.sluice.console.reach.Way;
import io.sluice.console.sight.Sight;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The screen in front of two real appliances. */
class TopFleetTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final FakeGlass glass = new FakeGlass(120, 30);
    private RunningSluice a;
    private RunningSluice b;
    private Thread screen;

    private static Sight sight(String name, RunningSluice sluice) {
        Way way = new Way(name, sluice.url(), null, null, null, null, null, null, null, false);
        return new Sight(way, Keyboard.ofTerminal(), 2000, 100);
    }

    @BeforeEach
    void start() throws Exception {
        a = RunningSluice.start(Files.createDirectory(folder.resolve("a")), "");
        b = a.beside(Files.createDirectory(folder.resolve("b")));
        List<Sight> sights = List.of(sight("dmz-a", a), sight("dmz-b", b));
        screen = new Thread(
                () -> {
                    try (Top top = new Top(sights, glass, 100, true)) {
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
        b.close();
        a.close();
    }

    private void awaitShown(String pattern) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(
                        () -> assertThat(glass.shown()).containsPattern(Pattern.compile(pattern, Pattern.DOTALL)));
    }

    @Test
    void a_question_names_its_appliance_and_what_came_of_it_is_a_difference() throws Exception {
        a.openStreams(RunningSluice.LIB_A, 2);
        b.openStreams(RunningSluice.LIB_A, 1);
        glass.type("7");
        awaitShown("dmz-a +up .*dmz-b +up .*all +2/2 ");
        awaitShown("same software, routing table, settings, sticky keys and states of Liberators");
        glass.press(Key.Name.DOWN);
        glass.press(Key.Name.ENTER);
        awaitShown(" sluice  dmz-b .*lib-a +UP +1 ");
        glass.type("d");
        awaitShown(" dmz-b: lib-a: 1 streams would be ended, .*\\[y/N, p pace\\]");
        glass.type("y");
        awaitShown(" dmz-b: lib-a is DRAINING");
        glass.type("7");
        awaitShown("Liberator lib-a is (DRAINING|DISABLED) on dmz-b only");
        assertThat(a.get("fx.example.com", "/")).contains("200");
        assertThat(b.get("fx.example.com", "/")).contains("503");
    }

    @Test
    void one_that_is_lost_keeps_its_row_says_why_and_comes_back() throws Exception {
        glass.type("7");
        awaitShown("all +2/2 ");
        b.stop();
        awaitShown("dmz-b +lost .*all +1/2 .*dmz-b is lost: ");
        b.run();
        awaitShown("dmz-b +up .*all +2/2 ");
    }
}
