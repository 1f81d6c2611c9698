package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The demo as a newcomer meets it: the command, and its page in a real browser. */
class DemoPageTest {
    private static final String PANELS = "[...document.querySelectorAll('[data-kind][data-liberator]')]";
    private static final String STATES =
            PANELS + ".map(e => e.dataset.liberator + ' ' + e.dataset.kind + ' ' + e.dataset.state).join(', ')";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void prices_arrive_over_every_kind_of_connection_from_both_liberators() throws Exception {
        Optional<Path> binary = Chromium.installed();
        assumeTrue(binary.isPresent(), "Chromium is not installed");
        Process demo = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.sluice.Sluice",
                        "demo",
                        "--port=0",
                        "--sluice-port=0",
                        "--jmx-port=0"))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out =
                        new BufferedReader(new InputStreamReader(demo.getInputStream(), StandardCharsets.UTF_8));
                Chromium page = Chromium.open(binary.get(), pageUrl(out))) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(page.evaluate(PANELS + ".length + ' panels: ' + " + STATES
                                    + " + (" + PANELS + ".every(e => e.dataset.state === 'live' && +e.dataset.messages"
                                    + " > 3) ? ' ALL LIVE' : '')"))
                            .startsWith("10 panels")
                            .endsWith("ALL LIVE"));
            assertThat(page.evaluate(PANELS + ".every(e => e.dataset.servedBy === e.dataset.liberator)"))
                    .as("every panel is served by its own Liberator")
                    .isEqualTo("true");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(page.evaluate("document.body.innerText"))
                            .containsPattern("(?i)stickiness violations\\s+0"));
        } finally {
            demo.destroy();
            assertThat(demo.waitFor(60, TimeUnit.SECONDS))
                    .as("the demo stops on TERM")
                    .isTrue();
        }
        assertThat(demo.exitValue()).isZero();
    }

    private static URI pageUrl(BufferedReader out) throws Exception {
        StringBuilder seen = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            seen.append(line).append('\n');
            if (line.strip().startsWith("Page")) {
                return URI.create(line.strip().split("\\s+")[1]);
            }
        }
        throw new AssertionError("the demo printed no page:\n" + seen);
    }
}
