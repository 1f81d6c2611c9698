package io.sluice.manage;

import io.sluice.account.Accounts;
import io.sluice.account.StreamRecord;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** The open streams, a page at a time. */
final class StreamsBean implements StreamsMXBean {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MOST = 1000;

    private final Accounts accounts;

    StreamsBean(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public int getActive() {
        return accounts.streams().active();
    }

    @Override
    public long getOpenedTotal() {
        return accounts.liberators().stream().mapToLong(Totals::opened).sum();
    }

    @Override
    public StreamRow[] list(int offset, int limit) {
        return page(offset, limit).toArray(StreamRow[]::new);
    }

    @Override
    public String[] table(int offset, int limit) {
        TextTable table = new TextTable("<<<<>>", "id", "kind", "liberator", "client", "open", "sent");
        page(offset, limit)
                .forEach(row -> table.row(
                        row.getId(),
                        row.getKind(),
                        row.getLiberator(),
                        row.address(),
                        TextTable.time(Duration.ofMillis(row.getOpenMillis())),
                        TextTable.bytes(row.getToClientBytes())));
        return table.lines();
    }

    private Stream<StreamRow> page(int offset, int limit) {
        if (offset < 0) {
            throw new IllegalArgumentException("offset is " + offset + " (expected 0 or more)");
        }
        if (limit < 0 || limit > MOST) {
            throw new IllegalArgumentException(
                    "limit is " + limit + " (expected 1 to " + MOST + ", or 0 for " + DEFAULT_LIMIT + ")");
        }
        return accounts.streams().streams().stream()
                .sorted(Comparator.comparingLong(StreamRecord::id))
                .skip(offset)
                .limit(limit == 0 ? DEFAULT_LIMIT : limit)
                .map(StreamRow::new);
    }
}
