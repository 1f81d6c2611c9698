package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.console.Ctl.Said;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connecting to an appliance that wants a certificate of everybody and knows its users by it. */
class CertificateConnectionTest {
    @TempDir
    static Path folder;

    private static RunningSluice sluice;

    @BeforeAll
    static void start() throws Exception {
        Credentials.pair(folder, "server", "CN=sluice", "san=ip:127.0.0.1");
        for (String each : new String[] {"zora", "vera", "nemo", "stranger"}) {
            Credentials.pair(folder, each, "CN=" + each, "eku=clientAuth");
        }
        Files.writeString(
                folder.resolve("admins.pem"),
                Files.readString(folder.resolve("zora.pem"))
                        + Files.readString(folder.resolve("vera.pem"))
                        + Files.readString(folder.resolve("nemo.pem")));
        Path users = folder.resolve("jmx.users");
        Files.writeString(users, "zora operator certificate\nvera viewer certificate\n");
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
        sluice = RunningSluice.start(
                folder, ", tls: { chain: server.pem, key: server.key, trust: admins.pem }, users: jmx.users");
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
    }

    private static String at(String name) {
        return folder.resolve(name).toString();
    }

    /** Each in a process of its own: one process has one identity for an appliance. */
    private static Said showing(String name, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "--url",
                sluice.url(),
                "--trust",
                at("server.pem"),
                "--certificate",
                at(name + ".pem"),
                "--key",
                at(name + ".key")));
        all.addAll(List.of(arguments));
        return Ctl.inAProcess(Map.of(), all.toArray(String[]::new));
    }

    @Test
    void its_name_is_the_user() throws Exception {
        Said changed = showing("zora", "reload", "--certificates");
        assertThat(changed.code()).as(changed.err()).isZero();
        assertThat(showing("zora", "audit").out()).containsPattern("zora +operator .*reload");
    }

    @Test
    void a_viewer_may_look_and_not_touch() throws Exception {
        assertThat(showing("vera", "sessions").out()).containsPattern("vera +viewer");
        Said refused = showing("vera", "reload", "--certificates");
        assertThat(refused.code()).as(refused.out()).isEqualTo(4);
        assertThat(refused.err()).startsWith("sluicectl: not allowed at " + sluice.url());
    }

    @Test
    void one_that_is_no_user_is_not_allowed() throws Exception {
        Said said = showing("nemo", "status");
        assertThat(said.code()).as(said.out()).isEqualTo(4);
        assertThat(said.err()).startsWith("sluicectl: login refused by " + sluice.url());
    }

    @Test
    void a_strangers_is_no_connection() throws Exception {
        Said stranger = showing("stranger", "status");
        assertThat(stranger.code()).as(stranger.out()).isEqualTo(3);
        assertThat(stranger.err()).contains("cannot connect to " + sluice.url(), "certificate of yours");
    }

    @Test
    void without_one_it_is_said_what_to_give() throws Exception {
        Said none = Ctl.inAProcess(Map.of(), "--url", sluice.url(), "--trust", at("server.pem"), "status");
        assertThat(none.code()).as(none.out()).isEqualTo(3);
        assertThat(none.err()).contains("certificate of yours", "give --certificate FILE --key FILE");
    }

    @Test
    void nobody_acts_with_the_connection_of_somebody_else() throws Exception {
        Path profiles = folder.resolve("profiles.yaml");
        Files.writeString(profiles, """
                first: { url: "%1$s", trust: server.pem, certificate: vera.pem, key: vera.key }
                again: { url: "%1$s", trust: server.pem, certificate: vera.pem, key: vera.key }
                other: { url: "%1$s", trust: server.pem, certificate: zora.pem, key: zora.key }
                """.formatted(sluice.url()));
        Map<String, String> environment = Map.of("SLUICECTL_PROFILES", profiles.toString());
        assertThat(Ctl.with(environment, "--profile", "first").run("sessions").out())
                .containsPattern("vera +viewer");
        assertThat(Ctl.with(environment, "--profile", "again").run("sessions").out())
                .containsPattern("vera +viewer");
        Said other = Ctl.with(environment, "--profile", "other").run("sessions");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err())
                .contains("has spoken to " + sluice.url() + " with certificate " + at("vera.pem") + " and stays");
    }
}
