package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Clock;
import io.sluice.account.Accounts;
import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import io.sluice.account.Ledger;
import io.sluice.account.Patience;
import io.sluice.account.StreamLog;
import io.sluice.account.StreamRecord;
import io.sluice.account.Terms;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RatesTest {
    private final Accounts accounts = new Accounts(new StreamLog(EnumSet.noneOf(StreamLog.Line.class)));
    private final Ledger ledger = accounts.liberator("lib-a");
    private long nanos;
    private final Rates rates = new Rates(accounts, new Clock() {
        @Override
        public long getTick() {
            return nanos;
        }
    });
    private final Rates.Of rate = rates.liberator(ledger);

    private void second(int streams) {
        for (int i = 0; i < streams; i++) {
            StreamRecord stream = accounts.streams()
                    .open(ledger, Kind.POLL, new Client("127.0.0.1"), new Terms("*", 1, Patience.DEFAULT), "");
            stream.toClient(1000, 0, 0);
            accounts.streams().end(stream, EndCause.COMPLETED);
        }
        nanos += TimeUnit.SECONDS.toNanos(1);
        rates.sample();
    }

    @Test
    void come_near_to_what_happens_each_second_within_minutes() {
        for (int i = 0; i < 300; i++) {
            second(10);
        }
        assertThat(rate.streams()).isCloseTo(10, Offset.offset(0.2));
        assertThat(rate.toClientBytes()).isCloseTo(10_000, Offset.offset(200.0));
        assertThat(rate.fromClientBytes()).isZero();
    }

    @Test
    void fall_when_nothing_happens_any_more() {
        for (int i = 0; i < 60; i++) {
            second(10);
        }
        for (int i = 0; i < 600; i++) {
            second(0);
        }
        assertThat(rate.streams()).isCloseTo(0, Offset.offset(0.01));
    }

    @Test
    void are_in_the_Dropwizard_registry_with_the_whole_count() {
        second(3);
        second(4);
        assertThat(accounts.metrics().meter("liberator.lib-a.streams").getCount())
                .isEqualTo(7);
        assertThat(accounts.metrics().meter("liberator.lib-a.toClientBytes").getCount())
                .isEqualTo(7000);
    }
}
