package io.sluice.config;

import static io.sluice.config.Given.loaded;
import static io.sluice.config.Given.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {
    private static final String REST = "liberators: [ { name: b, address: 'h:1' } ]\n";

    private static String listener(String limits) {
        return REST + "listeners: [ { name: a, bind: '127.0.0.1:0', limits: { " + limits + " } } ]";
    }

    private static Limits limits(String text) {
        return loaded(listener(text)).listeners().get(0).limits();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.1.2.3",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::",
        "::ffff:10.1.2.3, 10.1.2.3",
    })
    void count_the_network_of_a_host_as_one_address(String client, String host) throws UnknownHostException {
        assertThat(limits("").host(InetAddress.getByName(client))).isEqualTo(InetAddress.getByName(host));
    }

    @Test
    void count_by_another_prefix_when_told_to() throws UnknownHostException {
        InetAddress client = InetAddress.getByName("2001:db8:1:2:3:4:5:6");
        assertThat(limits("ipv6Prefix: 56").host(client)).isEqualTo(InetAddress.getByName("2001:db8:1::"));
        assertThat(limits("ipv6Prefix: 128").host(client)).isEqualTo(client);
    }

    @Test
    void refuse_an_entry_of_allow_that_deny_covers() {
        assertThat(problems(listener("allow: [ 10.1.0.0/16, 11.0.0.0/8 ], deny: [ 10.0.0.0/8 ]")))
                .singleElement()
                .asString()
                .endsWith("allow has '10.1.0.0/16', which deny refuses whole: deny wins");
    }

    @Test
    void refuse_what_is_no_range() {
        assertThat(problems(listener("allow: [ lan ], deny: [ 10.0.0.0/33 ]")))
                .satisfiesExactlyInAnyOrder(
                        allow -> assertThat(allow)
                                .endsWith("allow has 'lan' (expected an address or a range, as in 10.0.0.0/8)"),
                        deny -> assertThat(deny)
                                .endsWith("deny has '10.0.0.0/33' (expected an address or a range, as in 10.0.0.0/8)"));
    }

    @Test
    void of_the_appliance_are_a_number_or_follow_its_descriptors() {
        String rest = listener("") + "\n";
        assertThat(loaded(rest).limits()).isEqualTo(ProcessLimits.DEFAULTS);
        assertThat(loaded(rest + "limits: { connections: auto }").limits()).isEqualTo(ProcessLimits.DEFAULTS);
        assertThat(loaded(rest + "limits: { connections: 7, descriptorReserve: 0 }")
                        .limits())
                .isEqualTo(new ProcessLimits(7, 0));
        assertThat(problems(rest + "limits: { connections: many }"))
                .singleElement()
                .asString()
                .endsWith("connections is 'many' (expected a whole number, 0 for none, or auto)");
    }
}
