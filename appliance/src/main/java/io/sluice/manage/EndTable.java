package io.sluice.manage;

import io.sluice.account.EndCause;
import io.sluice.account.EndCounts;
import io.sluice.account.EndHistory;
import io.sluice.account.Ledger;
import io.sluice.config.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Ends of streams as lines: cause, phase, who closed first, how many. */
final class EndTable {
    private EndTable() {}

    static String[] lines(EndCounts ends) {
        TextTable table = new TextTable("<<<>", "cause", "phase", "closed by", "total");
        for (EndCounts.Cell each : ends.cells()) {
            EndCause cause = each.cause();
            table.row(cause.label(), each.phase().label(), cause.closer().label(), each.total());
        }
        return table.lines();
    }

    /**
     * Since a time in the past, below a line that says from when on it really counts.
     *
     * @param text {@code 15m} or an instant
     * @throws IllegalArgumentException when it is neither, or not in the past
     */
    static String[] since(Ledger ledger, @Nullable String text, Instant now) {
        EndHistory.Look from = ledger.endHistory().at(time(text == null ? "" : text.strip(), now));
        String[] lines = lines(ledger.ends().since(from.counts()));
        String[] all = new String[lines.length + 1];
        all[0] = "from " + TextTable.instant(from.at());
        System.arraycopy(lines, 0, all, 1, lines.length);
        return all;
    }

    private static Instant time(String text, Instant now) {
        Duration ago = Quantity.duration(text);
        Instant time = ago == null ? instant(text) : now.minus(ago);
        if (time == null || time.isAfter(now)) {
            throw new IllegalArgumentException("since is '" + text + "' (expected a time ago, as in 15m or 2h, or an"
                    + " instant in the past, as in 2026-11-23T10:15:00Z)");
        }
        return time;
    }

    private static @Nullable Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException neither) {
            return null;
        }
    }
}
