package io.sluice.agent;

import io.sluice.account.Kind;
import io.sluice.account.Ledger;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * All series, by Liberator, stage and kind. A series is made when its first time is recorded and stays.
 *
 * <p><b>Threading:</b> any thread. {@link #record} finds what it needs in a book of the calling thread alone; only its
 * first time of each series touches what threads share.
 */
final class Figures {
    private static final int STAGES = Stage.values().length;
    private static final int KINDS = Kind.values().length;

    private final Map<Ledger, OfLiberator> liberators = new ConcurrentHashMap<>();
    private final AtomicInteger begun = new AtomicInteger();

    /** By Liberator the calling thread's own tallies, each at {@link #at}. */
    private final ThreadLocal<Map<Ledger, @Nullable Tally[]>> books = ThreadLocal.withInitial(IdentityHashMap::new);

    @SuppressWarnings("EnumOrdinal") // within this process only, and an EnumMap for each message would cost more
    private static int at(Stage stage, Kind kind) {
        return stage.ordinal() * KINDS + kind.ordinal();
    }

    /** Records a time at {@code ledger}'s Liberator. */
    void record(Ledger ledger, Stage stage, Kind kind, long nanos) {
        @Nullable Tally[] page = books.get().get(ledger);
        Tally tally = page == null ? null : page[at(stage, kind)];
        if (tally == null) {
            tally = begun(ledger, stage, kind);
        }
        tally.record(nanos);
    }

    private Tally begun(Ledger ledger, Stage stage, Kind kind) {
        Tally tally = series(ledger, stage, kind).begun();
        books.get().computeIfAbsent(ledger, each -> new @Nullable Tally[STAGES * KINDS])[at(stage, kind)] = tally;
        begun.incrementAndGet();
        return tally;
    }

    /** The series that a time at {@code ledger}'s Liberator belongs to. */
    Series series(Ledger ledger, Stage stage, Kind kind) {
        return liberators
                .computeIfAbsent(ledger, each -> new OfLiberator(each.liberator()))
                .series(stage, kind);
    }

    Collection<OfLiberator> liberators() {
        return liberators.values();
    }

    /** Grows when a series may have appeared. */
    int begun() {
        return begun.get();
    }

    /** Has everybody see the figures of this moment. */
    void refresh() {
        liberators.values().forEach(each -> {
            for (Stage stage : Stage.values()) {
                each.refresh(stage);
            }
        });
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
        private final Series[] series = new Series[STAGES * KINDS];
        private final Map<Stage, Display> together = new EnumMap<>(Stage.class);

        OfLiberator(String name) {
            this.name = name;
            Arrays.setAll(series, each -> new Series());
            for (Stage stage : Stage.values()) {
                together.put(stage, new Display(() -> reading(stage)));
            }
        }

        String name() {
            return name;
        }

        Series series(Stage stage, Kind kind) {
            return series[at(stage, kind)];
        }

        /** The kinds of which {@code stage} has been timed. */
        List<Kind> timedKinds(Stage stage) {
            return Arrays.stream(Kind.values())
                    .filter(each -> series(stage, each).isUsed())
                    .toList();
        }

        private Reading reading(Stage stage) {
            Counts window = Counts.NONE;
            Counts sinceReset = Counts.NONE;
            for (Kind kind : timedKinds(stage)) {
                Series each = series(stage, kind);
                window = window.plus(each.window());
                sinceReset = sinceReset.plus(each.sinceReset());
            }
            return Reading.of(window, sinceReset);
        }

        private Display display(Stage stage, @Nullable Kind kind) {
            return kind == null
                    ? Objects.requireNonNull(together.get(stage))
                    : series(stage, kind).display();
        }

        /** Of one kind, or of all together for null; at most a second old. */
        Reading reading(Stage stage, @Nullable Kind kind) {
            return display(stage, kind).reading();
        }

        /** Has everybody see the figures of this moment. */
        void refresh(Stage stage) {
            timedKinds(stage).forEach(kind -> display(stage, kind).refreshed());
            display(stage, null).refreshed();
        }

        private void turn() {
            for (Series each : series) {
                if (each.isUsed()) {
                    each.turn();
                }
            }
        }

        /** Forgets the times of one kind, or of all for null. */
        void reset(Stage stage, @Nullable Kind kind) {
            for (Kind each : timedKinds(stage)) {
                if (kind == null || kind == each) {
                    series(stage, each).reset();
                }
            }
            refresh(stage);
        }
    }
}
