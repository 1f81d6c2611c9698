package io.sluice.account;

import java.util.ArrayList;
import java.util.List;

/**
 * How many streams had ended at one moment, for each cause in each phase.
 *
 * @param cells those that are not 0, in the order of causes and phases
 */
public record EndCounts(List<Cell> cells) {
    static final EndCounts NONE = new EndCounts(List.of());

    /** {@code total} streams ended for {@code cause} in {@code phase}. */
    public record Cell(EndCause cause, Phase phase, long total) {}

    /** How many ended for {@code cause} in {@code phase}. */
    @FunctionalInterface
    interface Source {
        long of(EndCause cause, Phase phase);
    }

    static EndCounts of(Source source) {
        List<Cell> cells = new ArrayList<>();
        for (EndCause cause : EndCause.values()) {
            for (Phase phase : Phase.values()) {
                long total = source.of(cause, phase);
                if (total != 0) {
                    cells.add(new Cell(cause, phase, total));
                }
            }
        }
        return new EndCounts(List.copyOf(cells));
    }

    public long of(EndCause cause, Phase phase) {
        return cells.stream()
                .filter(each -> each.cause == cause && each.phase == phase)
                .mapToLong(Cell::total)
                .sum();
    }

    /** How many of them one side closed first. */
    public long closedBy(Closer side) {
        return cells.stream()
                .filter(each -> each.cause.closer() == side)
                .mapToLong(Cell::total)
                .sum();
    }

    /** What came since {@code earlier}. */
    public EndCounts since(EndCounts earlier) {
        return of((cause, phase) -> of(cause, phase) - earlier.of(cause, phase));
    }
}
