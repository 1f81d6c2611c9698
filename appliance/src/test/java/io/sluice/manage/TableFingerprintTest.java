package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What makes two tables the same for the clients, and what does not. */
class TableFingerprintTest {
    private static final String CONFIG = """
            listeners:
              - { name: plain, bind: "127.0.0.1:8080" }
              - { name: direct-a, bind: "127.0.0.1:15001", kind: direct, liberator: lib-a }
            liberators:
              - { name: lib-a, address: "10.1.0.1:18080" }
              - { name: lib-b, address: "10.1.0.2:18080" }
            routes:
              - { host: a.example.com, liberator: lib-a, denyPaths: [ /secret ] }
              - host: fx.example.com
                pool: { liberators: [ { name: lib-a }, { name: lib-b, weight: 2 } ], affinity: { keys: keys } }
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void writeKeys() throws Exception {
        keys("k1", "A");
    }

    private void keys(String id, String letter) throws Exception {
        Path file = folder.resolve("keys");
        Files.writeString(file, id + " " + letter.repeat(42) + "A=\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private String fingerprint(String text) {
        ConfigResult result = ConfigLoader.parse("sluice.yaml", text, folder);
        assertThat(result).isInstanceOf(ConfigResult.Loaded.class);
        return TableFingerprint.of(((ConfigResult.Loaded) result).config());
    }

    @Test
    void spacing_comments_order_and_what_belongs_to_the_host_do_not_count() throws Exception {
        String before = fingerprint(CONFIG);
        assertThat(before).matches("[0-9a-f]{16}");
        String other = """
                # the one on the left
                routes:
                  - host: fx.example.com
                    pool:
                      liberators: [ { name: lib-a }, { name: lib-b, weight: 2 } ]
                      affinity: { keys: keys }
                  - { host: a.example.com, denyPaths: [ /secret ], liberator: lib-a }
                liberators:
                  - { name: lib-b, address: "10.1.0.2:18080" }
                  - { name: lib-a, address: "10.1.0.1:18080" }
                listeners:
                  - { name: direct-a, bind: "192.0.2.9:15001", kind: direct, liberator: lib-a }
                  - { name: plain, bind: "192.0.2.9:80" }
                management: { drainTime: 0 }
                """;
        assertThat(fingerprint(other)).isEqualTo(before);
        keys("k2", "B");
        assertThat(fingerprint(CONFIG)).as("with other keys").isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "liberator: lib-a, denyPaths      | liberator: lib-b, denyPaths",
                "10.1.0.2:18080                   | 10.1.0.3:18080",
                "[ /secret ]                      | [ /other ]",
                "weight: 2                        | weight: 3",
                "keys: keys                       | keys: keys, maxAge: 1h",
                "host: a.example.com              | host: b.example.com",
                "name: plain,                     | name: plain, connectTimeout: 7s,",
                "kind: direct, liberator: lib-a   | kind: direct, liberator: lib-b",
                "liberator: lib-a, denyPaths      | liberator: lib-a, disabled: true, denyPaths"
            })
    void what_decides_about_a_client_counts(String from, String to) {
        assertThat(CONFIG).contains(from);
        assertThat(fingerprint(CONFIG.replace(from, to))).isNotEqualTo(fingerprint(CONFIG));
    }
}
