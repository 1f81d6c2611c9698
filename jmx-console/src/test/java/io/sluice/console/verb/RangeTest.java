package io.sluice.console.verb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RangeTest {
    @Test
    void a_number_alarms_outside_of_zero_to_it() {
        assertThat(Range.of("10").alarms(10)).isFalse();
        assertThat(Range.of("10").alarms(10.5)).isTrue();
        assertThat(Range.of("10").alarms(-1)).isTrue();
        assertThat(Range.of("0").alarms(0)).isFalse();
        assertThat(Range.of("0").alarms(1)).isTrue();
    }

    @Test
    void a_colon_behind_alarms_below() {
        assertThat(Range.of("10:").alarms(9)).isTrue();
        assertThat(Range.of("10:").alarms(1e9)).isFalse();
    }

    @Test
    void a_tilde_has_no_lower_end() {
        assertThat(Range.of("~:10").alarms(-1e9)).isFalse();
        assertThat(Range.of("~:10").alarms(11)).isTrue();
    }

    @Test
    void two_numbers_alarm_outside_and_with_an_at_sign_inside() {
        assertThat(Range.of("10:20").alarms(15)).isFalse();
        assertThat(Range.of("10:20").alarms(21)).isTrue();
        assertThat(Range.of("@10:20").alarms(15)).isTrue();
        assertThat(Range.of("@10:20").alarms(21)).isFalse();
    }

    @Test
    void what_is_no_range_is_refused() {
        for (String bad : new String[] {"", "x", "10:5", "@", ":", "10..20"}) {
            assertThatThrownBy(() -> Range.of(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
