package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.console.Ctl.Said;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attaching to the process of a service, whose process systemd knows. */
class ServiceConnectionTest {
    @TempDir
    static Path folder;

    private static RunningSluice sluice;

    @BeforeAll
    static void start() throws Exception {
        sluice = RunningSluice.start();
        Path systemctl = folder.resolve("systemctl");
        Files.writeString(systemctl, """
                #!/bin/sh
                # As systemctl show --property=MainPID --value -- UNIT answers: 0 for what does not run
                [ "$*" = "show --property=MainPID --value -- sluice" ] && echo %d || echo 0
                """.formatted(sluice.pid()));
        Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
    }

    /** In a process in front of which stands our systemctl. */
    private static Said sluicectl(String... arguments) throws Exception {
        return Ctl.inAProcess(Map.of("PATH", folder + ":" + System.getenv("PATH")), arguments);
    }

    @Test
    void a_service_that_runs_is_attached_to() throws Exception {
        Said said = sluicectl("--service", "sluice", "status");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).contains("process " + sluice.pid(), "state ").containsPattern("in service +2");
    }

    @Test
    void one_that_does_not_run_is_said_so() throws Exception {
        Said said = sluicectl("--service", "postfix", "status");
        assertThat(said.code()).isEqualTo(3);
        assertThat(said.err()).contains("service postfix does not run here", "try: systemctl status postfix");
    }

    @Test
    void what_is_no_name_of_a_service_is_asked_of_nobody() {
        Said said = Ctl.with(Map.of(), "--service", "sluice;reboot").run("status");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).contains("'sluice;reboot' is no name of a service");
    }
}
