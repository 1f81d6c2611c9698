package io.sluice.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.account.Accounts;
import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import io.sluice.account.Ledger;
import io.sluice.account.Origin;
import io.sluice.account.Patience;
import io.sluice.account.StreamLog;
import io.sluice.account.StreamRecord;
import io.sluice.account.StreamRegistry;
import io.sluice.account.Terms;
import io.sluice.route.Departures;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Drains that were begun together, in a time of their own: two Liberators with streams that end when they are asked. */
class TogetherTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int LOOKS_A_SECOND = 20;
    private static final int STREAMS = 60;
    private static final int PER_SECOND = 10;

    private final Accounts accounts = new Accounts(new StreamLog(Set.of()));
    private final StreamRegistry registry = accounts.streams();
    private final Ledger a = accounts.liberator("lib-a");
    private final Ledger b = accounts.liberator("lib-b");
    private long now = System.nanoTime();
    private Rate rate;
    private Drain ofA;
    private Drain ofB;

    private void begin(int perSecond) {
        rate = new Rate(perSecond, now);
        ofA = new Drain(a, rate, LIMIT, now);
        ofB = new Drain(b, rate, LIMIT, now);
        rate.join(ofA);
        rate.join(ofB);
    }

    private void open(Ledger ledger, int streams) {
        for (int i = 0; i < streams; i++) {
            StreamRecord stream =
                    registry.open(ledger, Kind.DIRECT, new Somewhere(), new Terms("*", 1, Patience.DEFAULT), "");
            stream.carriedBy(new Willing());
        }
    }

    private void lookFor(int seconds) {
        for (int i = 0; i < seconds * LOOKS_A_SECOND; i++) {
            look(LOOK_NANOS);
        }
    }

    private void look(long nanosLater) {
        now += nanosLater;
        Drains.look(List.of(ofA, ofB), registry.streams(), now);
    }

    private long ended() {
        return a.ended(EndCause.DRAINED) + b.ended(EndCause.DRAINED);
    }

    @Nested
    class The_rate {
        @Test
        void is_that_of_all_of_them_and_each_has_a_share() {
            open(a, STREAMS);
            open(b, STREAMS);
            begin(PER_SECOND);
            lookFor(4);
            assertThat(ended()).isBetween(30L, 50L);
            assertThat(a.ended(EndCause.DRAINED)).isPositive();
            assertThat(b.ended(EndCause.DRAINED)).isPositive();
        }

        @Test
        void is_left_whole_to_the_other_while_one_is_paused() {
            open(a, STREAMS);
            open(b, STREAMS);
            begin(PER_SECOND);
            ofA.pause(true);
            lookFor(4);
            assertThat(a.ended(EndCause.DRAINED)).isZero();
            assertThat(b.ended(EndCause.DRAINED)).isBetween(30L, 50L);
        }

        @Test
        void is_left_whole_to_the_other_when_one_is_called_off() {
            open(a, STREAMS);
            open(b, STREAMS);
            begin(PER_SECOND);
            look(0);
            ofB.callOff();
            long before = b.ended(EndCause.DRAINED);
            for (int i = 0; i < 4 * LOOKS_A_SECOND; i++) {
                now += LOOK_NANOS;
                Drains.look(List.of(ofA), registry.streams(), now);
            }
            assertThat(b.ended(EndCause.DRAINED)).isEqualTo(before);
            assertThat(a.ended(EndCause.DRAINED)).isBetween(30L, 50L);
        }

        @Test
        void is_not_saved_up_while_all_are_paused() {
            open(a, STREAMS);
            open(b, STREAMS);
            begin(PER_SECOND);
            ofA.pause(true);
            ofB.pause(true);
            lookFor(60);
            ofA.pause(false);
            ofB.pause(false);
            look(LOOK_NANOS);
            assertThat(ended()).isBetween(0L, 2L);
        }

        @Test
        void that_is_none_asks_all_at_the_first_look() {
            open(a, STREAMS);
            open(b, STREAMS);
            begin(Drain.AT_ONCE);
            look(0);
            assertThat(ended()).isEqualTo(2 * STREAMS);
        }
    }

    @Nested
    class What_is_left {
        @Test
        void is_each_Liberator_s_own() {
            open(a, 2);
            open(b, STREAMS);
            begin(1);
            ofB.pause(true);
            look(0);
            look(0);
            assertThat(ofA.remaining()).isOne();
            assertThat(ofA.politely()).isOne();
            assertThat(ofB.remaining()).isEqualTo(STREAMS);
            assertThat(ofB.politely()).isZero();
            ofA.callOff();
            assertThat(ofA.remaining()).isZero();
            assertThat(ofB.remaining()).isEqualTo(STREAMS);
        }

        @Test
        void takes_as_long_as_that_of_all_that_go_on() {
            open(a, STREAMS);
            open(b, 2 * STREAMS);
            begin(PER_SECOND);
            look(0);
            assertThat(ofA.eta(now)).isEqualTo(ofB.eta(now)).isEqualTo(Duration.ofSeconds(18));
            ofB.pause(true);
            assertThat(ofA.eta(now)).isEqualTo(Duration.ofSeconds(6));
            assertThat(ofB.eta(now)).isEqualTo(LIMIT);
        }

        @Test
        void at_the_deadline_is_ended_everywhere() {
            open(a, STREAMS);
            open(b, STREAMS);
            begin(1);
            ofB.pause(true);
            look(LIMIT.toNanos());
            look(LOOK_NANOS);
            assertThat(ofA.forced()).isEqualTo(STREAMS);
            assertThat(ofB.forced()).isEqualTo(STREAMS);
            assertThat(ofA.isEmptied()).isTrue();
            assertThat(ofB.isEmptied()).isTrue();
        }
    }

    @Nested
    class Kept_connections {
        @Test
        void have_none_of_the_rate_while_a_stream_of_any_waits_for_its_turn() {
            open(b, STREAMS);
            begin(PER_SECOND);
            lookFor(3);
            assertThat(ofB.remaining()).isPositive();
            assertThat(rate.granted()).hasValue(0);
        }

        @Test
        void have_what_is_left_of_it_and_no_more_than_a_second_s_waits_for_them() {
            open(a, 1);
            begin(PER_SECOND);
            lookFor(60);
            assertThat(ended()).isOne();
            assertThat(rate.granted()).hasValue(PER_SECOND);
        }

        @Test
        void may_all_leave_where_there_is_no_rate() {
            begin(Drain.AT_ONCE);
            look(0);
            assertThat(rate.granted()).hasValue(Departures.ALL);
        }
    }

    /** Ends when it is asked. */
    private final class Willing implements StreamRecord.Ending {
        @Override
        public void endFor(StreamRecord stream, EndCause cause) {
            registry.end(stream, cause);
        }

        @Override
        public void endPolitely(StreamRecord stream, EndCause cause) {
            stream.endsProperly();
            registry.end(stream, cause);
        }

        @Override
        public int fromClientMessages() {
            return -1;
        }

        @Override
        public int toClientMessages() {
            return -1;
        }
    }

    private record Somewhere() implements Origin {
        @Override
        public String listener() {
            return "direct";
        }

        @Override
        public InetSocketAddress client() {
            return InetSocketAddress.createUnresolved("192.0.2.7", 1);
        }

        @Override
        public @Nullable String serverName() {
            return null;
        }

        @Override
        public String protocol() {
            return "direct";
        }

        @Override
        public boolean isSecure() {
            return false;
        }
    }
}
