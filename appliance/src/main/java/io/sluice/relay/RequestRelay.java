package io.sluice.relay;

import io.sluice.account.StreamRecord;
import io.sluice.config.BodyRate;
import io.sluice.loop.Sent;
import io.sluice.loop.Wire;
import java.nio.ByteBuffer;

/**
 * Relays the body of a request as it arrives, framed anew by a {@link RequestBody}, and minds the rate at which the
 * client sends it. There is one only while a body is being sent.
 *
 * <p>A client that expects a 100 (RFC 9110 §10.1.1) owes no byte of its body before it has seen one, or has begun to
 * send.
 *
 * <p><b>Threading:</b> the loop's thread. Never blocks.
 *
 * <p><b>Buffers:</b> none between events; what the Liberator's socket does not take is kept by its wire.
 */
final class RequestRelay {
    private final RequestBody body;
    private final StreamRecord stream;
    private final BodyRate rate;
    private final Wire sink;
    private boolean continueAwaited;
    private long bytesAtLook;

    /**
     * @param sink the Liberator's wire
     * @param continueAwaited whether the client waits for a 100
     */
    RequestRelay(Exchange exchange, Wire sink, boolean continueAwaited) {
        this.body = new RequestBody(exchange.request().framing());
        this.stream = exchange.stream();
        this.rate = exchange.route().settings().requestBodyMinRate();
        this.sink = sink;
        this.continueAwaited = continueAwaited;
        this.bytesAtLook = stream.fromClientBytes();
    }

    /**
     * Sends what {@code out} holds already and as much of the body as {@code in} has.
     *
     * @param in what came from the client; what remains of it on return was not sent
     * @param out the loop's compose buffer
     * @return {@link Pump.Outcome#WAITING}, {@code BEHIND}, {@code COMPLETE}, {@code BROKEN} or {@code SINK_LOST}
     */
    Pump.Outcome send(ByteBuffer in, ByteBuffer out) {
        ByteBuffer next = out;
        while (true) {
            int before = in.remaining();
            RequestBody.Progress progress = body.feed(in, next);
            if (before > in.remaining()) {
                stream.fromClient(before - in.remaining(), sink.loop().turnNanos());
            }
            next.flip();
            int bytes = next.remaining();
            Sent sent = sink.send(next);
            if (sent == Sent.LOST) {
                return Pump.Outcome.SINK_LOST;
            }
            stream.toLiberator(bytes, sink.pendingBytes(), sink.loop().turnNanos());
            if (progress != RequestBody.Progress.MORE) {
                return progress == RequestBody.Progress.DONE ? Pump.Outcome.COMPLETE : Pump.Outcome.BROKEN;
            }
            if (sent == Sent.LATER) {
                return Pump.Outcome.BEHIND;
            }
            if (!in.hasRemaining()) {
                return Pump.Outcome.WAITING;
            }
            next = sink.loop().composeBuffer();
        }
    }

    /** Whether the client waits for a 100. */
    boolean isContinueAwaited() {
        return continueAwaited;
    }

    /** The client no longer waits for a 100: from now on its body must come at its rate. */
    void bodyComes() {
        continueAwaited = false;
    }

    /** How long the client has for as many bytes as its rate asks for, before {@link #isTooSlow} is to be asked. */
    long periodNanos() {
        return rate.per().toNanos();
    }

    /** Whether fewer bytes came since this was last asked, and not because the Liberator held them back. */
    boolean isTooSlow() {
        long bytes = stream.fromClientBytes();
        boolean slow = sink.pendingBytes() == 0 && bytes - bytesAtLook < rate.bytes();
        bytesAtLook = bytes;
        return slow;
    }
}
