package io.sluice.manage;

import com.codahale.metrics.Clock;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import io.sluice.account.Accounts;
import io.sluice.account.Kind;
import io.sluice.account.KindLedger;
import io.sluice.account.Ledger;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.ToLongFunction;

/**
 * How fast the counters of each Liberator grow: Dropwizard meters, fed by looking at the counters from time to
 * time, so that a message costs nothing.
 *
 * <p><b>Threading:</b> {@link #sample} comes from one thread at a time; everything else from any.
 */
final class Rates {
    private final Accounts accounts;
    private final Clock clock;
    private final ConcurrentMap<Ledger, Of> liberators = new ConcurrentHashMap<>();

    Rates(Accounts accounts, Clock clock) {
        this.accounts = accounts;
        this.clock = clock;
    }

    Of liberator(Ledger ledger) {
        return liberators.computeIfAbsent(
                ledger,
                each -> new Of(
                        new Rate(meter(each, "streams"), each, KindLedger::total),
                        new Rate(meter(each, "fromClientBytes"), each, KindLedger::fromClientBytes),
                        new Rate(meter(each, "toClientBytes"), each, KindLedger::toClientBytes)));
    }

    private Meter meter(Ledger ledger, String figure) {
        return accounts.metrics()
                .meter(MetricRegistry.name("liberator", ledger.liberator(), figure), () -> new Meter(clock));
    }

    /** Looks at the counters; about once a second. */
    void sample() {
        liberators.values().forEach(Of::sample);
    }

    /** The rates of one Liberator, each per second and rounded to three decimals. */
    static final class Of {
        private final Rate streams;
        private final Rate fromClientBytes;
        private final Rate toClientBytes;

        private Of(Rate streams, Rate fromClientBytes, Rate toClientBytes) {
            this.streams = streams;
            this.fromClientBytes = fromClientBytes;
            this.toClientBytes = toClientBytes;
        }

        private void sample() {
            streams.sample();
            fromClientBytes.sample();
            toClientBytes.sample();
        }

        double streams() {
            return streams.perSecond();
        }

        double fromClientBytes() {
            return fromClientBytes.perSecond();
        }

        double toClientBytes() {
            return toClientBytes.perSecond();
        }
    }

    private record Rate(Meter meter, Ledger ledger, ToLongFunction<KindLedger> counter) {
        void sample() {
            long total = 0;
            for (Kind kind : Kind.values()) {
                total += counter.applyAsLong(ledger.kind(kind));
            }
            meter.mark(total - meter.getCount());
        }

        double perSecond() {
            return Math.round(meter.getOneMinuteRate() * 1000) / 1000.0;
        }
    }
}
