package io.sluice.console.sheet;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import java.util.List;

/**
 * The streams of a page as they were read last.
 *
 * @param query by which
 * @param rows the first ones
 * @param trouble what is wrong with the query; empty: nothing
 * @param detail the lines of the one that is looked at
 */
public record Streams(String query, List<Values> rows, String trouble, List<String> detail) {
    public static final Streams NONE = new Streams("", List.of(), "", List.of());

    private static final int MOST = 500;

    /**
     * The first that match.
     *
     * @throws Failure when there is no answer; a query that is no query is {@link #trouble}
     */
    public static Streams of(Appliance appliance, String query) throws Failure {
        try {
            Object listed = appliance.bean("Streams").invoke("list", query, 0, MOST);
            return new Streams(query, Values.records(listed), "", List.of());
        } catch (Failure refused) {
            if (refused.exit() != Exit.REFUSED) {
                throw refused;
            }
            return new Streams(query, List.of(), refused.getMessage(), List.of());
        }
    }

    /** The same, with one that is looked at in full. */
    public Streams with(List<String> lines) {
        return new Streams(query, rows, trouble, lines);
    }
}
