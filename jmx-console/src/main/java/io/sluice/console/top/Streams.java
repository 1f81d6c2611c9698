package io.sluice.console.top;

import io.sluice.console.reach.Values;
import java.util.List;

/**
 * The streams of a page as they were read last.
 *
 * @param query by which
 * @param rows the first ones
 * @param count how many match
 * @param trouble what is wrong with the query; empty: nothing
 * @param detail the lines of the one that is looked at
 */
record Streams(String query, List<Values> rows, int count, String trouble, List<String> detail) {
    static final Streams NONE = new Streams("", List.of(), 0, "", List.of());
}
