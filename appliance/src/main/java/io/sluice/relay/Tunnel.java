package io.sluice.relay;

import io.sluice.account.EndCause;
import io.sluice.account.StreamRecord;
import io.sluice.account.StreamRegistry;
import io.sluice.connect.Upstream;
import io.sluice.loop.Sent;
import io.sluice.loop.Wire;
import io.sluice.route.Route;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A spliced pair: bytes both ways, unseen. Direct connections, and WebSockets after their 101.
 *
 * <p>An orderly end of one direction is passed on and the other may go on (half-close); a loss on one side is
 * a reset on the other. Both sockets end together.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
public final class Tunnel implements StreamRecord.Ending {
    private final Arrival client;
    private final Upstream upstream;
    private final StreamRecord stream;
    private final StreamRegistry registry;
    private final Watch watch;
    private final Side clientSide;
    private final Side liberatorSide;
    private @Nullable EndCause firstEnd;
    private boolean over;

    /**
     * @param stream opened, its kind known
     */
    public Tunnel(Arrival client, Upstream upstream, StreamRecord stream, Route route, StreamRegistry registry) {
        this.client = client;
        this.upstream = upstream;
        this.stream = stream;
        this.registry = registry;
        this.watch = new Watch(client.wire(), stream, route, this::onStill);
        this.clientSide = new Side(client.wire(), upstream.wire(), false);
        this.liberatorSide = new Side(upstream.wire(), client.wire(), true);
    }

    /**
     * Starts relaying.
     *
     * @param early what the client sent before the Liberator was connected or had agreed; null when nothing
     */
    public void start(@Nullable ByteBuffer early) {
        client.wire().handler(clientSide);
        upstream.wire().handler(liberatorSide);
        stream.carriedBy(this);
        registry.relaying(stream);
        Sent sent = Sent.ALL;
        int earlyBytes = early == null ? 0 : early.remaining();
        ByteBuffer first = introduced(early);
        if (first.hasRemaining()) {
            int length = first.remaining();
            long now = client.wire().loop().turnNanos();
            if (earlyBytes > 0) {
                stream.fromClient(earlyBytes, now);
            }
            sent = upstream.wire().send(first);
            stream.toLiberator(length, upstream.wire().pendingBytes(), now);
        }
        if (sent == Sent.LOST) {
            clientSide.sinkLost();
            return;
        }
        if (client.wire().pendingBytes() == 0) {
            upstream.wire().resumeReading();
        } else {
            upstream.wire().pauseReading();
        }
        if (sent == Sent.ALL) {
            client.wire().resumeReading();
        } else {
            client.wire().pauseReading();
        }
        watch.arm();
    }

    /** What goes to the Liberator before anything else: who the client is if it wants to know, then what came early. */
    private ByteBuffer introduced(@Nullable ByteBuffer early) {
        int earlyBytes = early == null ? 0 : early.remaining();
        ByteBuffer first = ByteBuffer.allocate(upstream.introductionBytes() + earlyBytes);
        upstream.introduce(first);
        if (early != null) {
            first.put(early);
        }
        return first.flip();
    }

    @Override
    public void endFor(EndCause cause) {
        client.wire().loop().execute(() -> finish(cause));
    }

    private void onStill(EndCause cause) {
        if (cause == EndCause.CLIENT_STALLED || cause == EndCause.IDLE) {
            lose(cause);
        } else {
            finish(cause);
        }
    }

    /** Ends the pair in an orderly way. */
    private void finish(EndCause cause) {
        if (!over) {
            over = true;
            watch.cancel();
            upstream.close();
            client.close();
            registry.end(stream, cause);
        }
    }

    /** Ends the pair so that neither side can take it for an orderly end. */
    private void lose(EndCause cause) {
        if (!over) {
            over = true;
            watch.cancel();
            upstream.reset();
            client.reset();
            registry.end(stream, cause);
        }
    }

    /** One side and the direction that starts at it. */
    private final class Side implements Wire.Handler {
        private final Wire source;
        private final Wire sink;
        private final Pump pump;
        private final boolean fromLiberator;
        private boolean ended;

        Side(Wire source, Wire sink, boolean fromLiberator) {
            this.source = source;
            this.sink = sink;
            this.fromLiberator = fromLiberator;
            this.pump = new Pump(source, sink, stream, fromLiberator);
        }

        @Override
        public void onReadable() {
            switch (pump.run(null)) {
                case WAITING -> {}
                case BEHIND -> {
                    source.pauseReading();
                    watch.arm();
                }
                case SOURCE_ENDED -> sourceEnded();
                case SOURCE_LOST -> lose(fromLiberator ? EndCause.LIBERATOR_LOST : EndCause.CLIENT_LOST);
                case SINK_LOST -> sinkLost();
                case COMPLETE, SURPLUS, BROKEN -> throw new IllegalStateException("a tunnel follows no body");
            }
        }

        private void sourceEnded() {
            ended = true;
            source.pauseReading();
            sink.endOutput();
            if (firstEnd == null) {
                firstEnd = fromLiberator ? EndCause.LIBERATOR_CLOSED : EndCause.CLIENT_CLOSED;
            }
            boolean bothEnded = clientSide.ended && liberatorSide.ended;
            if (bothEnded && source.pendingBytes() == 0 && sink.pendingBytes() == 0) {
                finish(firstEnd);
            } else {
                watch.halfClosed(firstEnd);
            }
        }

        void sinkLost() {
            lose(fromLiberator ? EndCause.CLIENT_LOST : EndCause.LIBERATOR_LOST);
        }

        @Override
        public void onDraining() {
            (fromLiberator ? clientSide : liberatorSide).pump.sinkDrains();
        }

        /** This side's socket has taken what waited for it: the other side may be read again. */
        @Override
        public void onDrained() {
            Side other = fromLiberator ? clientSide : liberatorSide;
            if (!other.ended) {
                sink.resumeReading();
            } else if (ended && firstEnd != null) {
                finish(firstEnd);
            }
        }

        @Override
        public void onBroken(Throwable cause) {
            boolean ours = !(cause instanceof java.io.IOException);
            EndCause lost = fromLiberator ? EndCause.LIBERATOR_LOST : EndCause.CLIENT_LOST;
            lose(ours ? EndCause.APPLIANCE : Objects.requireNonNullElse(firstEnd, lost));
        }
    }
}
