package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.console.Ctl.Said;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The agent's own jar, loaded into a running appliance by the console. */
class TraceIT {
    private static final Path JAR = Path.of(System.getProperty("sluice.agent.jar"));

    private static RunningSluice sluice;

    @BeforeAll
    static void start() throws Exception {
        sluice = RunningSluice.start();
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
    }

    private static Ctl attached() {
        return Ctl.with(Map.of(), "--pid", Long.toString(sluice.pid()));
    }

    @Test
    void the_agent_is_attached_shows_what_was_slow_and_is_switched() throws Exception {
        Said without = Ctl.of(sluice).run("trace");
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.err()).contains("the latency agent is not loaded there", "trace attach");
        assertThat(attached()
                        .run("trace", "attach", "--jar", "/nowhere/agent.jar")
                        .code())
                .isEqualTo(2);
        Said remote = Ctl.of(sluice).run("trace", "attach", "--jar", JAR.toString());
        assertThat(remote.code()).isEqualTo(2);
        assertThat(remote.err()).contains("give --pid or --service");

        Said attached =
                attached().run("trace", "attach", "--jar", JAR.toString(), "--options", "level=metrics,slow=1us");
        assertThat(attached.code()).as(attached.err()).isZero();
        assertThat(attached.out()).contains("process " + sluice.pid() + ": agent is on", "slow=1us");

        assertThat(sluice.get("fx.example.com", "/")).contains("200");
        RunningSluice.await(() ->
                assertThat(Ctl.of(sluice).run("trace").out()).containsPattern("stream +[0-9a-f]+ +lib-a .* slow"));
        assertThat(Ctl.of(sluice).run("trace", "--liberator", "lib-b").out()).doesNotContain("lib-a");
        assertThat(Ctl.of(sluice).run("trace", "-o", "json").out()).contains("\"totalMicros\"");
        RunningSluice.await(
                () -> assertThat(Ctl.of(sluice).run("latency").out()).containsPattern("lib-a +connect +[1-9]"));

        assertThat(Ctl.of(sluice).run("trace", "slow", "10s").code()).isZero();
        assertThat(level()).isEqualTo("metrics");
        assertThat(Ctl.of(sluice).run("trace", "off").code()).isZero();
        assertThat(level()).isEqualTo("off");
        assertThat(Ctl.of(sluice).run("trace", "on", "--level", "trace").code()).isZero();
        assertThat(level()).isEqualTo("trace");
        Said odd = Ctl.of(sluice).run("trace", "slow", "soon");
        assertThat(odd.code()).isEqualTo(1);
        assertThat(odd.err()).contains("soon");
    }

    private static String level() {
        return Ctl.of(sluice)
                .run("get", "Agent", "Level", "-o", "csv")
                .lines()
                .get(1)
                .replaceFirst(".*,", "");
    }
}
