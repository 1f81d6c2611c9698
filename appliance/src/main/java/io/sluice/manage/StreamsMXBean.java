package io.sluice.manage;

/** {@code sluice:type=Streams}. */
@Description("The streams that are open now, requests under way included.")
public interface StreamsMXBean {
    @Description("Streams of all kinds open now, requests under way included.")
    @Unit("streams")
    int getActive();

    @Description("Streams of all kinds opened since the start, requests included.")
    @Unit("streams")
    long getOpenedTotal();

    @Description("Open streams as records, oldest first, for programs.")
    StreamRow[] list(
            @Parameter(name = "offset", description = "how many streams to skip, 0 or more") int offset,
            @Parameter(name = "limit", description = "how many streams at most, 1 to 1000; 0 for 100") int limit);

    @Description("Open streams as lines, oldest first, for reading: age, and bytes sent to the client.")
    String[] table(
            @Parameter(name = "offset", description = "how many streams to skip, 0 or more") int offset,
            @Parameter(name = "limit", description = "how many streams at most, 1 to 1000; 0 for 100") int limit);
}
