package io.sluice.account;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * What happens to a stream, for a flight recording. Costs a look at a flag while none runs; holds no payload, path or
 * header value, as the log does not.
 */
@Category("Sluice")
@StackTrace(false)
abstract class StreamEvent extends Event {
    @Label("Stream")
    @Description("The stream's id, as in the log")
    String stream = "";

    @Label("Kind")
    String kind = "";

    @Label("Listener")
    String listener = "";

    @Label("Host")
    @Description("The host asked for; empty where there is none")
    String host = "";

    @Label("Liberator")
    String liberator = "";

    @Label("Client")
    @Description("Address and port of the client")
    String client = "";

    final void fill(StreamRecord record) {
        stream = Long.toHexString(record.id());
        kind = record.kind().label();
        listener = record.origin().listener();
        host = record.host();
        liberator = record.ledger().liberator();
        client = StreamLog.address(record.origin().client());
    }

    /** A stream was opened: its kind is known and its first bytes go out. */
    @Name("sluice.StreamOpen")
    @Label("Stream opened")
    static final class Open extends StreamEvent {
        @Label("Connected in")
        @Description("Time to connect to the Liberator; 0 on a connection that was there already")
        @Timespan(Timespan.MICROSECONDS)
        long connectMicros;

        static void commit(StreamRecord record) {
            Open event = new Open();
            if (event.isEnabled()) {
                event.fill(record);
                event.connectMicros = record.connectMicros();
                event.commit();
            }
        }
    }

    /** A stream ended. */
    @Name("sluice.StreamEnd")
    @Label("Stream ended")
    static final class End extends StreamEvent {
        @Label("Cause")
        String cause = "";

        @Label("Phase")
        String phase = "";

        @Label("Closed first by")
        String closedBy = "";

        @Label("Open for")
        @Timespan(Timespan.NANOSECONDS)
        long openNanos;

        @Label("From client")
        @DataAmount
        long fromClientBytes;

        @Label("To client")
        @DataAmount
        long toClientBytes;

        static void commit(StreamRecord record, EndCause why) {
            End event = new End();
            if (event.isEnabled()) {
                event.fill(record);
                event.cause = why.label();
                event.phase = record.phase().label();
                event.closedBy = why.closer().label();
                event.openNanos = System.nanoTime() - record.openedNanos();
                event.fromClientBytes = record.fromClientBytes();
                event.toClientBytes = record.toClientBytes();
                event.commit();
            }
        }
    }

    /** A client has been behind for {@code slowClientAfter}. */
    @Name("sluice.Backlog")
    @Label("Client behind")
    static final class Behind extends StreamEvent {
        @Label("Behind")
        @DataAmount
        int behindBytes;

        @Label("Behind for")
        @Timespan(Timespan.NANOSECONDS)
        long behindNanos;

        static void commit(StreamRecord record, long nowNanos) {
            Behind event = new Behind();
            if (event.isEnabled()) {
                event.fill(record);
                Backlog backlog = record.clientBacklog();
                event.behindBytes = backlog == null ? 0 : backlog.bytes();
                event.behindNanos = Flow.behindNanos(record, nowNanos);
                event.commit();
            }
        }
    }

    /** A stream has been silent both ways for {@code stalledStreamAfter}. */
    @Name("sluice.Stall")
    @Label("Stream stalled")
    static final class Stall extends StreamEvent {
        @Label("Silent for")
        @Timespan(Timespan.NANOSECONDS)
        long quietNanos;

        static void commit(StreamRecord record, long nowNanos) {
            Stall event = new Stall();
            if (event.isEnabled()) {
                event.fill(record);
                event.quietNanos = Flow.quietNanos(record, nowNanos);
                event.commit();
            }
        }
    }
}
