package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTableTest {
    @Test
    void columns_are_as_wide_as_their_widest_cell_and_numbers_stand_right() {
        assertThat(new TextTable("<>", "kind", "n")
                        .row("websocket", 12)
                        .row("sse", 3)
                        .lines())
                .containsExactly("kind        n", "websocket  12", "sse         3");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "102348, 99.9 KiB",
        "1048576, 1.0 MiB",
        "123456789012, 115 GiB",
        "9223372036854775807, 8.0 EiB"
    })
    void bytes_are_short(long bytes, String text) {
        assertThat(TextTable.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0s", "59, 59s", "60, 1m00s", "3599, 59m59s", "3600, 1h00m", "86399, 23h59m", "180000, 2d02h"})
    void times_are_short(long seconds, String text) {
        assertThat(TextTable.time(Duration.ofSeconds(seconds))).isEqualTo(text);
    }
}
