package io.sluice.relay;

import io.sluice.account.EndCause;
import io.sluice.account.Refusal;
import io.sluice.loop.EdgeLoop;
import io.sluice.loop.Wire;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head of a response, which says what follows: an interim head is passed on, a 101 makes a {@link Tunnel} of
 * the pair, any other starts a {@link ResponseRelay}. A head that is no good is answered in the Liberator's place.
 *
 * <p>It has the Liberator's wire from the end of one response body to the start of the next, so also between two
 * requests, when a Liberator may only close: a response that nobody asked for ends the pair.
 *
 * <p><b>Threading:</b> the loop's thread. Never blocks.
 *
 * <p><b>Buffers:</b> between events it holds the start of a head that is not complete, at most {@value
 * #MAX_HEAD_BYTES} bytes.
 */
final class ResponseReader implements Wire.Handler {
    private static final int MAX_INTERIM_HEADS = 100;
    private static final int MAX_HEAD_BYTES = EdgeLoop.BUFFER_BYTES;

    private final HttpPair pair;
    private final Wire source;
    private final Held held = new Held();
    private int interimHeads;

    ResponseReader(HttpPair pair, Wire source) {
        this.pair = pair;
        this.source = source;
    }

    @Override
    public void onReadable() {
        ByteBuffer buffer = source.loop().readBuffer();
        int read = source.read(buffer);
        if (pair.isExchanging()) {
            readHeads(pair.exchange(), read, buffer.flip());
        } else if (read != 0) {
            pair.liberatorStirred();
        }
    }

    private void readHeads(Exchange exchange, int read, ByteBuffer now) {
        if (read < 0) {
            exchange.liberatorLost();
            return;
        }
        exchange.stream().fromLiberator(read, source.loop().turnNanos());
        ByteBuffer bytes = held.takeBefore(now);
        while (bytes.hasRemaining() && exchange.isAwaitingResponse()) {
            int end = HeadEnd.find(bytes);
            int length = (end == HeadEnd.INCOMPLETE ? bytes.limit() : end) - bytes.position();
            if (end == HeadEnd.BROKEN || length > MAX_HEAD_BYTES) {
                fault(exchange);
                return;
            }
            if (end == HeadEnd.INCOMPLETE) {
                held.set(bytes);
                return;
            }
            byte[] head = new byte[length];
            bytes.get(head);
            boolean toHead = exchange.request().isHead();
            respond(exchange, ResponseHead.read(head, toHead), bytes);
        }
    }

    private void respond(Exchange exchange, @Nullable ResponseHead head, ByteBuffer rest) {
        RequestHead asked = exchange.request();
        if (head == null) {
            fault(exchange);
        } else if (!mayDeliver(exchange)) {
            exchange.answer(Refusal.STICKINESS, EndCause.APPLIANCE);
        } else if (head.isInterim()) {
            relayInterim(exchange, head);
        } else if (head.status() != ResponseHead.SWITCHING_PROTOCOLS) {
            exchange.relay(head, rest);
        } else if (asked.isWebSocket() && head.accepts(asked.webSocketKey())) {
            exchange.becomeTunnel(head, rest);
        } else {
            fault(exchange);
        }
    }

    /** The audit of stickiness, once for each response: its interim heads belong to it. */
    private boolean mayDeliver(Exchange exchange) {
        return interimHeads > 0 || exchange.mayDeliver();
    }

    /** RFC 9110 §15.2: passed on to whoever can know it, never taken for the answer. */
    private void relayInterim(Exchange exchange, ResponseHead head) {
        pair.requests().bodyComes();
        if (++interimHeads > MAX_INTERIM_HEADS) {
            fault(exchange);
        } else if (exchange.request().isHttp11()) {
            ByteBuffer out = source.loop().composeBuffer();
            head.write(out, false, false, null);
            if (exchange.sendToClient(out.flip()) && pair.wire().pendingBytes() > 0) {
                source.pauseReading();
            }
        }
    }

    private static void fault(Exchange exchange) {
        exchange.answer(Refusal.LIBERATOR_FAULT, EndCause.LIBERATOR_FAULT);
    }

    @Override
    public void onDraining() {
        pair.liberatorDraining();
    }

    @Override
    public void onDrained() {
        pair.requests().liberatorDrained();
    }

    @Override
    public void onBroken(Throwable cause) {
        pair.liberatorBroken(cause);
    }
}
