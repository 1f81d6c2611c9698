package io.sluice.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is remembered of earlier ends. */
class EndHistoryTest {
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    private final EndHistory history = new EndHistory(START);

    private static EndCounts ended(long total) {
        return EndCounts.of((cause, phase) -> cause == EndCause.IDLE && phase == Phase.RELAY ? total : 0);
    }

    @Test
    void counts_from_the_last_look_before_the_time_asked_for() {
        history.look(START.plusSeconds(60), ended(3));
        history.look(START.plusSeconds(120), ended(5));
        assertThat(history.at(START.plusSeconds(119)).counts()).isEqualTo(ended(3));
        assertThat(history.at(START.plusSeconds(120)).counts()).isEqualTo(ended(5));
        assertThat(history.at(START.plusSeconds(9000)).counts()).isEqualTo(ended(5));
    }

    @Test
    void counts_from_the_oldest_look_when_the_time_is_older() {
        history.look(START.plusSeconds(60), ended(3));
        assertThat(history.at(Instant.EPOCH).at()).isEqualTo(START);
        assertThat(history.at(Instant.EPOCH).counts().cells()).isEmpty();
    }

    @Test
    void remembers_a_day() {
        for (int minute = 1; minute <= 2000; minute++) {
            history.look(START.plusSeconds(60L * minute), ended(minute));
        }
        assertThat(history.at(Instant.EPOCH).at()).isEqualTo(START.plusSeconds(60L * (2000 - 24 * 60 + 1)));
    }

    @Test
    void marks_the_start_first_and_then_what_it_is_told() {
        assertThat(history.mark().at()).isEqualTo(START);
        history.mark(START.plusSeconds(7), ended(2));
        assertThat(history.mark().at()).isEqualTo(START.plusSeconds(7));
        assertThat(ended(9).since(history.mark().counts())).isEqualTo(ended(7));
    }
}
