package io.sluice.tls;

import static io.sluice.tls.Hellos.joined;
import static io.sluice.tls.Hellos.records;
import static io.sluice.tls.Hellos.vector;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.tls.ClientHello.Reading;
import io.sluice.tls.ClientHello.State;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloTest {
    private static final String NAME = "fx.example.com";

    private static Reading read(byte... bytes) {
        return ClientHello.read(ByteBuffer.wrap(bytes));
    }

    private static void names(Reading reading, @Nullable String name) {
        assertThat(reading).isEqualTo(new Reading(State.COMPLETE, name));
    }

    private static void isBroken(byte... bytes) {
        assertThat(read(bytes)).isEqualTo(Reading.BROKEN);
    }

    @Nested
    class The_name {
        @Test
        void of_the_JDK_is_found() {
            names(read(Hellos.ofJdk(NAME)), NAME);
        }

        @ParameterizedTest
        @CsvSource({
            "FX.Example.COM, fx.example.com",
            "fx.example.com., fx.example.com",
            "a_b.c, a_b.c",
            "10.0.0.1, 10.0.0.1"
        })
        void is_canonical(String asked, String canonical) {
            names(read(new Hellos().name(asked).record()), canonical);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"fx example.com", "fx.example.com\u0000.evil", "..", "[::1]", "b\u00fccher.example", "a/b"})
        void that_is_none_is_none(String asked) {
            names(read(new Hellos().name(asked).record()), null);
        }

        @Test
        void may_be_left_out_with_or_without_extensions() {
            names(read(new Hellos().record()), null);
            names(read(new Hellos().extension(43, (byte) 2, (byte) 3, (byte) 4).record()), null);
        }

        @Test
        void is_found_among_GREASE_and_an_encrypted_hello() {
            byte[] inner = new byte[300];
            names(
                    read(new Hellos()
                            .extension(0x8a8a)
                            .extension(0xfe0d, inner)
                            .name(NAME)
                            .extension(0xdada, (byte) 0)
                            .extension(21, new byte[700])
                            .sessionBytes(0)
                            .record()),
                    NAME);
        }
    }

    @Nested
    class In_pieces {
        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 4, 5, 37, 38, 100})
        void of_records_it_is_the_same(int each) {
            byte[] message =
                    new Hellos().name(NAME).extension(51, new byte[1200]).message();
            names(read(records(message, each)), NAME);
        }

        @Test
        void of_bytes_it_is_incomplete_until_the_last_of_them() {
            byte[] bytes = records(new Hellos().name(NAME).message(), 11);
            for (int i = 0; i < bytes.length; i++) {
                assertThat(ClientHello.read(ByteBuffer.wrap(bytes, 0, i))).isEqualTo(Reading.INCOMPLETE);
            }
            names(read(bytes), NAME);
        }

        @Test
        void up_to_16_KiB_it_is_taken_and_no_more() {
            int others = new Hellos().name(NAME).extension(51).message().length - 4;
            byte[] largest = new Hellos()
                    .name(NAME)
                    .extension(51, new byte[ClientHello.MAX_BYTES - others])
                    .message();
            names(read(records(largest, 4096)), NAME);
            byte[] larger = new Hellos()
                    .name(NAME)
                    .extension(51, new byte[ClientHello.MAX_BYTES - others + 1])
                    .message();
            isBroken(records(larger, 4096));
            isBroken(new byte[] {22, 3, 1, 1, 0, 1, 0, 0x40, 1});
        }

        @Test
        void too_small_it_is_broken_rather_than_kept() {
            byte[] message =
                    new Hellos().name(NAME).extension(51, new byte[12_000]).message();
            isBroken(Arrays.copyOf(records(message, 1), ClientHello.MAX_RECORDS_BYTES));
        }
    }

    @Nested
    class Broken_is {
        @Test
        void a_second_server_name_extension() {
            isBroken(new Hellos().name(NAME).name("other.example.com").record());
            isBroken(new Hellos().name(NAME).name(NAME).record());
        }

        @Test
        void any_extension_that_comes_twice() {
            isBroken(new Hellos().name(NAME).extension(51).extension(51).record());
        }

        @Test
        void a_second_name_in_the_list() {
            byte[] name = joined(new byte[] {0}, vector(2, NAME.getBytes(StandardCharsets.US_ASCII)));
            isBroken(new Hellos().extension(0, vector(2, joined(name, name))).record());
        }

        @Test
        void a_name_of_another_type_or_an_empty_one_or_none() {
            byte[] name = joined(new byte[] {1}, vector(2, NAME.getBytes(StandardCharsets.US_ASCII)));
            isBroken(new Hellos().extension(0, vector(2, name)).record());
            isBroken(new Hellos().name("").record());
            isBroken(new Hellos().extension(0, vector(2)).record());
            isBroken(new Hellos().extension(0).record());
        }

        @Test
        void bytes_behind_what_the_lengths_say() {
            isBroken(new Hellos().name(NAME).behind((byte) 0).record());
            byte[] list = vector(2, joined(new byte[] {0}, vector(2, (byte) 'a')));
            isBroken(new Hellos().extension(0, joined(list, new byte[] {0})).record());
            isBroken(records(joined(new Hellos().name(NAME).message(), new byte[] {2}), 1 << 14));
        }

        @Test
        void a_length_that_leads_out() {
            byte[] record = new Hellos().name(NAME).record();
            for (int at : new int[] {43, 76, 82, 84}) { // session, suites, compressions, extensions
                byte[] wrong = record.clone();
                wrong[at] = (byte) 0xff;
                isBroken(wrong);
            }
            isBroken(new Hellos().sessionBytes(33).name(NAME).record());
        }

        @Test
        void another_message_or_record_or_an_empty_one() {
            isBroken(22, 3, 1, 0, 4, 2, 0, 0, 0);
            isBroken(22, 3, 1, 0, 0);
            byte[] started = records(new Hellos().name(NAME).message(), 50);
            started[55] = 23;
            isBroken(started);
        }

        private void isBroken(int... bytes) {
            byte[] narrow = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                narrow[i] = (byte) bytes[i];
            }
            ClientHelloTest.isBroken(narrow);
        }

        private void isBroken(byte[] bytes) {
            ClientHelloTest.isBroken(bytes);
        }
    }

    @Test
    void what_is_no_TLS_is_told_at_once() {
        for (String each : new String[] {"GET / HTTP/1.1", "\u0080\u002e\u0001\u0003\u0001", "PROXY", "\u0016\u0002"}) {
            assertThat(read(each.getBytes(StandardCharsets.ISO_8859_1))).isEqualTo(Reading.NOT_TLS);
        }
    }
}
