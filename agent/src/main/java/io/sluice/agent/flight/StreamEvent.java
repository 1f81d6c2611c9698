package io.sluice.agent.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** {@code sluice.Stream}. Fields are written by its stream's loop before it is committed. */
@Name("sluice.Stream")
@Label("Opening of a stream")
@Description("From the chosen route to the first bytes at the client; the stages with their times, -1 for none.")
@Category({"Sluice", "Latency"})
@StackTrace(false)
@Threshold("20 ms")
final class StreamEvent extends Event {
    @Label("Stream")
    @Nullable
    String stream;

    @Label("Liberator")
    @Nullable
    String liberator;

    @Label("Kind")
    @Nullable
    String kind;

    @Label("Accept")
    @Timespan(Timespan.NANOSECONDS)
    long accept;

    @Label("TLS handshake")
    @Timespan(Timespan.NANOSECONDS)
    long tls;

    @Label("Request head")
    @Timespan(Timespan.NANOSECONDS)
    long head;

    @Label("Route")
    @Timespan(Timespan.NANOSECONDS)
    long route;

    @Label("Connect")
    @Timespan(Timespan.NANOSECONDS)
    long connect;

    @Label("Response head")
    @Timespan(Timespan.NANOSECONDS)
    long upstreamHead;

    @Label("First byte")
    @Timespan(Timespan.NANOSECONDS)
    long firstByte;
}
