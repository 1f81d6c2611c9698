package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.console.Ctl.Said;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connecting with TLS, users and certificates. */
class TlsConnectionTest {
    @TempDir
    static Path folder;

    private static RunningSluice sluice;

    @BeforeAll
    static void start() throws Exception {
        Credentials.users(folder);
        Credentials.pair(folder, "stranger", "CN=stranger", "san=ip:127.0.0.1");
        Credentials.pair(folder, "elsewhere", "CN=elsewhere", "san=dns:elsewhere.example.com");
        Credentials.password(folder, "wrong.pw", "guess who");
        sluice = RunningSluice.start(folder, ", tls: { chain: server.pem, key: server.key }, users: jmx.users");
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
    }

    private static Ctl ctl(String... more) {
        String[] all = new String[more.length + 2];
        all[0] = "--url";
        all[1] = sluice.url();
        System.arraycopy(more, 0, all, 2, more.length);
        return Ctl.with(Map.of(), all);
    }

    private static String at(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void a_user_with_a_password_file_gets_in() {
        Said said = ctl("--trust", at("server.pem"), "--user", "olga", "--password-file", at("olga.pw"))
                .run("sessions");
        assertThat(said.err()).isEmpty();
        assertThat(said.out()).contains("olga", "operator");
    }

    @Test
    void a_password_is_asked_for_where_there_is_no_file() {
        Ctl typing = ctl("--trust", at("server.pem"), "--user", "vic").answering("only looking");
        assertThat(typing.run("sessions").out()).contains("vic", "viewer");
        assertThat(typing.questions()).containsExactly("password of vic at " + sluice.url() + ": ");
        Said nobody = ctl("--trust", at("server.pem"), "--user", "vic").run("sessions");
        assertThat(nobody.code()).isEqualTo(2);
        assertThat(nobody.err()).contains("give --password-file FILE");
    }

    @Test
    void a_viewer_may_look_and_not_touch() {
        Ctl viewer = ctl("--trust", at("server.pem"), "--user", "vic", "--password-file", at("vic.pw"));
        assertThat(viewer.run("liberators").code()).isZero();
        Said refused = viewer.run("reload");
        assertThat(refused.code()).isEqualTo(4);
        assertThat(refused.err()).startsWith("sluicectl: not allowed at " + sluice.url());
    }

    @Test
    void a_wrong_password_is_not_allowed() {
        Said wrong = ctl("--trust", at("server.pem"), "--user", "olga", "--password-file", at("wrong.pw"))
                .run("status");
        assertThat(wrong.code()).isEqualTo(4);
        assertThat(wrong.err()).startsWith("sluicectl: login refused by " + sluice.url());
        Said nameless = ctl("--trust", at("server.pem")).run("status");
        assertThat(nameless.code()).isEqualTo(4);
        assertThat(nameless.err()).contains("give --user NAME");
    }

    @Test
    void an_appliance_that_nobody_vouches_for_is_not_spoken_to() {
        Said stranger = ctl("--trust", at("stranger.pem"), "--user", "olga", "--password-file", at("olga.pw"))
                .run("status");
        assertThat(stranger.code()).isEqualTo(3);
        assertThat(stranger.err()).contains("TLS failed", "is not trusted: give its authority with --trust");
        Said plain = ctl("--user", "olga", "--password-file", at("olga.pw")).run("status");
        assertThat(plain.code()).isEqualTo(3);
        assertThat(plain.err()).contains("does it want TLS? try: --tls, --trust FILE");
    }

    @Test
    void nor_is_one_while_others_in_this_process_trust_it() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Ctl trusting = ctl("--trust", at("server.pem"), "--user", "olga", "--password-file", at("olga.pw"));
        FutureTask<Integer> others = new FutureTask<>(() -> {
            int connected = 0;
            while (!over.get()) {
                assertThat(trusting.run("sessions").err()).isEmpty();
                connected++;
                System.gc(); // RMI then says on a thread of its own what it needs no more
            }
            return connected;
        });
        new Thread(others, "trusting").start();
        Ctl stranger = ctl("--trust", at("stranger.pem"), "--user", "olga", "--password-file", at("olga.pw"));
        for (int i = 0; i < 200; i++) {
            assertThat(stranger.run("sessions").code()).isEqualTo(3);
        }
        over.set(true);
        assertThat(others.get(60, TimeUnit.SECONDS)).isPositive();
    }

    @Test
    void a_password_file_that_others_can_read_is_refused() throws Exception {
        Path open = folder.resolve("open.pw");
        Files.writeString(open, "open sesame\n");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        Said said = ctl("--trust", at("server.pem"), "--user", "olga", "--password-file", open.toString())
                .run("status");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).contains("is open to others: try chmod 600");
    }

    @Test
    void files_that_cannot_be_used_are_named() {
        assertThat(ctl("--trust", at("none.pem")).run("status").err())
                .contains("cannot read", "none.pem", "no such file");
        assertThat(ctl("--trust", at("server.key")).run("status").code()).isEqualTo(2);
        assertThat(ctl("--certificate", at("server.pem")).run("status").err()).contains("belong together");
    }
}
