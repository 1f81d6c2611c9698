package io.sluice.config;

import static io.sluice.config.Given.BASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code management.jmx}: what may stand open to the network, and what may not. */
class JmxAccessTest {
    private static final String HASH = PasswordHash.of("secret".toCharArray()).text();

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        write("jmx.pem", "", "rw-r--r--");
        write("jmx.key", "", "rw-------");
        write("admins.pem", "", "rw-r--r--");
        write("jmx.users", "# who\n\nalice operator " + HASH + "\nzabbix  viewer  " + HASH + "\n", "rw-r-----");
    }

    private void write(String name, String text, String mode) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private ConfigResult read(String jmx) {
        return ConfigLoader.parse("sluice.yaml", BASE + "management:\n  jmx: { " + jmx + " }\n", folder);
    }

    private JmxConfig loaded(String jmx) {
        ConfigResult result = read(jmx);
        assertThat(result).isInstanceOf(ConfigResult.Loaded.class);
        return ((ConfigResult.Loaded) result).config().management().jmx();
    }

    private List<String> problems(String jmx) {
        ConfigResult result = read(jmx);
        return result instanceof ConfigResult.Refused refused
                ? refused.problems().stream().map(Problem::sentence).toList()
                : List.of();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3:7199", "'[2001:db8::1]:7199'", "appliance.example.com:7199"})
    void an_address_others_can_reach_needs_TLS_and_users(String bind) {
        assertThat(problems("bind: " + bind))
                .containsExactly("management.jmx.bind is '" + bind.replace("'", "")
                        + "', which is not a loopback address: that needs tls (chain and key), users (a file of names,"
                        + " roles and password hashes) (or bind 127.0.0.1 or \"[::1]\")");
        assertThat(problems("bind: " + bind + ", tls: { chain: jmx.pem, key: jmx.key }"))
                .singleElement()
                .asString()
                .contains("that needs users (a file")
                .doesNotContain("tls (");
        assertThat(problems("bind: " + bind + ", users: jmx.users, tls: off"))
                .singleElement()
                .asString()
                .contains("that needs tls (chain and key) (or");
    }

    @Test
    void with_both_it_is_good() {
        JmxConfig jmx = loaded("bind: 10.1.2.3:7199, users: jmx.users, tls: { chain: jmx.pem, key: jmx.key }");

        assertThat(jmx.hostname()).isEqualTo("10.1.2.3");
        assertThat(jmx.users())
                .extracting(JmxUser::name, JmxUser::role)
                .containsExactly(tuple("alice", Role.OPERATOR), tuple("zabbix", Role.VIEWER));
        assertThat(jmx.users().get(0).password().matches("secret".toCharArray()))
                .isTrue();
        assertThat(jmx.users().get(0).password().matches("Secret".toCharArray()))
                .isFalse();
    }

    @Test
    void all_addresses_at_once_need_a_name_to_come_back_to_as_well() {
        String all = "bind: 0.0.0.0:7199, users: jmx.users, tls: { chain: jmx.pem, key: jmx.key }";
        assertThat(problems(all)).singleElement().asString().contains("that needs hostname (what clients");
        assertThat(loaded(all + ", hostname: sluice.bank.example").hostname()).isEqualTo("sluice.bank.example");
    }

    @ParameterizedTest
    @CsvSource({"jmx.users,rw-r--r--", "jmx.users,rw-rw----", "jmx.key,rw-r--r--", "jmx.key,rw-----w-"})
    void files_that_others_could_read_or_change_are_refused(String file, String mode) throws IOException {
        Files.setPosixFilePermissions(folder.resolve(file), PosixFilePermissions.fromString(mode));
        assertThat(problems("bind: 127.0.0.1:0, users: jmx.users, tls: { chain: jmx.pem, key: jmx.key }"))
                .singleElement()
                .asString()
                .contains("'" + file + "', which is open to others, mode " + mode + " (expected rw-r----- or less");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alice operator                 | line 1: has 2 words (expected name, role and proof)",
                "alice admin certificate        | line 1: role is 'admin' (expected viewer or operator)",
                "alice operator plain-password  | line 1: the proof of user 'alice' is neither a line of",
                "a/b operator certificate       | line 1: name is 'a/b' (expected letters",
                "alice viewer certificate       | user 'alice' is known by a certificate, but none is asked for",
                "# nobody                       | holds no user",
            })
    void a_line_that_is_wrong_is_named_without_its_secret(String line, String sentence) throws IOException {
        write("jmx.users", line + "\n", "rw-------");
        assertThat(problems("bind: 127.0.0.1:0, users: jmx.users"))
                .singleElement()
                .asString()
                .startsWith("management.jmx.users is 'jmx.users': " + sentence)
                .doesNotContain("plain-password");
    }

    @Test
    void a_user_stands_there_once() throws IOException {
        write("jmx.users", "a viewer " + HASH + "\na operator " + HASH + "\n", "rw-------");
        assertThat(problems("users: jmx.users"))
                .singleElement()
                .asString()
                .contains("line 2: user 'a' is defined twice");
    }

    @Test
    void a_user_may_be_known_by_a_certificate_where_one_is_asked_for() throws IOException {
        write("jmx.users", "alice viewer certificate\n", "rw-------");
        JmxConfig jmx = loaded("users: jmx.users, tls: { chain: jmx.pem, key: jmx.key, trust: admins.pem }");
        assertThat(jmx.users()).containsExactly(new JmxUser("alice", Role.VIEWER, null));
        assertThat(jmx.bind()).isEqualTo(new HostAndPort("127.0.0.1", 7199));
    }

    @Test
    void a_hash_is_salted_and_never_shown() {
        PasswordHash one = PasswordHash.of("secret".toCharArray());
        PasswordHash two = PasswordHash.of("secret".toCharArray());
        assertThat(one.text()).isNotEqualTo(two.text()).startsWith("pbkdf2-sha512:210000:");
        assertThat(PasswordHash.parse(one.text())).isEqualTo(one);
        assertThat(one.toString()).isEqualTo("pbkdf2-sha512");
        assertThat(PasswordHash.parse(one.text().replace(":210000:", ":50000:")))
                .isNull();
    }
}
