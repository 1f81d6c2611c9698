package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.console.Ctl.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Attaching to a process that has a /tmp of its own, as a systemd unit with PrivateTmp= gives it one. */
@EnabledOnOs(OS.LINUX)
class PrivateTmpIT {
    private static final String[] WITH_ITS_OWN = {
        "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs none /tmp && exec \"$@\"", "sh"
    };
    /** The oldest Java that is known to look there. */
    private static final int LOOKS_THERE = 25;

    private static boolean canBeMade() throws IOException, InterruptedException {
        String[] command = WITH_ITS_OWN.clone();
        command[6] = "mount -t tmpfs none /tmp";
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException noUnshare) {
            return false;
        }
    }

    @Test
    void reaches_it_or_says_why_not_and_what_to_do() throws Exception {
        assumeTrue(canBeMade(), "namespaces of one's own");
        Path folder = Path.of("target", "private-tmp").toAbsolutePath();
        assumeFalse(folder.startsWith("/tmp"), "what is built here must not lie below /tmp");
        Files.createDirectories(folder);
        try (RunningSluice sluice = RunningSluice.startBy(folder, WITH_ITS_OWN)) {
            Said said = Ctl.with(Map.of(), "--pid", Long.toString(sluice.pid())).run("status");
            if (Runtime.version().feature() >= LOOKS_THERE) {
                assertThat(said.code()).as(said.err()).isZero();
                assertThat(said.out()).contains("process " + sluice.pid());
            } else {
                assertThat(said.code()).isEqualTo(3);
                assertThat(said.err())
                        .contains("cannot attach to process " + sluice.pid() + ": it has a /tmp of its own")
                        .contains("PrivateTmp=")
                        .contains("Give --url with its JMX address", "or start sluicectl with Java 25 or newer");
            }
        }
    }
}
