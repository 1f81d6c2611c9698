package io.sluice.agent.flight;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** {@code sluice.Wait}. Fields are written by its stream's loop before it is committed. */
@Name("sluice.Wait")
@Label("Wait for a full socket")
@Description("Bytes that waited because a socket was full.")
@Category({"Sluice", "Latency"})
@StackTrace(false)
@Threshold("10 ms")
final class WaitEvent extends Event {
    @Label("Stream")
    @Nullable
    String stream;

    @Label("Liberator")
    @Nullable
    String liberator;

    @Label("Kind")
    @Nullable
    String kind;

    @Label("For client")
    boolean forClient;

    @Label("Bytes")
    @DataAmount
    int bytes;
}
