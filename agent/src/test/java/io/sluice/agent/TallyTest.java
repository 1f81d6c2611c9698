package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void its_cells_are_those_of_an_HdrHistogram() {
        Histogram histogram = new Histogram(Tally.SIGNIFICANT_DIGITS);
        histogram.setAutoResize(true);
        int last = Tally.cell(TimeUnit.DAYS.toNanos(1));
        for (int cell = 0; cell < last; cell++) {
            long from = Tally.unitsFrom(cell);
            long next = Tally.unitsFrom(cell + 1);
            assertThat(Tally.cell(from * Tally.UNIT_NANOS)).isEqualTo(cell);
            assertThat(Tally.cell(next * Tally.UNIT_NANOS - 1)).isEqualTo(cell);
            assertThat(histogram.lowestEquivalentValue(from)).isEqualTo(from);
            assertThat(histogram.highestEquivalentValue(from)).isEqualTo(next - 1);
        }
    }

    @Test
    void it_grows_with_the_longest_time_and_keeps_what_it_has() {
        tally.record(0);
        tally.record(999);
        tally.record(TimeUnit.SECONDS.toNanos(10));
        tally.record(Long.MAX_VALUE / 2);
        tally.record(1000);
        Histogram times = tally.counts().histogram();
        assertThat(tally.counts().count()).isEqualTo(5);
        assertThat(times.getCountAtValue(0)).isEqualTo(1);
        assertThat(times.getCountAtValue(9)).isEqualTo(1);
        assertThat(times.getCountAtValue(10)).isEqualTo(1);
        assertThat(times.getCountAtValue(100_000_000)).isEqualTo(1);
    }

    @Test
    void a_clock_that_went_back_counts_as_no_time() {
        tally.record(-5);
        assertThat(tally.counts().count()).isEqualTo(1);
        assertThat(tally.counts().sumMillis()).isZero();
    }

    @Test
    void is_final_when_its_thread_has_ended() throws Exception {
        assertThat(tally.isFinal()).isFalse();
        Tally[] other = new Tally[1];
        Thread thread = new Thread(() -> other[0] = new Tally());
        thread.start();
        thread.join();
        assertThat(other[0].isFinal()).isTrue();
    }
}
