package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,10.255.0.1,true",
        "10.0.0.0/8,11.0.0.0,false",
        "10.9.9.9/8,10.0.0.1,true",
        "192.168.4.0/23,192.168.5.255,true",
        "192.168.4.0/23,192.168.6.0,false",
        "192.168.4.7,192.168.4.7,true",
        "192.168.4.7,192.168.4.8,false",
        "0.0.0.0/0,8.8.8.8,true",
        "0.0.0.0/0,::1,false",
        "fd00::/9,fd7f::1,true",
        "fd00::/9,fd80::1,false",
        "::/0,::1,true",
        "::ffff:10.0.0.1,10.0.0.1,true",
        "::ffff:10.0.0.0/104,10.255.0.1,true",
        "::ffff:10.0.0.0/104,11.0.0.0,false",
        "::ffff:0:0/96,8.8.8.8,true",
    })
    void contains_what_has_its_prefix(String range, String address, boolean contains) throws UnknownHostException {
        assertThat(Objects.requireNonNull(AddressRange.parse(range)).contains(InetAddress.getByName(address)))
                .isEqualTo(contains);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "10.0.0",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/08",
                "::/129",
                "::ffff:10.0.0.0/95",
                "::ffff:10.0.0.0/129",
                "localhost",
                "a::b::c",
                "10.0.0.01"
            })
    void is_nothing_else(String text) {
        assertThat(AddressRange.parse(text)).isNull();
    }

    @Test
    void of_the_same_network_are_equal() {
        assertThat(AddressRange.parse("10.1.2.3/8"))
                .isEqualTo(AddressRange.parse("10.0.0.0/8"))
                .hasToString("10.0.0.0/8");
    }
}
