package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
    private static Fields fields(String... lines) {
        Fields fields = new Fields(bytes(lines));
        assertThat(fields.parse(0)).isTrue();
        return fields;
    }

    private static byte[] bytes(String... lines) {
        return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String written(Fields fields) {
        ByteBuffer out = ByteBuffer.allocate(1000);
        for (int i = 0; i < fields.count(); i++) {
            if (!fields.isDropped(i)) {
                fields.write(i, out);
            }
        }
        return StandardCharsets.ISO_8859_1.decode(out.flip()).toString();
    }

    @Nested
    class Reading {
        @Test
        void keeps_names_and_values_byte_for_byte() {
            Fields fields = fields("X-a: \u00fc\u0080 b", "HOST:c", "Empty:", "Blank:  \t ", "d: \te \t");
            assertThat(written(fields)).isEqualTo("X-a: \u00fc\u0080 b\r\nHOST: c\r\nEmpty: \r\nBlank: \r\nd: e\r\n");
            assertThat(fields.first(FieldName.HOST)).isEqualTo("c");
        }

        @Test
        void finds_no_fields_where_there_are_none() {
            Fields fields = new Fields(new byte[] {'\r', '\n'});
            assertThat(fields.parse(0)).isTrue();
            assertThat(fields.count()).isZero();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "A",
                    "A b",
                    ": b",
                    " A: b",
                    "A : b",
                    "A: b\0",
                    "A: b\n",
                    "A: b\rc",
                    "\u00c4: b",
                    "A: b\u007f",
                    "A:b\r\n c"
                })
        void refuses_what_is_no_field(String line) {
            assertThat(new Fields(bytes(line)).parse(0)).isFalse();
            assertThat(new Fields(bytes("Good: one", line, "Good: two")).parse(0))
                    .isFalse();
        }

        @Test
        void takes_a_hundred_and_no_more() {
            String[] lines = "A: b,".repeat(101).split(",");
            Fields tooMany = new Fields(bytes(lines));
            assertThat(tooMany.parse(0)).isFalse();
            assertThat(tooMany.tooMany()).isTrue();
            assertThat(fields(java.util.Arrays.copyOf(lines, 100)).count()).isEqualTo(100);
        }

        @ParameterizedTest
        @EnumSource
        void knows_every_name_in_any_case(FieldName name) {
            String text = name.toString().toUpperCase(Locale.ROOT);
            byte[] bytes = ("x" + text.toLowerCase(Locale.ROOT) + text).getBytes(StandardCharsets.ISO_8859_1);
            assertThat(FieldName.of(bytes, 1, 1 + text.length())).isEqualTo(name);
            assertThat(FieldName.of(bytes, 1 + text.length(), bytes.length)).isEqualTo(name);
            assertThat(FieldName.of(bytes, 0, 1 + text.length())).isNull();
        }
    }

    @Nested
    class Lists {
        @Test
        void are_looked_through_element_by_element() {
            Fields fields = fields("Connection: keep-alive , , Upgrade", "connection: close");
            assertThat(fields.lists(FieldName.CONNECTION, Octets.of("upgrade"))).isTrue();
            assertThat(fields.lists(FieldName.CONNECTION, Octets.of("close"))).isTrue();
            assertThat(fields.lists(FieldName.CONNECTION, Octets.of("keep"))).isFalse();
            assertThat(fields.occurrences(FieldName.CONNECTION)).isEqualTo(2);
        }
    }

    @Nested
    class Nominating {
        @Test
        void drops_every_field_of_the_name() {
            Fields fields = fields("Connection: x-a, close", "X-A: 1", "x-a: 2", "X-AB: 3");
            assertThat(fields.dropNominated(java.util.EnumSet.of(
                            FieldName.COOKIE, FieldName.AUTHORIZATION, FieldName.ORIGIN, FieldName.EXPECT)))
                    .isTrue();
            assertThat(written(fields)).isEqualTo("Connection: x-a, close\r\nX-AB: 3\r\n");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"Host", "content-length", "Transfer-Encoding", "Cookie", "Authorization", "Origin", "Expect"
                })
        void is_refused_for_what_a_message_cannot_do_without(String name) {
            assertThat(fields("Connection: close", "Connection: " + name)
                            .dropNominated(java.util.EnumSet.of(
                                    FieldName.COOKIE, FieldName.AUTHORIZATION, FieldName.ORIGIN, FieldName.EXPECT)))
                    .isFalse();
        }
    }
}
