package io.sluice.agent;

import io.sluice.account.EndCause;
import io.sluice.account.StreamRecord;
import io.sluice.agent.flight.Flight;
import io.sluice.loop.Wire;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the probe sees into figures, traces and events, as long as the agent is on.
 *
 * <p><b>Threading:</b> the loops; {@link #sweep} from the agent's thread.
 *
 * <p><b>Cost:</b> a message costs two readings of the clock and a count in a tally of its loop's own; no lock, nothing
 * that another processor must see at once, no object, unless it is slow, waits, or JFR records.
 */
final class Observer {
    private final Figures figures;
    private final Traces traces;
    private final Pauses pauses;
    private final Flight flight = new Flight();
    private final Connections connections = new Connections();
    private final Exchanges exchanges = new Exchanges(connections, flight::streamBegins, this::settled);
    private final Waits waits = new Waits(this::waited);
    private volatile long slowNanos;
    private volatile int sampleOneIn;
    private volatile @Nullable Spans spans;
    private volatile int spansOneIn;
    private volatile boolean createsTraceparent;

    /**
     * @param spans null for none
     */
    Observer(Figures figures, Traces traces, Pauses pauses, Options options, @Nullable Spans spans) {
        this.figures = figures;
        this.traces = traces;
        this.pauses = pauses;
        options(options, spans);
    }

    void options(Options options, @Nullable Spans nextSpans) {
        slowNanos = options.slowNanos() == 0 ? Long.MAX_VALUE : options.slowNanos();
        sampleOneIn = options.level() == Level.TRACE ? options.sampleOneIn() : 0;
        exchanges.keep(options.level() == Level.TRACE || nextSpans != null);
        spansOneIn = options.spansOneIn();
        createsTraceparent = options.createsTraceparent();
        spans = nextSpans;
        flight.on(options.jfr());
    }

    Connections connections() {
        return connections;
    }

    Exchanges exchanges() {
        return exchanges;
    }

    Waits waits() {
        return waits;
    }

    Flight flight() {
        return flight;
    }

    void passed(StreamRecord stream, Wire sink, boolean toClient, int bytes, long readNanos, @Nullable Object event) {
        if (readNanos == 0) {
            return;
        }
        long now = System.nanoTime();
        record(stream, toClient ? Stage.TO_CLIENT : Stage.TO_LIBERATOR, readNanos, now);
        if (event != null) {
            flight.transitEnds(event, stream, toClient, bytes);
        }
        long transit = now - readNanos;
        int pending = sink.pendingBytes();
        if (pending > 0) {
            waits.begins(new Waits.Wait(stream, sink, toClient, bytes, pending, transit, now, flight.waitBegins()));
        } else if (isWorthALine(transit)) {
            message(stream, toClient, bytes, readNanos, transit, 0);
        }
    }

    void answered(Journey journey, Wire client) {
        long now = System.nanoTime();
        journey.answeredNanos = now;
        settled(journey);
        int pending = client.pendingBytes();
        if (pending > 0) {
            long transit = Math.max(0, journey.nanos(Stage.FIRST_BYTE));
            waits.begins(
                    new Waits.Wait(journey.stream, client, true, pending, pending, transit, now, flight.waitBegins()));
        }
    }

    /** A request stands in {@code out} from {@code start} on, about to be sent: reads, or adds, its traceparent. */
    void requestWritten(ByteBuffer out, int start) {
        if (spans == null) {
            return;
        }
        Journey journey = exchanges.takeConnected();
        if (journey == null) {
            return;
        }
        TraceContext.Reading read = TraceContext.read(out, start);
        TraceContext context = read.context() == null ? begin() : read.context();
        if (read.found() == TraceContext.Found.NONE && createsTraceparent) {
            context.addTo(out);
        }
        journey.context = context;
    }

    private TraceContext begin() {
        int oneIn = spansOneIn;
        return TraceContext.begin(oneIn <= 1 || ThreadLocalRandom.current().nextInt(oneIn) == 0);
    }

    void ended(StreamRecord stream, EndCause cause) {
        Journey journey = exchanges.ended(stream);
        Spans to = spans;
        if (to != null && journey != null && journey.context != null && journey.context.sampled()) {
            to.ended(journey, cause);
        }
        waits.ended(stream, cause != EndCause.COMPLETED);
    }

    void sweep() {
        connections.sweep();
        exchanges.sweep();
        waits.sweep();
    }

    private void settled(Journey journey) {
        StreamRecord stream = journey.stream;
        for (Stage stage : Stage.values()) {
            long nanos = journey.nanos(stage);
            if (nanos >= 0) {
                long end = journey.endNanos(stage);
                record(stream, stage, end - nanos, end);
            }
        }
        if (journey.event != null) {
            flight.streamEnds(journey.event, stream, stage -> journey.nanos(Stage.valueOf(stage)));
        }
        Spans to = spans;
        if (to != null) {
            TraceContext context = journey.context;
            if (context == null) {
                context = begin();
                journey.context = context;
            }
            if (context.sampled()) {
                to.opened(journey);
            }
        }
        long total = journey.totalNanos();
        if (isWorthALine(total) && traces.mayOffer()) {
            trace("stream", stream, null, stream.toClientBytes(), journey.startNanos(), total, -1, -1, journey);
        }
    }

    private void waited(Waits.Wait wait, Long nanos) {
        StreamRecord stream = wait.stream();
        Stage stage = wait.toClient() ? Stage.CLIENT_WAIT : Stage.LIBERATOR_WAIT;
        record(stream, stage, wait.sinceNanos(), wait.sinceNanos() + nanos);
        if (wait.event() != null) {
            flight.waitEnds(wait.event(), stream, wait.toClient(), wait.pendingBytes());
        }
        long start = wait.sinceNanos() - wait.transitNanos();
        if (isWorthALine(wait.transitNanos() + nanos)) {
            message(stream, wait.toClient(), wait.bytes(), start, wait.transitNanos(), nanos);
        }
    }

    private void record(StreamRecord stream, Stage stage, long startNanos, long endNanos) {
        long nanos = endNanos - startNanos;
        figures.record(stream.ledger(), stage, stream.kind(), nanos);
        if (nanos >= Pauses.WORTH_ASKING_NANOS) {
            pauses.ask(figures.series(stream.ledger(), stage, stream.kind()), startNanos, endNanos);
        }
    }

    private boolean isWorthALine(long nanos) {
        if (nanos >= slowNanos) {
            return true;
        }
        int oneIn = sampleOneIn;
        return oneIn > 0 && ThreadLocalRandom.current().nextInt(oneIn) == 0;
    }

    private void message(
            StreamRecord stream, boolean toClient, int bytes, long startNanos, long transitNanos, long waitNanos) {
        if (traces.mayOffer()) {
            long total = transitNanos + waitNanos;
            trace(
                    "message",
                    stream,
                    toClient,
                    bytes,
                    startNanos,
                    total,
                    transitNanos,
                    waitNanos,
                    exchanges.kept(stream));
        }
    }

    private void trace(
            String what,
            StreamRecord stream,
            @Nullable Boolean toClient,
            long bytes,
            long startNanos,
            long totalNanos,
            long transitNanos,
            long waitNanos,
            @Nullable Journey journey) {
        traces.offer(new Trace(
                Instant.now(),
                what,
                totalNanos >= slowNanos,
                Long.toHexString(stream.id()),
                stream.ledger().liberator(),
                stream.kind().label(),
                toClient,
                bytes,
                Thread.currentThread().getName(),
                startNanos,
                totalNanos,
                transitNanos,
                waitNanos,
                journey));
    }
}
