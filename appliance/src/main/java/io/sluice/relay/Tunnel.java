package io.sluice.relay;

import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import io.sluice.account.StreamRecord;
import io.sluice.account.StreamRegistry;
import io.sluice.connect.Upstream;
import io.sluice.loop.Deadline;
import io.sluice.loop.Sent;
import io.sluice.loop.Wire;
import io.sluice.route.Route;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A pair whose bytes pass both ways as they come: Direct connections, TLS passed through, and WebSockets after their
 * 101.
 *
 * <p>An orderly end of one direction is passed on and the other may go on (half-close); a loss on one side is
 * a reset on the other. Both sockets end together.
 *
 * <p>When the end is our own decision, whatever the reason, there is one rule ({@link #finish}): a side sees an orderly
 * end where what it was sent stands between two lines or frames, and a reset in the middle of one or while bytes wait
 * for it.
 *
 * <p>Where messages end is followed in passing, so that a stream can be ended politely between two of them: a WebSocket
 * with a close frame (RFC 6455 §7.4.1, 1001), a Direct connection with its end after a line. What the client still says
 * is passed on until it, too, has ended; what the Liberator still says is thrown away.
 *
 * <p>What is sealed, TLS passed through, shows no message and no end of one: it goes on until it has to end at once,
 * always in the middle. Its proper end is a close_notify (RFC 8446 §6.1), which only its two ends can make.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
public final class Tunnel implements StreamRecord.Ending {
    /** Close, two bytes of payload: 1001, "going away". */
    private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 1001 >> 8, (byte) 1001};

    private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Arrival client;
    private final Upstream upstream;
    private final StreamRecord stream;
    private final StreamRegistry registry;
    private final Watch watch;
    private final Side clientSide;
    private final Side liberatorSide;
    private @Nullable EndCause firstEnd;
    private @Nullable EndCause leaving;
    private @Nullable Deadline farewell;
    private boolean over;

    /**
     * @param stream opened, its kind known
     */
    public Tunnel(Arrival client, Upstream upstream, StreamRecord stream, Route route, StreamRegistry registry) {
        this.client = client;
        this.upstream = upstream;
        this.stream = stream;
        this.registry = registry;
        this.watch = new Watch(client.wire(), stream, route, this::finish);
        this.clientSide = new Side(client.wire(), upstream.wire(), false);
        this.liberatorSide = new Side(upstream.wire(), client.wire(), true);
    }

    /** What shows where messages end in one direction; null where nothing can. */
    private @Nullable Follower follower() {
        if (isSealed()) {
            return null;
        }
        return stream.kind() == Kind.WEBSOCKET ? new FrameFollower() : new LineFollower();
    }

    private boolean isSealed() {
        return stream.kind().isSealed();
    }

    /** {@code bytes}, which the Liberator sent with its handshake, have been passed on already. */
    void passedOn(ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            liberatorSide.follow(bytes);
        }
    }

    /**
     * Starts relaying.
     *
     * @param early what the client sent before the Liberator was connected or had agreed
     */
    public void start(ByteBuffer early) {
        client.wire().handler(clientSide);
        upstream.wire().handler(liberatorSide);
        stream.carriedBy(this);
        registry.relaying(stream);
        Sent sent = sendFirst(early);
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
    private Sent sendFirst(ByteBuffer early) {
        int length = upstream.introductionBytes() + early.remaining();
        if (length == 0) {
            return Sent.ALL;
        }
        long now = client.wire().loop().turnNanos();
        if (early.hasRemaining()) {
            clientSide.follow(early);
            stream.fromClient(early.remaining(), now);
        }
        ByteBuffer first = ByteBuffer.allocate(length);
        upstream.introduce(first);
        Sent sent = upstream.wire().send(first.put(early).flip());
        stream.toLiberator(length, upstream.wire().pendingBytes(), now);
        return sent;
    }

    @Override
    public void endFor(StreamRecord asked, EndCause cause) {
        client.wire().loop().execute(() -> finish(cause));
    }

    @Override
    public void endPolitely(StreamRecord asked, EndCause cause) {
        client.wire().loop().execute(() -> leave(cause));
    }

    private void leave(EndCause cause) {
        if (over || leaving != null || isSealed()) {
            return;
        }
        leaving = cause;
        if (liberatorSide.ended) {
            finish(cause);
        } else if (Objects.requireNonNull(liberatorSide.follower).stopAtBoundary()) {
            sayGoodbye(cause);
        }
    }

    /** The client has whole messages: it is told that there are no more. */
    private void sayGoodbye(EndCause cause) {
        Wire wire = client.wire();
        if (stream.kind() == Kind.WEBSOCKET) {
            if (wire.send(ByteBuffer.wrap(GOING_AWAY)) == Sent.LOST) {
                lose(EndCause.CLIENT_LOST);
                return;
            }
            stream.toClient(GOING_AWAY.length, wire.pendingBytes(), wire.loop().turnNanos());
        } else {
            wire.endOutput();
        }
        upstream.wire().resumeReading();
        Deadline last = new Deadline() {
            @Override
            protected void onDeadline() {
                if (wire.pendingBytes() > 0) {
                    wire.loop().arm(this, FAREWELL_NANOS);
                } else {
                    finish(cause);
                }
            }
        };
        farewell = last;
        wire.loop().arm(last, FAREWELL_NANOS);
        watch.arm();
        part();
    }

    /** After the goodbye: over when a side has ended and both have what waits for them. */
    private void part() {
        boolean ended = clientSide.ended || liberatorSide.ended;
        if (ended && client.wire().pendingBytes() == 0 && upstream.wire().pendingBytes() == 0) {
            finish(Objects.requireNonNull(leaving));
        }
    }

    @Override
    public int fromClientMessages() {
        return clientSide.messages();
    }

    @Override
    public int toClientMessages() {
        return liberatorSide.messages();
    }

    /**
     * Ends the pair by our own decision, or because both sides have ended: each side in an orderly way, unless it could
     * take a part of what it was to be sent for the whole.
     */
    private void finish(EndCause cause) {
        if (over) {
            return;
        }
        over = true;
        if (farewell != null && client.wire().pendingBytes() == 0) {
            stream.endsProperly();
        }
        cancelDeadlines();
        if (clientSide.mayEndHere()) {
            upstream.close();
        } else {
            upstream.reset();
        }
        if (liberatorSide.mayEndHere()) {
            client.close();
        } else {
            client.reset();
        }
        registry.end(stream, cause);
    }

    /**
     * Ends the pair because a side was lost, or our own code failed: neither can take it for an orderly end, unless the
     * client has been shown one.
     */
    private void lose(EndCause cause) {
        if (farewell != null && client.wire().pendingBytes() == 0) {
            finish(Objects.requireNonNull(leaving));
        } else if (!over) {
            over = true;
            cancelDeadlines();
            upstream.reset();
            client.reset();
            registry.end(stream, cause);
        }
    }

    private void cancelDeadlines() {
        watch.cancel();
        if (farewell != null) {
            farewell.cancel();
        }
    }

    /** One side and the direction that starts at it. */
    private final class Side implements Wire.Handler {
        private final Wire source;
        private final Wire sink;
        private final Pump pump;
        private final @Nullable Follower follower;
        private final boolean fromLiberator;
        private boolean ended;

        Side(Wire source, Wire sink, boolean fromLiberator) {
            this.follower = follower();
            this.source = source;
            this.sink = sink;
            this.fromLiberator = fromLiberator;
            this.pump = new Pump(source, sink, stream, fromLiberator);
        }

        @Override
        public void onReadable() {
            if (fromLiberator && farewell != null) {
                throwAway();
                return;
            }
            switch (pump.run(follower)) {
                case WAITING -> {}
                case BEHIND -> {
                    source.pauseReading();
                    watch.arm();
                }
                case SOURCE_ENDED -> sourceEnded();
                case SOURCE_LOST -> lose(fromLiberator ? EndCause.LIBERATOR_LOST : EndCause.CLIENT_LOST);
                case SINK_LOST -> sinkLost();
                case COMPLETE, SURPLUS -> sayGoodbye(Objects.requireNonNull(leaving));
                case BROKEN -> throw new IllegalStateException("a tunnel refuses nothing");
            }
        }

        private void throwAway() {
            if (source.read(source.loop().readBuffer()) < 0) {
                ended = true;
                source.pauseReading();
                part();
            }
        }

        void follow(ByteBuffer bytes) {
            if (follower != null) {
                follower.follow(bytes);
            }
        }

        /**
         * Whether the direction may end where it stands: its source has ended it, or it is at a boundary. What waits
         * for the sink is another matter, which its wire sees to.
         */
        boolean mayEndHere() {
            return ended || (follower != null && follower.stopAtBoundary());
        }

        int messages() {
            return follower == null ? Follower.UNSEEN : follower.messages();
        }

        private void sourceEnded() {
            ended = true;
            source.pauseReading();
            sink.endOutput();
            if (farewell != null) {
                part();
                return;
            }
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
            if (farewell != null) {
                part();
            }
            if (over) {
                return;
            }
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
