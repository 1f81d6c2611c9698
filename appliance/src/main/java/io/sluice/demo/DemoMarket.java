package io.sluice.demo;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A small market whose prices wander around their start and never run away. Two Liberators that share one market show
 * the same prices, as two Liberators fed by the same bank do.
 *
 * <p><b>Threading:</b> any thread; one quote at a time.
 */
public final class DemoMarket {
    private static final double NANOS_PER_SECOND = 1e9;

    private final List<Instrument> instruments = List.of(
            new Instrument("FX/EURUSD", 1.0932, 0.00007, 0.0002, 4),
            new Instrument("FX/GBPUSD", 1.2714, 0.00008, 0.0003, 4),
            new Instrument("FX/USDJPY", 151.22, 0.009, 0.02, 2),
            new Instrument("METAL/XAUUSD", 2318.4, 0.12, 0.6, 1));
    private final Random random;

    public DemoMarket(long seed) {
        this.random = new Random(seed);
    }

    /** How many instruments there are; {@link #quote} takes an index below this. */
    int size() {
        return instruments.size();
    }

    /** The middle of a price line: {@code FX/EURUSD Bid=1.0931 Ask=1.0933}. */
    synchronized String quote(int index, long nowNanos) {
        return instruments.get(index).quote(nowNanos, random);
    }

    /** An Ornstein-Uhlenbeck walk: Brownian steps, pulled back to the start within about two minutes. */
    private static final class Instrument {
        private static final double PULL_PER_SECOND = 1.0 / 120;

        private final String name;
        private final double start;
        private final double stepPerRootSecond;
        private final double spread;
        private final String format;
        private double away;
        private long quotedNanos = System.nanoTime();

        Instrument(String name, double start, double stepPerRootSecond, double spread, int decimals) {
            this.name = name;
            this.start = start;
            this.stepPerRootSecond = stepPerRootSecond;
            this.spread = spread;
            this.format = "%s Bid=%." + decimals + "f Ask=%." + decimals + "f";
        }

        String quote(long nowNanos, Random random) {
            double seconds = Math.min(10, Math.max(0, nowNanos - quotedNanos) / NANOS_PER_SECOND);
            quotedNanos = nowNanos;
            away += -away * PULL_PER_SECOND * seconds + stepPerRootSecond * Math.sqrt(seconds) * random.nextGaussian();
            double bid = start + away - spread / 2;
            return String.format(Locale.ROOT, format, name, bid, bid + spread);
        }
    }
}
