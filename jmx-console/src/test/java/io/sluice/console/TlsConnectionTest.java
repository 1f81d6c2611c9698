package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.console.Ctl.Said;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
        pair("server", "CN=sluice", "san=ip:127.0.0.1");
        pair("stranger", "CN=stranger", "san=ip:127.0.0.1");
        pair("elsewhere", "CN=elsewhere", "san=dns:elsewhere.example.com");
        Files.writeString(
                folder.resolve("jmx.users"),
                "olga operator " + hash("open sesame") + "\nvic viewer " + hash("only looking") + "\n");
        Files.setPosixFilePermissions(folder.resolve("jmx.users"), PosixFilePermissions.fromString("rw-------"));
        password("olga.pw", "open sesame");
        password("vic.pw", "only looking");
        password("wrong.pw", "guess who");
        sluice = RunningSluice.start(folder, ", tls: { chain: server.pem, key: server.key }, users: jmx.users");
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
    }

    private static void password(String name, String password) throws Exception {
        Files.writeString(folder.resolve(name), password + "\n");
        Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString("rw-------"));
    }

    private static String hash(String password) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.sluice.Sluice",
                        "hash-password",
                        "--stdin")
                .start();
        try (PrintWriter in = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8)) {
            in.println(password);
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    /** A key and a certificate of its own, as NAME.key and NAME.pem. */
    private static void pair(String name, String subject, String extension) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "it",
                        "-keyalg",
                        "EC",
                        "-dname",
                        subject,
                        "-ext",
                        extension,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(store))) {
            keys.load(in, "changeit".toCharArray());
        }
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        Files.writeString(
                folder.resolve(name + ".pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + lines.encodeToString(keys.getCertificate("it").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        Path key = folder.resolve(name + ".key");
        Files.writeString(
                key,
                "-----BEGIN PRIVATE KEY-----\n"
                        + lines.encodeToString(
                                keys.getKey("it", "changeit".toCharArray()).getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
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
