package io.sluice.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.route.StreamGate.Entry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StreamGateTest {
    private static final int RATE = 10;
    private static final long INTERVAL = 1_000_000_000L / RATE;

    private long now = Long.MAX_VALUE - 5; // nanoTime may overflow
    private final StreamGate gate = new StreamGate(now);
    private final List<String> admitted = new ArrayList<>();
    private final List<String> displaced = new ArrayList<>();

    private final class Stream implements StreamGate.Turn {
        private final String name;

        Stream(String name) {
            this.name = name;
        }

        @Override
        public void onTurn() {
            admitted.add(name);
        }

        @Override
        public void onDisplaced() {
            displaced.add(name);
        }
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private Entry enter(String name, String client, int most) {
        return gate.enter(new Stream(name), address(client), RATE, most, now);
    }

    private Entry enter(String name, String client) {
        return enter(name, client, 100);
    }

    /** Uses up what passes at once. */
    @BeforeEach
    void fill() {
        while (enter("first", "10.0.0.1") == Entry.PASSED) {
            // The next one waits.
        }
        turns(1);
        admitted.clear();
    }

    private void turns(int count) {
        for (int i = 0; i < count; i++) {
            now += INTERVAL;
            gate.admit(RATE, now);
        }
    }

    @Test
    void streams_that_come_slowly_pass_at_once() {
        for (int i = 0; i < 20; i++) {
            now += INTERVAL;
            assertThat(enter("s", "10.0.0.1")).isEqualTo(Entry.PASSED);
        }
    }

    @Test
    void the_first_to_wait_must_see_to_it_that_the_gate_opens_until_nobody_waits() {
        assertThat(enter("a", "10.0.0.1")).isEqualTo(Entry.QUEUED_FIRST);
        assertThat(enter("b", "10.0.0.1")).isEqualTo(Entry.QUEUED);
        assertThat(gate.admit(RATE, now)).isPositive().isLessThanOrEqualTo(INTERVAL);
        turns(1);
        assertThat(admitted).containsExactly("a");
        now += INTERVAL;
        assertThat(gate.admit(RATE, now)).isZero();
        assertThat(admitted).containsExactly("a", "b");
        assertThat(enter("c", "10.0.0.1")).isEqualTo(Entry.QUEUED_FIRST);
    }

    @Test
    void nobody_overtakes_those_that_wait() {
        enter("a", "10.0.0.1");
        now += INTERVAL;
        assertThat(enter("b", "10.0.0.2")).isEqualTo(Entry.QUEUED);
    }

    @Test
    void one_that_leaves_gives_its_place_to_the_next() {
        Stream gone = new Stream("gone");
        gate.enter(gone, address("10.0.0.1"), RATE, 100, now);
        enter("b", "10.0.0.1");
        assertThat(gate.leave(gone, address("10.0.0.1"))).isTrue();
        assertThat(gate.leave(gone, address("10.0.0.1"))).isFalse();
        turns(1);
        assertThat(admitted).containsExactly("b");
    }

    @Nested
    class Fairness {
        @Test
        void addresses_take_turns_and_each_keeps_its_order() {
            enter("a1", "10.0.0.1");
            enter("a2", "10.0.0.1");
            enter("a3", "10.0.0.1");
            enter("b1", "10.0.0.2");
            enter("b2", "10.0.0.2");
            enter("c1", "10.0.0.3");
            turns(6);
            assertThat(admitted).containsExactly("a1", "b1", "c1", "a2", "b2", "a3");
        }

        @Test
        void the_addresses_of_one_IPv6_network_are_one_client() {
            enter("a1", "2001:db8::1");
            enter("a2", "2001:db8::2");
            enter("b1", "2001:db8:0:1::1");
            turns(3);
            assertThat(admitted).containsExactly("a1", "b1", "a2");
        }

        @Test
        void in_a_full_queue_a_newcomer_takes_the_last_place_of_the_address_that_has_the_most() {
            enter("a1", "10.0.0.1", 3);
            enter("a2", "10.0.0.1", 3);
            enter("a3", "10.0.0.1", 3);
            assertThat(enter("b1", "10.0.0.2", 3)).isEqualTo(Entry.QUEUED);
            assertThat(displaced).containsExactly("a3");
            turns(3);
            assertThat(admitted).containsExactly("a1", "b1", "a2");
        }

        @Test
        void in_a_full_queue_nobody_displaces_who_has_no_more_than_itself() {
            enter("a1", "10.0.0.1", 3);
            enter("a2", "10.0.0.1", 3);
            enter("b1", "10.0.0.2", 3);
            assertThat(enter("a3", "10.0.0.1", 3)).isEqualTo(Entry.FULL);
            assertThat(enter("b2", "10.0.0.2", 3)).isEqualTo(Entry.FULL);
            assertThat(enter("c1", "10.0.0.3", 3)).isEqualTo(Entry.QUEUED);
            assertThat(displaced).containsExactly("a2");
        }
    }

    @Test
    void a_storm_comes_out_at_the_rate() {
        for (int i = 0; i < 50; i++) {
            enter("s" + i, "10.0.1." + i);
        }
        turns(20);
        assertThat(admitted).hasSize(20);
        turns(30);
        assertThat(admitted).hasSize(50);
    }
}
