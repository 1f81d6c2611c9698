package io.sluice.manage;

import io.sluice.account.RefusalLedger;
import java.time.Duration;
import java.time.Instant;

/** What was refused, as a table for eyes: each reason given so far, how often, how long ago it was last. */
final class RefusalTable {
    private RefusalTable() {}

    static String[] lines(RefusalLedger refusals) {
        Instant now = Instant.now();
        TextTable table = new TextTable("<>>>", "reason", "status", "total", "ago");
        refusals.given().forEach((reason, count) -> {
            Instant last = refusals.lastAt(reason);
            table.row(
                    reason.label(),
                    reason.status() == 0 ? "-" : reason.status(),
                    count,
                    last == null ? "-" : TextTable.time(Duration.between(last, now)));
        });
        return table.lines();
    }
}
