package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class SeriesTest {
    private final Series series = new Series();
    private final Tally tally = series.begun();

    private Reading now() {
        return series.display().refreshed();
    }

    @Test
    void a_single_long_time_among_many_short_ones_is_not_lost() {
        for (int i = 0; i < 99_999; i++) {
            tally.record(20_000);
        }
        tally.record(50_000_000);
        Reading reading = now();
        assertThat(reading.count()).isEqualTo(100_000);
        assertThat(reading.p50()).isCloseTo(20, Percentage.withPercentage(1));
        assertThat(reading.p999()).isCloseTo(20, Percentage.withPercentage(1));
        assertThat(reading.max()).isCloseTo(50_000, Percentage.withPercentage(1));
        assertThat(reading.sumMillis()).isEqualTo(2049.98);
    }

    @Test
    void percentiles_are_exact_to_one_percent_from_a_microsecond_to_a_minute() {
        for (long nanos = 10_000; nanos <= 60_000_000_000L; nanos *= 7) {
            series.reset();
            tally.record(nanos);
            assertThat(now().p50()).isCloseTo(nanos / 1000.0, Percentage.withPercentage(1));
        }
    }

    @Test
    void what_is_older_than_the_window_leaves_the_figures_but_not_the_totals() {
        tally.record(1_000_000);
        for (int i = 0; i < Series.SLICES; i++) {
            assertThat(now().count()).isEqualTo(1);
            series.turn();
        }
        assertThat(now().count()).as("the window's length").isEqualTo(1);
        series.turn();
        assertThat(now().count()).isZero();
        assertThat(now().max()).isZero();
        assertThat(now().countTotal()).isEqualTo(1);
        assertThat(now().sumMillisTotal()).isEqualTo(1);
    }

    @Test
    void ten_seconds_are_written_without_an_exponent() {
        assertThat(Reading.text(10_066_329.5)).isEqualTo("10066329.5");
    }

    @Test
    void a_reset_forgets_everything_but_what_the_whole_life_came_to() {
        tally.record(1_000_000);
        series.explained(500_000, 700_000);
        now();
        series.reset();
        assertThat(series.display().reading()).isEqualTo(Reading.NONE);
        assertThat(series.total().count()).isEqualTo(1);
        tally.record(2_000_000);
        assertThat(now().count()).isEqualTo(1);
        assertThat(now().max()).isCloseTo(2000, Percentage.withPercentage(1));
        assertThat(now().countTotal()).isEqualTo(1);
    }

    @Test
    void the_share_that_a_collector_explains_is_of_the_time_not_of_the_count() {
        tally.record(10_000_000);
        tally.record(30_000_000);
        series.explained(10_000_000, 20_000_000);
        assertThat(now().collectorPercent()).isCloseTo(25, within(0.01));
        assertThat(now().stoppedPercent()).isCloseTo(50, within(0.01));
    }

    @Test
    void what_several_threads_record_is_added_up_and_stays_when_a_thread_has_ended() throws Exception {
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                Tally own = series.begun();
                for (int time = 0; time < 100_000; time++) {
                    own.record(time);
                }
            });
            threads[i].start();
        }
        long before = 0;
        while (before < 400_000) {
            long count = now().count();
            assertThat(count).isGreaterThanOrEqualTo(before);
            before = count;
        }
        for (Thread each : threads) {
            each.join();
        }
        series.turn();
        series.turn();
        assertThat(now().count()).isEqualTo(400_000);
        assertThat(now().sumMillis()).isCloseTo(4 * 99_999 * 50_000.0 / 1e6, within(0.001));
        tally.record(1);
        assertThat(now().count()).isEqualTo(400_001);
    }
}
