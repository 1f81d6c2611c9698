package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SafepointsTest {
    private static final long MILLI = 1_000_000;

    private final Safepoints safepoints = new Safepoints();

    /** Notes at 100, 200, … 1000 ms; all threads were stopped for 30 ms between those of 400 and 500. */
    @BeforeEach
    void ten_notes() {
        for (int i = 1; i <= 10; i++) {
            safepoints.noted(i * 100 * MILLI, i < 5 ? 7 : 37);
        }
    }

    @Test
    void a_time_around_a_stop_holds_all_of_it() {
        assertThat(safepoints.nanosAtMost(350 * MILLI, 650 * MILLI)).isEqualTo(30 * MILLI);
    }

    @Test
    void a_time_between_two_notes_holds_what_was_stopped_between_them_at_most() {
        assertThat(safepoints.nanosAtMost(410 * MILLI, 460 * MILLI)).isEqualTo(30 * MILLI);
        assertThat(safepoints.nanosAtMost(410 * MILLI, 420 * MILLI)).isEqualTo(10 * MILLI);
    }

    @Test
    void a_time_before_or_after_holds_nothing_of_it() {
        assertThat(safepoints.nanosAtMost(210 * MILLI, 390 * MILLI)).isZero();
        assertThat(safepoints.nanosAtMost(510 * MILLI, 990 * MILLI)).isZero();
        assertThat(safepoints.nanosAtMost(1010 * MILLI, 1020 * MILLI)).isZero();
    }

    @Test
    void of_a_time_that_began_before_the_oldest_note_the_rest_counts_as_not_stopped() {
        for (int i = 11; i < 2000; i++) {
            safepoints.noted(i * 100 * MILLI, 37 + i);
        }
        assertThat(safepoints.nanosAtMost(0, 200_000 * MILLI)).isEqualTo(1023 * MILLI);
    }

    @Test
    void nothing_is_known_before_the_JVM_was_asked() {
        Safepoints fresh = new Safepoints();
        fresh.note();
        assertThat(fresh.count()).isEqualTo(-1);
        assertThat(fresh.nanosAtMost(0, MILLI)).isZero();
    }
}
