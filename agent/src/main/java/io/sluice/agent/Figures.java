package io.sluice.agent;

import io.sluice.account.Kind;
import io.sluice.account.Ledger;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * All series, by Liberator, stage and kind. A series is made when its first time is recorded and stays.
 *
 * <p><b>Threading:</b> any thread; {@link #of} is a look-up by identity and an index.
 */
final class Figures {
    private final Map<Ledger, OfLiberator> liberators = new ConcurrentHashMap<>();

    /** The series that a time at {@code ledger}'s Liberator belongs to. */
    Series of(Ledger ledger, Stage stage, Kind kind) {
        OfLiberator found = liberators.get(ledger);
        if (found == null) {
            found = liberators.computeIfAbsent(ledger, each -> new OfLiberator(each.liberator()));
        }
        return found.series(stage, kind);
    }

    Collection<OfLiberator> liberators() {
        return liberators.values();
    }

    void refresh() {
        liberators.values().forEach(OfLiberator::refresh);
    }

    void turn() {
        liberators.values().forEach(OfLiberator::turn);
    }

    void reset() {
        liberators.values().forEach(each -> {
            for (Stage stage : Stage.values()) {
                each.reset(stage, null);
            }
        });
    }

    /** The series of one Liberator. */
    static final class OfLiberator {
        private final String name;
        private final Map<Stage, Map<Kind, Series>> series = new EnumMap<>(Stage.class);
        private final Map<Stage, AtomicReference<Reading>> together = new EnumMap<>(Stage.class);

        OfLiberator(String name) {
            this.name = name;
            for (Stage stage : Stage.values()) {
                Map<Kind, Series> kinds = new EnumMap<>(Kind.class);
                for (Kind kind : Kind.values()) {
                    kinds.put(kind, new Series());
                }
                series.put(stage, kinds);
                together.put(stage, new AtomicReference<>(Reading.NONE));
            }
        }

        String name() {
            return name;
        }

        Series series(Stage stage, Kind kind) {
            return Objects.requireNonNull(kinds(stage).get(kind));
        }

        private Map<Kind, Series> kinds(Stage stage) {
            return Objects.requireNonNull(series.get(stage));
        }

        private AtomicReference<Reading> together(Stage stage) {
            return Objects.requireNonNull(together.get(stage));
        }

        /** The kinds of which {@code stage} has been timed. */
        List<Kind> timedKinds(Stage stage) {
            return kinds(stage).entrySet().stream()
                    .filter(each -> each.getValue().isUsed())
                    .map(Map.Entry::getKey)
                    .toList();
        }

        /** Of one kind, or of all together for null; O(1), no lock. */
        Reading reading(Stage stage, @Nullable Kind kind) {
            return kind == null ? together(stage).get() : series(stage, kind).reading();
        }

        void refresh() {
            for (Stage stage : Stage.values()) {
                refresh(stage);
            }
        }

        void refresh(Stage stage) {
            Histogram window = new Histogram(Series.SIGNIFICANT_DIGITS);
            double collectorMillis = 0;
            double stoppedMillis = 0;
            long countTotal = 0;
            double sumMillisTotal = 0;
            for (Kind kind : timedKinds(stage)) {
                Series each = series(stage, kind);
                each.refresh();
                each.addWindow(window);
                collectorMillis += each.collectorMillis();
                stoppedMillis += each.stoppedMillis();
                countTotal += each.countTotal();
                sumMillisTotal += each.sumMillisTotal();
            }
            together(stage).set(Reading.of(window, collectorMillis, stoppedMillis, countTotal, sumMillisTotal));
        }

        void turn() {
            series.values().forEach(kinds -> kinds.values().forEach(Series::turn));
        }

        /** Forgets the times of one kind, or of all for null. */
        void reset(Stage stage, @Nullable Kind kind) {
            kinds(stage).forEach((each, times) -> {
                if (kind == null || kind == each) {
                    times.reset();
                }
            });
            refresh(stage);
        }
    }
}
