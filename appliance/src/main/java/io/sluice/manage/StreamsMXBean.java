package io.sluice.manage;

import org.jspecify.annotations.Nullable;

/** {@code sluice:type=Streams}. */
@Description("The streams that are open now, requests under way included: list them, find the slow ones, end some.")
public interface StreamsMXBean {
    @Description("Streams of all kinds open now, requests under way included.")
    @Unit("streams")
    int getActive();

    @Description("Streams of all kinds opened since the start, requests included; one counts when its kind is known.")
    @Unit("streams")
    long getOpenedTotal();

    @Description(
            "Notifications of this MBean that were dropped, because more than 100 a second came or nobody took them.")
    @Unit("notifications")
    long getNotificationsDroppedTotal();

    @Description("How many open streams match a query.")
    int count(
            @Nullable
                    @Parameter(
                            name = "query",
                            description = "terms such as kind=websocket idle>5m; empty for all; see queryHelp")
                    String query);

    @Description("Open streams as records, for programs, the oldest first unless the query sorts.")
    StreamRow[] list(
            @Nullable
                    @Parameter(
                            name = "query",
                            description = "terms such as kind=websocket idle>5m; empty for all; see queryHelp")
                    String query,
            @Parameter(name = "offset", description = "how many streams to skip, 0 or more") int offset,
            @Parameter(name = "limit", description = "how many streams at most, 1 to 20000; 0 for 100") int limit);

    @Description("What a query may say.")
    String[] queryHelp();

    @Description("Everything known of one open stream, a line for each figure.")
    String[] show(@Nullable @Parameter(name = "id", description = "the id of a stream, as in the log") String id);

    @Description(
            "The streams whose clients are furthest behind, as lines: bytes that wait for the client, and the age of"
                    + " the oldest. What the kernel holds (socketSendBuffer at most) comes on top.")
    String[] slowest(
            @Parameter(name = "limit", description = "how many streams at most, 1 to 20000; 0 for 100") int limit);

    @Description("Open streams as lines, for reading, the oldest first unless the query sorts.")
    String[] table(
            @Nullable
                    @Parameter(
                            name = "query",
                            description = "terms such as kind=websocket idle>5m; empty for all; see queryHelp")
                    String query,
            @Parameter(name = "offset", description = "how many streams to skip, 0 or more") int offset,
            @Parameter(name = "limit", description = "how many streams at most, 1 to 20000; 0 for 100") int limit);

    @Action
    @Description("Ends one stream at once, both its sockets; a response under way is cut off, never made to look"
            + " complete.")
    String kill(
            @Nullable @Parameter(name = "id", description = "the id of a stream, as in the log") String id,
            @Parameter(name = "dryRun", description = "true: only says what would be ended") boolean dryRun);

    @Action
    @Description("Ends all streams of a client or a network at once. The client may connect again.")
    String killClient(
            @Nullable
                    @Parameter(name = "client", description = "an address or a network, as in 192.0.2.7 or 10.1.0.0/16")
                    String client,
            @Parameter(name = "dryRun", description = "true: only says how many would be ended") boolean dryRun);

    @Action
    @Description("Ends all streams of a Liberator at once. New ones may come; to take it out of service, drain it.")
    String killLiberator(
            @Nullable @Parameter(name = "liberator", description = "the name of a Liberator") String liberator,
            @Parameter(name = "dryRun", description = "true: only says how many would be ended") boolean dryRun);
}
