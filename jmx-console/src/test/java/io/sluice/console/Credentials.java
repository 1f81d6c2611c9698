package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** Files of keys, certificates and passwords. */
public final class Credentials {
    private Credentials() {}

    /**
     * Users olga, an operator, and vic, a viewer, with their password files; and a server's certificate for 127.0.0.1.
     */
    public static void users(Path folder) throws Exception {
        pair(folder, "server", "CN=sluice", "san=ip:127.0.0.1");
        Files.writeString(
                folder.resolve("jmx.users"),
                "olga operator " + hash("open sesame") + "\nvic viewer " + hash("only looking") + "\n");
        Files.setPosixFilePermissions(folder.resolve("jmx.users"), PosixFilePermissions.fromString("rw-------"));
        password(folder, "olga.pw", "open sesame");
        password(folder, "vic.pw", "only looking");
    }

    static void password(Path folder, String name, String password) throws Exception {
        Files.writeString(folder.resolve(name), password + "\n");
        Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString("rw-------"));
    }

    static String hash(String password) throws Exception {
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
    static void pair(Path folder, String name, String subject, String extension) throws Exception {
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
}
