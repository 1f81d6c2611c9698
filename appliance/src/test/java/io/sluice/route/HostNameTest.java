package io.sluice.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {
    @ParameterizedTest
    @CsvSource({
        "fx.example.com, fx.example.com",
        "FX.Example.COM, fx.example.com",
        "fx.example.com., fx.example.com",
        "Fx.example.com.:8080, fx.example.com",
        "fx:1, fx",
        "fx:65535, fx",
        "127.0.0.1:80, 127.0.0.1",
        "[::1], [::1]",
        "[2001:DB8::1]:443, [2001:db8::1]",
        "[::ffff:1.2.3.4], [::ffff:1.2.3.4]",
        "under_score-dash.9, under_score-dash.9"
    })
    void has_one_canonical_form(String authority, String canonical) {
        assertThat(HostName.ofAuthority(authority)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                ".a",
                "a..b",
                "a..",
                ":80",
                "a:",
                "a:0",
                "a:65536",
                "a:123456",
                "a:+1",
                "a:1:2",
                "a b",
                "a/b",
                "a@b",
                "a,b",
                "a%2eb",
                "\u00e4",
                "a\u007f",
                "[",
                "[]",
                "[::1",
                "[::1]x",
                "[::1]:",
                "[x::1]",
                "[1]",
                "[::1%eth0]",
                "::1",
                "a?b",
                "a#b",
                "*.a",
                "\uff11::1"
            })
    void has_none_when_it_is_malformed(String authority) {
        assertThat(HostName.ofAuthority(authority)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {253, 254})
    void is_no_longer_than_DNS_allows(int length) {
        String name = "a".repeat(length);
        assertThat(HostName.canonical(name)).isEqualTo(length <= 253 ? name : null);
    }
}
