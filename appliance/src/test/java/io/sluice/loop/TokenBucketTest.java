package io.sluice.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;

    private final TokenBucket bucket = new TokenBucket();
    private long now = Long.MAX_VALUE - SECOND; // nanoTime may overflow

    private int takeAll(int perSecond) {
        int taken = 0;
        while (bucket.take(perSecond, now)) {
            taken++;
        }
        return taken;
    }

    @Test
    void gives_a_tenth_of_a_second_s_worth_at_once() {
        assertThat(takeAll(500)).isEqualTo(50);
    }

    @Test
    void gives_its_rate_over_time() {
        takeAll(500);
        int taken = 0;
        for (int tick = 0; tick < 100; tick++) {
            now += SECOND / 50;
            taken += takeAll(500);
        }
        assertThat(taken).isBetween(999, 1000);
    }

    @Test
    void saves_nothing_up_while_nobody_comes() {
        takeAll(500);
        now += 60 * SECOND;
        assertThat(takeAll(500)).isEqualTo(50);
    }

    @Test
    void gives_one_at_a_time_at_the_lowest_rate() {
        assertThat(takeAll(1)).isOne();
        assertThat(bucket.nanosToNext(1)).isEqualTo(SECOND);
        now += SECOND - 1000;
        assertThat(takeAll(1)).isZero();
        now += 2000;
        assertThat(takeAll(1)).isOne();
    }

    @Test
    void takes_back_what_was_not_used() {
        takeAll(10);
        bucket.putBack();
        assertThat(takeAll(10)).isOne();
    }

    @Test
    void follows_a_change_of_the_rate() {
        takeAll(1000);
        now += SECOND / 10;
        assertThat(takeAll(10)).isOne();
    }
}
