package io.sluice.config;

import static io.sluice.config.Given.BASE;
import static io.sluice.config.Given.loaded;
import static io.sluice.config.Given.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pool of a route as it is configured, and the file with its keys. */
class AffinityKeysTest {
    private static final String SECRET = "A".repeat(43) + "=";
    private static final String OTHER_SECRET = "B".repeat(42) + "A=";

    @TempDir
    Path folder;

    /** Writes a file that only its owner reads. */
    static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** One pool of two Liberators; the affinity stands in line 11. */
    private static String pool(String affinity) {
        return BASE + """
                routes:
                  - host: fx.example.com
                    pool:
                      liberators: [ { name: lib1, weight: 2 }, { name: lib2 } ]
                      affinity: { %s }
                """.formatted(affinity);
    }

    @Nested
    class The_file {
        @Test
        void may_hold_comments_and_several_keys_of_which_the_first_signs() throws IOException {
            write(folder.resolve("keys"), "# new on Monday\nk2 " + OTHER_SECRET + "\n\n  k1\t" + SECRET + "\n");
            AffinityConfig.Cookie cookie = cookie("keys: keys");
            assertThat(cookie.keys().all()).extracting(AffinityKeys.Key::id).containsExactly("k2", "k1");
            assertThat(cookie.keys().current().id()).isEqualTo("k2");
        }

        @Test
        void shows_no_secret_in_any_text() throws IOException {
            write(folder.resolve("keys"), "k1 " + SECRET);
            assertThat(loaded(pool("keys: keys"), folder).toString())
                    .contains("key k1")
                    .doesNotContain("AAAA");
        }

        @Test
        void tells_its_secrets_apart_by_fingerprints_that_every_appliance_makes_alike() throws IOException {
            write(folder.resolve("keys"), "k2 " + OTHER_SECRET + "\nk1 " + SECRET);
            assertThat(cookie("keys: keys").keys().all())
                    .extracting(AffinityKeys.Key::fingerprint)
                    .containsExactly("3549707bb0d07d5d", "296fd0d882a6966f");
            write(folder.resolve("keys"), "other-id " + SECRET);
            assertThat(cookie("keys: keys").keys().current().fingerprint()).isEqualTo("296fd0d882a6966f");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "''                | line 1: no key",
                    "# nothing         | line 1: no key",
                    "k1                | line 1: not an id",
                    "k 1 AAAA          | line 1: not an id",
                    "k1 not*base64     | line 1: the secret of key 'k1' is not base64",
                    "k1 QUJD           | line 1: the secret of key 'k1' has 3 bytes (expected 32 or more)"
                })
        void that_holds_no_usable_key_is_refused(String text, String sentence) throws IOException {
            write(folder.resolve("keys"), text);
            assertThat(problems(pool("keys: keys"), folder))
                    .singleElement()
                    .asString()
                    .startsWith("12:25: keys is 'keys', " + sentence);
        }

        @Test
        void that_names_an_id_twice_is_refused() throws IOException {
            write(folder.resolve("keys"), "k1 " + SECRET + "\nk1 " + OTHER_SECRET);
            assertThat(problems(pool("keys: keys"), folder))
                    .containsExactly("12:25: keys is 'keys', line 2: key id 'k1' stands there twice");
        }

        @Test
        void that_everyone_may_read_is_refused() throws IOException {
            write(folder.resolve("keys"), "k1 " + SECRET);
            Files.setPosixFilePermissions(folder.resolve("keys"), PosixFilePermissions.fromString("rw-r--r--"));
            assertThat(problems(pool("keys: keys"), folder))
                    .containsExactly("12:25: keys is 'keys', which everyone may read (do: chmod o-rwx)");
        }

        @Test
        void that_is_missing_is_refused() {
            assertThat(problems(pool("keys: keys"), folder))
                    .singleElement()
                    .asString()
                    .startsWith("12:25: keys is 'keys', which does not exist");
        }

        private AffinityConfig.Cookie cookie(String affinity) {
            PoolConfig pool = loaded(pool(affinity), folder).routes().get(0).pool();
            assertThat(pool).isNotNull();
            return (AffinityConfig.Cookie) pool.affinity();
        }
    }

    @Nested
    class The_pool {
        @BeforeEach
        void writeKeys() throws IOException {
            write(folder.resolve("keys"), "k1 " + SECRET);
        }

        @Test
        void has_standards_that_browsers_accept_across_sites() {
            PoolConfig pool = loaded(pool("keys: keys"), folder).routes().get(0).pool();
            assertThat(pool).isNotNull();
            assertThat(pool.members())
                    .containsExactly(new PoolConfig.Member("lib1", 2, ""), new PoolConfig.Member("lib2", 1, ""));
            AffinityConfig.Cookie cookie = (AffinityConfig.Cookie) pool.affinity();
            assertThat(cookie.name()).isEqualTo("sluice");
            assertThat(cookie.path()).isEqualTo("/");
            assertThat(cookie.domain()).isNull();
            assertThat(cookie.secure()).isTrue();
            assertThat(cookie.partitioned()).isFalse();
            assertThat(cookie.sameSite()).isEqualTo(AffinityConfig.SameSite.NONE);
            assertThat(cookie.maxAge()).isEqualTo(Duration.ZERO);
            assertThat(cookie.forged()).isEqualTo(AffinityConfig.Forged.REFUSE);
            assertThat(cookie.releaseDownFor()).isEqualTo(Duration.ZERO);
            assertThat(cookie.releaseRemoved()).isTrue();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "kind: cookie                          | pool of route 'fx.example.com' has no affinity.keys",
                    "'keys: keys, ipv4Bits: 24'            | ipv4Bits has no effect on kind: cookie (only on address)",
                    "'kind: address, maxAge: 1h'           | maxAge has no effect on kind: address (only on cookie)",
                    "'kind: path'                          | Liberator 'lib1' has no path (required for kind: path)",
                    "'keys: keys, secure: off'             | sameSite None needs secure: on",
                    "'keys: keys, domain: .example.com'    | domain is '.example.com'",
                    "'keys: keys, domain: com'             | domain is 'com'",
                    "'keys: keys, name: \"a b\"'           | name is 'a b' (expected a cookie name",
                    "'keys: keys, name: __Host-s, path: /x'| a name with __Host- needs",
                    "'kind: address, ipv4Bits: 33'         | ipv4Bits is '33' (expected a number from 1 to 32)"
                })
        void that_could_not_work_is_refused(String affinity, String sentence) {
            assertThat(problems(pool(affinity), folder))
                    .anySatisfy(line -> assertThat(line).contains(sentence));
        }

        @Test
        void with_a_liberator_beside_it_is_refused() {
            String both = pool("keys: keys").replace("    pool:", "    liberator: lib1\n    pool:");
            assertThat(problems(both, folder))
                    .containsExactly("11:5: route 'fx.example.com' has a liberator and a pool (expected one of them)");
        }

        @Test
        void that_names_a_Liberator_twice_or_an_unknown_one_is_refused() {
            assertThat(problems(pool("keys: keys").replace("name: lib2 }", "name: lib1 }"), folder))
                    .containsExactly(
                            "11:56: pool of route 'fx.example.com' names Liberator 'lib1' twice (first at line 11)");
            assertThat(problems(pool("keys: keys").replace("name: lib2 }", "name: lib3 }"), folder))
                    .singleElement()
                    .asString()
                    .startsWith("11:56: route 'fx.example.com' names Liberator 'lib3', which is not defined");
        }
    }
}
