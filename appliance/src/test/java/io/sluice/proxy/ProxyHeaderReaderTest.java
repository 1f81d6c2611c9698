package io.sluice.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.ProxyHeaderReader.Reading;
import io.sluice.proxy.ProxyHeaderReader.State;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderReaderTest {
    private static final String BLOCK = "0d0a0d0a000d0a515549540a";
    private static final String V4 = "c0000207 c6336401 d431 01bb".replace(" ", "");

    private static Reading readText(String text) {
        return ProxyHeaderReader.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static Reading readHex(String hex) {
        return ProxyHeaderReader.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    private static void announces(Reading reading, @Nullable String source, @Nullable String destination) {
        assertThat(reading.state()).isEqualTo(State.COMPLETE);
        ProxyHeader header = reading.announced();
        assertThat(header == null ? null : text(header.source())).isEqualTo(source);
        assertThat(header == null ? null : text(header.destination())).isEqualTo(destination);
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + " " + address.getPort();
    }

    private static void isBroken(Reading reading) {
        assertThat(reading).isEqualTo(new Reading(State.BROKEN, 0, null));
    }

    @Nested
    class A_line {
        @ParameterizedTest
        @CsvSource({
            "TCP4 192.0.2.7 198.51.100.1 54321 443, 192.0.2.7 54321, 198.51.100.1 443",
            "TCP4 0.0.0.0 255.255.255.255 0 65535, 0.0.0.0 0, 255.255.255.255 65535",
            "TCP6 2001:db8::7 ::1 1 2, 2001:db8:0:0:0:0:0:7 1, 0:0:0:0:0:0:0:1 2",
            "TCP6 ::ffff:192.0.2.7 ::ffff:198.51.100.1 1 2, 192.0.2.7 1, 198.51.100.1 2",
            "UNKNOWN, ,",
            "UNKNOWN ffff:f...f:ffff whatever 65535 x, ,"
        })
        void says_whose_connection_it_is(String said, @Nullable String source, @Nullable String destination) {
            Reading reading = readText("PROXY " + said + "\r\nGET / HTTP/1.1\r\n");
            announces(reading, source, destination);
            assertThat(reading.length()).isEqualTo(("PROXY " + said + "\r\n").length());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "TCP4 192.0.2.7 198.51.100.1 54321 443 ",
                    "TCP4 192.0.2.7 198.51.100.1 54321",
                    "TCP4  192.0.2.7 198.51.100.1 54321 443",
                    "TCP4 192.0.2.7\t198.51.100.1 54321 443",
                    "tcp4 192.0.2.7 198.51.100.1 54321 443",
                    "TCP4 192.0.2.07 198.51.100.1 54321 443",
                    "TCP4 192.0.2 198.51.100.1 54321 443",
                    "TCP4 192.0.2.256 198.51.100.1 54321 443",
                    "TCP4 3221225991 198.51.100.1 54321 443",
                    "TCP4 0xC0.0.2.7 198.51.100.1 54321 443",
                    "TCP4 192.0.2.7/32 198.51.100.1 54321 443",
                    "TCP4 fx.example.com 198.51.100.1 54321 443",
                    "TCP4 ::1 ::1 54321 443",
                    "TCP6 192.0.2.7 198.51.100.1 54321 443",
                    "TCP6 fe80::1%eth0 ::1 54321 443",
                    "TCP6 [::1] ::1 54321 443",
                    "TCP6 ::1::2 ::1 54321 443",
                    "TCP4 192.0.2.7 198.51.100.1 054321 443",
                    "TCP4 192.0.2.7 198.51.100.1 +1 443",
                    "TCP4 192.0.2.7 198.51.100.1 -1 443",
                    "TCP4 192.0.2.7 198.51.100.1 65536 443",
                    "TCP4 192.0.2.7 198.51.100.1 54321 443\n",
                    "TCP4 192.0.2.7 198.51.100.1 54321 443\r",
                    "UDP4 192.0.2.7 198.51.100.1 54321 443",
                    "UNKNOWN\u0000",
                    "UNKNOWNS",
                    "TCP4",
                    ""
                })
        void that_could_mean_two_things_is_broken(String said) {
            isBroken(readText("PROXY " + said + "\r\nGET / HTTP/1.1\r\n"));
        }

        @Test
        void ends_with_CR_LF_alone() {
            isBroken(readText("PROXY UNKNOWN\n"));
            isBroken(readText("PROXY UNKNOWN\rx"));
            assertThat(readText("PROXY UNKNOWN\r").state()).isEqualTo(State.INCOMPLETE);
        }

        @Test
        void has_at_most_107_bytes() {
            String longest = "PROXY UNKNOWN " + "x".repeat(91);
            announces(readText(longest + "\r\n"), null, null);
            assertThat(readText(longest).state()).isEqualTo(State.INCOMPLETE);
            isBroken(readText(longest + "x" + "\r\n"));
            isBroken(readText(longest + "xx"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"GET / HTTP/1.1\r\n", "proxy UNKNOWN\r\n", "PROXYTCP4", "PROXIES", "\u0016\u0003\u0001"})
        void of_another_protocol_is_broken_at_once(String bytes) {
            isBroken(readText(bytes));
        }

        @Test
        void may_come_byte_by_byte() {
            String line = "PROXY TCP4 192.0.2.7 198.51.100.1 54321 443\r\n";
            for (int i = 0; i < line.length(); i++) {
                assertThat(readText(line.substring(0, i))).isEqualTo(Reading.INCOMPLETE);
            }
            announces(readText(line), "192.0.2.7 54321", "198.51.100.1 443");
        }
    }

    @Nested
    class A_block {
        @Test
        void says_whose_connection_it_is() {
            Reading reading = readHex(BLOCK + "2111000c" + V4 + "474554");
            announces(reading, "192.0.2.7 54321", "198.51.100.1 443");
            assertThat(reading.length()).isEqualTo(28);
            String v6 = "20010db8000000000000000000000007" + "00000000000000000000000000000001" + "0001" + "0002";
            announces(readHex(BLOCK + "21210024" + v6), "2001:db8:0:0:0:0:0:7 1", "0:0:0:0:0:0:0:1 2");
        }

        @Test
        void with_IPv4_mapped_into_IPv6_means_the_IPv4_client() {
            String mapped = "00000000000000000000ffffc0000207" + "00000000000000000000ffffc6336401" + "0001" + "0002";
            announces(readHex(BLOCK + "21210024" + mapped), "192.0.2.7 1", "198.51.100.1 2");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "20000000", // LOCAL
                    "2011000c c0000207c6336401d43101bb", // LOCAL: the addresses mean nothing
                    "20ff0003 ffffff", // LOCAL: nor does the rest
                    "21000000", // unspecified
                    "21000003 040000", // unspecified, with a part
                    "2112000c c0000207c6336401d43101bb", // UDP
                })
        void of_no_TCP_connection_leaves_the_real_addresses(String rest) {
            announces(readHex(BLOCK + rest), null, null);
        }

        @Test
        void of_a_Unix_socket_leaves_the_real_addresses() {
            announces(readHex(BLOCK + "213100d8" + "00".repeat(216)), null, null);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "1111000c", // version 1 in a block
                    "3111000c", // version 3
                    "2211000c", // no such command
                    "2f11000c",
                    "2113000c", // no such transport
                    "2141000c", // no such family
                    "2101000c",
                    "2111000b", // shorter than its addresses
                    "21210023",
                    "213100d7",
                    "21110ff1", // longer than the most
                    "2000ffff"
                })
        void that_says_what_cannot_be_is_broken_before_the_rest_has_come(String start) {
            isBroken(readHex(BLOCK + start));
        }

        @ParameterizedTest
        @ValueSource(strings = {"04", "0400", "040001", "04000200", "0400010005"})
        void whose_parts_do_not_fill_it_is_broken(String parts) {
            isBroken(readHex(BLOCK + "211100" + String.format("%02x", 12 + parts.length() / 2) + V4 + parts));
        }

        @Test
        void may_have_parts_that_mean_nothing_to_us() {
            Reading reading = readHex(BLOCK + "21110018" + V4 + "010002" + "6832" + "ee0000" + "040001" + "00");
            announces(reading, "192.0.2.7 54321", "198.51.100.1 443");
        }

        @Test
        void with_the_right_checksum_is_believed_and_with_a_wrong_one_broken() {
            byte[] block = HexFormat.of().parseHex(BLOCK + "21110017" + V4 + "040001" + "00" + "030004" + "00000000");
            CRC32C crc = new CRC32C();
            crc.update(block);
            ByteBuffer bytes = ByteBuffer.wrap(block);
            bytes.putInt(block.length - 4, (int) crc.getValue());
            announces(ProxyHeaderReader.read(bytes), "192.0.2.7 54321", "198.51.100.1 443");
            bytes.put(17, (byte) 1);
            isBroken(ProxyHeaderReader.read(bytes));
        }

        @ParameterizedTest
        @ValueSource(strings = {"030003000000", "03000500000000 00", "0300040000000003000400000000"})
        void with_a_checksum_of_another_length_or_two_is_broken(String parts) {
            String packed = parts.replace(" ", "");
            isBroken(readHex(BLOCK + "211100" + String.format("%02x", 12 + packed.length() / 2) + V4 + packed));
        }

        @Test
        void may_come_byte_by_byte() {
            byte[] block = HexFormat.of().parseHex(BLOCK + "2111000c" + V4);
            for (int i = 0; i < block.length; i++) {
                assertThat(ProxyHeaderReader.read(ByteBuffer.wrap(block, 0, i))).isEqualTo(Reading.INCOMPLETE);
            }
        }
    }

    @Nested
    class What_is_written {
        private final ProxyHeader v4 =
                new ProxyHeader(new InetSocketAddress("192.0.2.7", 54321), new InetSocketAddress("198.51.100.1", 443));
        private final ProxyHeader v6 =
                new ProxyHeader(new InetSocketAddress("2001:db8::7", 1), new InetSocketAddress("fe80::1%1", 2));
        private final ProxyHeader mixed =
                new ProxyHeader(new InetSocketAddress("192.0.2.7", 1), new InetSocketAddress("2001:db8::1", 2));

        @Test
        void is_as_in_the_specification() {
            assertThat(v4.v1()).asString().isEqualTo("PROXY TCP4 192.0.2.7 198.51.100.1 54321 443\r\n");
            assertThat(v4.v2()).asHexString().isEqualToIgnoringCase(BLOCK + "2111000c" + V4);
            assertThat(v6.v1()).asString().isEqualTo("PROXY TCP6 2001:db8:0:0:0:0:0:7 fe80:0:0:0:0:0:0:1 1 2\r\n");
            assertThat(mixed.v1()).asString().isEqualTo("PROXY TCP6 ::ffff:192.0.2.7 2001:db8:0:0:0:0:0:1 1 2\r\n");
            assertThat(ProxyHeader.localV1()).asString().isEqualTo("PROXY UNKNOWN\r\n");
            assertThat(ProxyHeader.localV2()).asHexString().isEqualToIgnoringCase(BLOCK + "20000000");
        }

        @Test
        void is_read_as_it_was_meant() {
            for (ProxyHeader each : new ProxyHeader[] {v4, mixed}) {
                for (byte[] written : new byte[][] {each.v1(), each.v2()}) {
                    Reading reading = ProxyHeaderReader.read(ByteBuffer.wrap(written));
                    assertThat(reading).isEqualTo(new Reading(State.COMPLETE, written.length, each));
                }
            }
        }
    }
}
