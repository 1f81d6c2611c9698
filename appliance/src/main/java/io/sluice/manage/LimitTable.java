package io.sluice.manage;

import io.sluice.account.Occurrences;
import io.sluice.account.Refusal;
import io.sluice.account.RefusalLedger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Limits as a table for eyes: what is configured, how often it took effect, and when last. */
final class LimitTable {
    private final TextTable table = new TextTable("<>>>", "limit", "value", "hits", "last hit");

    /** A limit above which is refused for {@code reason}. */
    LimitTable row(String limit, Object value, RefusalLedger refusals, Refusal reason) {
        return row(limit, value, refusals.count(reason), refusals.lastAt(reason));
    }

    LimitTable row(String limit, Object value, Occurrences hits) {
        return row(limit, value, hits.total(), hits.lastAt());
    }

    LimitTable row(String limit, Object value, long hits, @Nullable Instant lastAt) {
        table.row(limit, value, hits, lastAt == null ? "-" : lastAt.truncatedTo(ChronoUnit.SECONDS));
        return this;
    }

    String[] lines() {
        return table.lines();
    }
}
