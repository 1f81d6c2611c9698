package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

class PausesTest {
    private static final long MILLI = 1_000_000;

    private final Pauses pauses = new Pauses(new Safepoints());

    @Test
    void a_time_is_explained_by_as_much_of_a_pause_as_lies_in_it() {
        long start = 5_000 * MILLI;
        pauses.paused(100, 110, 10, start + 110 * MILLI);
        assertThat(pauses.during(start + 105 * MILLI, start + 200 * MILLI))
                .isEqualTo(new Pauses.Activity(1, 5 * MILLI, 0));
        assertThat(pauses.during(start + 90 * MILLI, start + 120 * MILLI))
                .isEqualTo(new Pauses.Activity(1, 10 * MILLI, 0));
        assertThat(pauses.during(start + 111 * MILLI, start + 120 * MILLI)).isEqualTo(new Pauses.Activity(0, 0, 0));
    }

    @Test
    void the_fastest_notification_says_where_the_start_lies_on_our_clock() {
        long start = 5_000 * MILLI;
        pauses.paused(100, 110, 10, start + 130 * MILLI);
        pauses.paused(200, 210, 10, start + 210 * MILLI);
        assertThat(pauses.during(start + 200 * MILLI, start + 210 * MILLI).nanos())
                .isEqualTo(10 * MILLI);
    }

    @Test
    void a_late_notification_moves_nothing_when_it_is_known_where_the_start_lies() {
        long start = 5_000 * MILLI;
        pauses.clock(start);
        pauses.paused(100, 110, 10, start + 310 * MILLI);
        assertThat(pauses.during(start + 90 * MILLI, start + 120 * MILLI))
                .isEqualTo(new Pauses.Activity(1, 10 * MILLI, 0));
    }

    @Test
    void a_real_collection_is_counted_and_explains_a_time_around_it() {
        pauses.start();
        try {
            Series series = new Series();
            Tally tally = series.begun();
            await().untilAsserted(() -> {
                long before = System.nanoTime();
                System.gc();
                tally.record(System.nanoTime() - before);
                pauses.ask(series, before, System.nanoTime());
                assertThat(pauses.count()).isPositive();
                pauses.answer();
                assertThat(series.display().refreshed().collectorPercent()).isPositive();
            });
        } finally {
            pauses.stop();
        }
    }
}
