package io.sluice.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How long a Liberator has been as it is. */
class HealthTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static Liberator.Health since(Instant clock, long nanos) {
        return new Liberator.Health(LiberatorState.DOWN, clock, nanos, "a test says so");
    }

    @Test
    void lasts_as_long_as_time_passes() {
        assertThat(since(Instant.now(), 1).hasLasted(HOUR, HOUR.toNanos())).isFalse();
        assertThat(since(Instant.now(), 1).hasLasted(HOUR, 1 + HOUR.toNanos())).isTrue();
    }

    @Test
    void is_no_older_when_the_clock_jumps() {
        assertThat(since(Instant.EPOCH, 1).hasLasted(HOUR, 2)).isFalse();
        assertThat(since(Instant.MAX, 1).hasLasted(HOUR, 1 + HOUR.toNanos())).isTrue();
    }

    @Test
    void may_begin_before_the_counter_of_nanoseconds_turns_over() {
        assertThat(since(Instant.now(), Long.MAX_VALUE).hasLasted(HOUR, Long.MIN_VALUE + HOUR.toNanos()))
                .isTrue();
    }
}
