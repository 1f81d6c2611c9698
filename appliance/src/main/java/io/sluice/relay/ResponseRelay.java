package io.sluice.relay;

import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import io.sluice.loop.Wire;
import io.sluice.route.Route;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Relays a response: its head anew, its body byte for byte as it comes, while a {@link BodyFollower} keeps track of
 * where it ends. It has the Liberator's wire for as long as the body lasts.
 *
 * <p>A body that breaks off never looks complete: where its framing does not show that, the client is reset (RFC 9112
 * §8). One that would go on for ever is ended between two chunks when its stream is asked to leave.
 *
 * <p><b>Threading:</b> the loop's thread; {@link #messages} any. Never blocks.
 *
 * <p><b>Back-pressure:</b> the Liberator is not read while bytes wait for the client.
 *
 * <p><b>Buffers:</b> none between events; what the client's socket does not take is kept by its wire.
 */
final class ResponseRelay implements Wire.Handler {
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

    private final Exchange exchange;
    private final BodyFollower body;
    private final Pump pump;
    private final boolean endless;
    private boolean closesAfter;
    private @Nullable Watch watch;

    /**
     * @param endless whether a response of its kind has no end of its own
     */
    ResponseRelay(Exchange exchange, ResponseHead head, boolean endless) {
        HttpPair pair = exchange.pair();
        RequestHead asked = exchange.request();
        boolean decoding = !asked.isHttp11() && head.framing().mode() == Framing.Mode.CHUNKED;
        this.exchange = exchange;
        this.body = new BodyFollower(head.framing(), decoding);
        this.pump = new Pump(pair.upstream().wire(), pair.wire(), exchange.stream(), true);
        this.endless = endless;
        this.closesAfter =
                exchange.isLast() || !asked.isPersistent() || !head.isPersistent() || (!endless && pair.isLetGo());
    }

    /**
     * Sends the head, with what has come of the body.
     *
     * @param asked what it is the response to
     * @param kind what its head makes of the stream
     * @param rest what came behind the head; lent until this returns
     */
    void start(RequestHead asked, Kind kind, ResponseHead head, ByteBuffer rest) {
        int part = body.follow(rest);
        boolean streams = body.isUnbounded() && !body.isDone() && asked.method().equals("GET");
        exchange.opens(kind == Kind.OTHER && streams ? Kind.HTTP_STREAM : kind);

        ByteBuffer out = exchange.pair().wire().loop().composeBuffer();
        head.write(out, closesAfter, body.isDecoding(), exchange.setCookie());
        sendFirst(out, rest, part);
    }

    /** Sends the head in {@code out} and the {@code part} of {@code rest} that belongs to the body, together if it fits. */
    private void sendFirst(ByteBuffer out, ByteBuffer rest, int part) {
        if (part == BodyFollower.BROKEN) {
            if (exchange.sendToClient(out.flip())) {
                moved(Pump.Outcome.BROKEN);
            }
            return;
        }
        ByteBuffer first = out;
        rest.limit(rest.position() + part);
        if (part <= out.remaining()) {
            out.put(rest).flip();
        } else if (exchange.sendToClient(out.flip())) {
            first = rest;
        } else {
            return;
        }
        Pump.Outcome outcome = pump.send(first);
        if (body.isDone() && outcome != Pump.Outcome.SINK_LOST) {
            outcome = body.hasSurplus() ? Pump.Outcome.SURPLUS : Pump.Outcome.COMPLETE;
        }
        moved(outcome);
        EndCause leaving = exchange.leaving();
        if (leaving != null && exchange.isAnswering()) {
            stop(leaving);
        }
    }

    @Override
    public void onReadable() {
        moved(pump.run(body));
    }

    private void moved(Pump.Outcome outcome) {
        switch (outcome) {
            case WAITING -> watch();
            case BEHIND -> {
                exchange.pair().upstream().wire().pauseReading();
                watch();
            }
            case COMPLETE, SURPLUS -> {
                if (body.isStopped()) {
                    endCleanly(Objects.requireNonNull(exchange.leaving()));
                } else {
                    exchange.complete(closesAfter || outcome == Pump.Outcome.SURPLUS);
                }
            }
            case SOURCE_ENDED -> {
                if (body.endsWithConnection()) {
                    exchange.complete(true);
                } else {
                    breakOff(EndCause.LIBERATOR_LOST);
                }
            }
            case SOURCE_LOST -> breakOff(EndCause.LIBERATOR_LOST);
            case BROKEN -> breakOff(EndCause.LIBERATOR_FAULT);
            case SINK_LOST -> exchange.pair().end(EndCause.CLIENT_LOST);
        }
    }

    /** Watches for a standstill, where the route asks for it or bytes wait for the client. */
    private void watch() {
        if (watch == null) {
            Route route = exchange.route();
            Wire client = exchange.pair().wire();
            if (route.streamIdleTimeoutNanos() == 0 && client.pendingBytes() == 0) {
                return;
            }
            watch = new Watch(client, exchange.stream(), route, cause -> end(cause, false));
        }
        watch.arm();
    }

    /** Ends the client's connection so that it cannot take the response for complete. */
    void breakOff(EndCause cause) {
        end(cause, body.showsTruncation());
    }

    /** Ends the stream, and the client's connection after what is pending, or with a reset. */
    private void end(EndCause cause, boolean orderly) {
        exchange.end(cause);
        if (orderly) {
            exchange.pair().linger();
        } else {
            exchange.pair().abandon();
        }
    }

    /**
     * A stream that would go on for ever ends at its next chunk; what has an end of its own comes to it. Where the
     * response alone lets us think that it is endless, cutting it might make a part look like the whole.
     */
    void stop(EndCause cause) {
        closesAfter = true;
        if (endless && body.stopAtBoundary()) {
            endCleanly(cause);
        }
    }

    /** Ends a response between two of its chunks with the last chunk of ours. */
    private void endCleanly(EndCause cause) {
        if (!exchange.sendToClient(ByteBuffer.wrap(LAST_CHUNK))) {
            return;
        }
        exchange.stream().endsProperly();
        end(cause, true);
    }

    /** Whether the body may go on for ever. */
    boolean isUnbounded() {
        return body.isUnbounded();
    }

    /** Messages relayed so far, or {@link Follower#UNSEEN}. A moment old when read on another thread. */
    int messages() {
        return body.messages();
    }

    /** It relays nothing any more. */
    void cancel() {
        if (watch != null) {
            watch.cancel();
        }
    }

    @Override
    public void onDraining() {
        exchange.pair().liberatorDraining();
    }

    @Override
    public void onDrained() {
        exchange.pair().requests().liberatorDrained();
    }

    @Override
    public void onBroken(Throwable cause) {
        exchange.pair().liberatorBroken(cause);
    }
}
