package io.sluice.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineWheelTest {
    private static final long TICK = DeadlineWheel.TICK_NANOS;

    /** Any start, also one after which nanoTime is negative. */
    private static final long START = Long.MAX_VALUE - 3 * TICK;

    private final DeadlineWheel wheel = new DeadlineWheel(START);
    private final List<String> fired = new ArrayList<>();

    private Deadline named(String name) {
        return new Deadline() {
            @Override
            protected void onDeadline() {
                fired.add(name);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 50, 1023, 1024, 1025, 5000, 100_000})
    void fires_within_a_tick_and_never_early(long ticks) {
        Deadline deadline = named("it");
        wheel.arm(deadline, START, ticks * TICK);
        for (long now = 0; now < ticks; now++) {
            wheel.advance(START + now * TICK);
            assertThat(fired).isEmpty();
        }
        wheel.advance(START + (ticks + 1) * TICK);
        assertThat(fired).containsExactly("it");
        assertThat(deadline.isArmed()).isFalse();
        assertThat(wheel.isEmpty()).isTrue();
    }

    @Test
    void never_fires_what_was_cancelled() {
        Deadline first = named("first");
        Deadline second = named("second");
        Deadline third = named("third");
        for (Deadline each : List.of(first, second, third)) {
            wheel.arm(each, START, 5 * TICK);
        }
        second.cancel();
        second.cancel();
        wheel.advance(START + 10 * TICK);
        assertThat(fired).containsExactlyInAnyOrder("first", "third");
    }

    @Test
    void moves_what_is_armed_again() {
        Deadline deadline = named("it");
        wheel.arm(deadline, START, 5 * TICK);
        wheel.arm(deadline, START, 50 * TICK);
        wheel.advance(START + 20 * TICK);
        assertThat(fired).isEmpty();
        wheel.arm(deadline, START + 20 * TICK, TICK);
        wheel.advance(START + 23 * TICK);
        assertThat(fired).containsExactly("it");
    }

    @Test
    void fires_all_that_is_due_after_a_long_sleep() {
        for (int i = 0; i < 3000; i++) {
            wheel.arm(named("n" + i), START, i * TICK);
        }
        Deadline far = named("far");
        wheel.arm(far, START, 100_000 * TICK);
        wheel.advance(START + 50_000 * TICK);
        assertThat(fired).hasSize(3000).doesNotContain("far");
        assertThat(far.isArmed()).isTrue();
    }

    @Test
    void lets_a_deadline_arm_itself_again_and_cancel_another() {
        Deadline victim = named("victim");
        Deadline periodic = new Deadline() {
            @Override
            protected void onDeadline() {
                fired.add("again");
                victim.cancel();
                wheel.arm(this, START + fired.size() * 5 * TICK, 5 * TICK);
            }
        };
        wheel.arm(victim, START, 6 * TICK);
        wheel.arm(periodic, START, 5 * TICK);
        for (int i = 0; i <= 21; i++) {
            wheel.advance(START + i * TICK);
        }
        assertThat(fired).containsExactly("again", "again", "again", "again");
    }

    @Test
    void stays_right_when_it_was_empty_for_a_while() {
        wheel.advance(START + 10_000 * TICK);
        wheel.arm(named("it"), START + 20_000 * TICK, 10 * TICK);
        wheel.advance(START + 20_009 * TICK);
        assertThat(fired).isEmpty();
        wheel.advance(START + 20_011 * TICK);
        assertThat(fired).containsExactly("it");
    }

    @Test
    void agrees_with_a_plain_list_over_a_random_life() {
        Random random = new Random(42);
        List<Deadline> all = new ArrayList<>();
        long[] due = new long[200];
        long now = START;
        for (int i = 0; i < due.length; i++) {
            all.add(named("n" + i));
        }
        for (int step = 0; step < 5000; step++) {
            int which = random.nextInt(due.length);
            if (random.nextInt(4) == 0) {
                all.get(which).cancel();
            } else {
                long delay = random.nextInt(3000) * TICK / 7;
                wheel.arm(all.get(which), now, delay);
                due[which] = now + delay;
            }
            now += random.nextInt(5) * TICK / 3;
            wheel.advance(now);
            for (int i = 0; i < due.length; i++) {
                if (all.get(i).isArmed()) {
                    assertThat(now - due[i]).isLessThan(2 * TICK);
                }
            }
            for (String each : fired) {
                assertThat(due[Integer.parseInt(each.substring(1))] - now).isNotPositive();
            }
            fired.clear();
        }
    }
}
