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

/** {@code sluice.Transit}. Fields are written by its stream's loop before it is committed. */
@Name("sluice.Transit")
@Label("Message transit")
@Description("A message: read from one side to given to the other's socket.")
@Category({"Sluice", "Latency"})
@StackTrace(false)
@Threshold("1 ms")
final class TransitEvent extends Event {
    @Label("Stream")
    @Nullable
    String stream;

    @Label("Liberator")
    @Nullable
    String liberator;

    @Label("Kind")
    @Nullable
    String kind;

    @Label("To client")
    boolean toClient;

    @Label("Bytes")
    @DataAmount
    int bytes;
}
