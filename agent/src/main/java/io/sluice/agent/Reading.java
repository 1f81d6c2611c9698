package io.sluice.agent;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What one series of times shows at one moment.
 *
 * <p>Times are microseconds of the rolling window, exact to 1 %; totals are of the time since the last reset.
 *
 * @param collectorPercent the share of the window's time in which a collector had stopped the process
 * @param stoppedPercent the share in which all threads were stopped at most, for whatever reason
 */
record Reading(
        long count,
        double p50,
        double p90,
        double p99,
        double p999,
        double max,
        double mean,
        double sumMillis,
        double collectorPercent,
        double stoppedPercent,
        long countTotal,
        double sumMillisTotal) {
    static final Reading NONE = new Reading(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Of what has come in {@code window} and since the last reset. */
    static Reading of(Counts window, Counts sinceReset) {
        long countTotal = sinceReset.count();
        double sumMillisTotal = rounded(sinceReset.sumMillis());
        long count = window.count();
        if (count == 0) {
            return new Reading(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, countTotal, sumMillisTotal);
        }
        Histogram times = window.histogram();
        double sumMillis = window.sumMillis();
        return new Reading(
                count,
                micros(times.getValueAtPercentile(50)),
                micros(times.getValueAtPercentile(90)),
                micros(times.getValueAtPercentile(99)),
                micros(times.getValueAtPercentile(99.9)),
                micros(times.getMaxValue()),
                rounded(sumMillis / count * 1000),
                rounded(sumMillis),
                percent(window.collectorMillis(), sumMillis),
                percent(window.stoppedMillis(), sumMillis),
                countTotal,
                sumMillisTotal);
    }

    /** Microseconds for eyes: ten seconds are {@code 10000000.0} and not {@code 1.0E7}. */
    static String text(double micros) {
        return String.format(Locale.ROOT, "%.1f", micros);
    }

    private static double percent(double part, double of) {
        return of == 0 ? 0 : rounded(Math.min(100, 100 * part / of));
    }

    private static double micros(long units) {
        return rounded(units * Tally.UNIT_NANOS / 1e3);
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
