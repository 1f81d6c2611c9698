package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class SeriesTest {
    private final Series series = new Series();

    @Test
    void a_single_long_time_among_many_short_ones_is_not_lost() {
        for (int i = 0; i < 99_999; i++) {
            series.record(20_000);
        }
        series.record(50_000_000);
        series.refresh();
        Reading reading = series.reading();
        assertThat(reading.count()).isEqualTo(100_000);
        assertThat(reading.p50()).isCloseTo(20, Percentage.withPercentage(1));
        assertThat(reading.p999()).isCloseTo(20, Percentage.withPercentage(1));
        assertThat(reading.max()).isCloseTo(50_000, Percentage.withPercentage(1));
        assertThat(reading.sumMillis()).isCloseTo(2050, Percentage.withPercentage(1));
    }

    @Test
    void percentiles_are_exact_to_one_percent_from_a_microsecond_to_a_minute() {
        for (long nanos = 10_000; nanos <= 60_000_000_000L; nanos *= 7) {
            series.reset();
            series.record(nanos);
            series.refresh();
            assertThat(series.reading().p50()).isCloseTo(nanos / 1000.0, Percentage.withPercentage(1));
        }
    }

    @Test
    void what_is_older_than_the_window_leaves_the_figures_but_not_the_totals() {
        series.record(1_000_000);
        series.refresh();
        for (int i = 0; i < Series.SLICES - 1; i++) {
            series.turn();
            series.refresh();
            assertThat(series.reading().count()).isEqualTo(1);
        }
        series.turn();
        series.refresh();
        assertThat(series.reading().count()).isZero();
        assertThat(series.reading().max()).isZero();
        assertThat(series.reading().countTotal()).isEqualTo(1);
        assertThat(series.reading().sumMillisTotal()).isCloseTo(1, within(0.02));
    }

    @Test
    void ten_seconds_are_written_without_an_exponent() {
        assertThat(Reading.text(10_066_329.5)).isEqualTo("10066329.5");
    }

    @Test
    void a_reset_forgets_everything() {
        series.record(1_000_000);
        series.explained(500_000, 700_000);
        series.refresh();
        series.reset();
        series.refresh();
        assertThat(series.reading()).isEqualTo(Reading.NONE);
    }

    @Test
    void the_share_that_a_collector_explains_is_of_the_time_not_of_the_count() {
        series.record(10_000_000);
        series.record(30_000_000);
        series.explained(10_000_000, 20_000_000);
        series.refresh();
        assertThat(series.reading().collectorPercent()).isCloseTo(25, within(0.5));
        assertThat(series.reading().stoppedPercent()).isCloseTo(50, within(1.0));
    }
}
