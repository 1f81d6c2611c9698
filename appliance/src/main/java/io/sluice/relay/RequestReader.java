package io.sluice.relay;

import io.sluice.account.EndCause;
import io.sluice.account.Refusal;
import io.sluice.loop.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads the client: collects the heads of its requests, hands their bodies to a {@link RequestRelay}, and keeps what
 * comes before it is wanted. It has the client's wire for as long as there is a pair.
 *
 * <p>Requests are taken one at a time (RFC 9112 §9.3.2): what is pipelined waits here, up to a limit, then in the
 * client's own socket. A head that cannot become a good one is refused before it is complete.
 *
 * <p><b>Threading:</b> the loop's thread. Never blocks.
 *
 * <p><b>Buffers:</b> between events it holds the start of a head, or at most {@value #MAX_HELD_BYTES} bytes and one
 * read of what came early; nothing while a stream is open and the client is silent.
 */
final class RequestReader implements Wire.Handler {
    private static final int MAX_HELD_BYTES = 32 * 1024;

    /** So often an idle connection looks whether it is to leave with its Liberator. */
    private static final Duration IDLE_LOOK = Duration.ofSeconds(3);

    private static final int IDLE_LOOKS = (int) HttpPair.KEEP_ALIVE.dividedBy(IDLE_LOOK);

    private final HttpPair pair;
    private final Held held = new Held();
    private @Nullable RequestRelay relay;
    private boolean emptyLineSkipped;
    private int idleLooksLeft;

    RequestReader(HttpPair pair) {
        this.pair = pair;
    }

    @Override
    public void onReadable() {
        Wire source = pair.wire();
        ByteBuffer buffer = source.loop().readBuffer();
        int read = source.read(buffer);
        if (read < 0) {
            pair.end(read == Wire.END ? EndCause.CLIENT_CLOSED : EndCause.CLIENT_LOST);
        } else if (read > 0) {
            received(buffer.flip());
        }
    }

    /**
     * Takes what the client sent.
     *
     * @param bytes lent until this returns
     */
    void received(ByteBuffer bytes) {
        if (pair.isAwaitingRequest()) {
            boolean first = held.isEmpty();
            serve(held.takeBefore(bytes), first);
            return;
        }
        bodyComes();
        if (relay != null && held.isEmpty()) {
            relay(pair.exchange(), relay, bytes, pair.wire().loop().composeBuffer());
        } else {
            readAhead(bytes);
        }
    }

    // ---------------------------------------------------------------- heads

    /** The first request may come, within its time. */
    void awaitFirst() {
        pair.arm(pair.settings().requestHeadTimeout().toNanos());
        pair.wire().resumeReading();
    }

    /** The next request may come, or is there already. */
    void awaitNext() {
        idleLooksLeft = IDLE_LOOKS;
        pair.arm(IDLE_LOOK.toNanos());
        pair.wire().resumeReading();
        if (!held.isEmpty()) {
            serve(held.take(), true);
        }
    }

    /**
     * Takes up the request that {@code bytes} start with.
     *
     * @param first whether these are the request's first bytes, from which its time is counted
     */
    private void serve(ByteBuffer bytes, boolean first) {
        if (!emptyLineSkipped) {
            emptyLineSkipped = skipEmptyLine(bytes);
        }
        int end = HeadEnd.find(bytes);
        if (end == HeadEnd.BROKEN) {
            pair.refuse(Refusal.BAD_LINE_END);
        } else if (end == HeadEnd.INCOMPLETE
                || end - bytes.position() > pair.settings().maxRequestHeadBytes()) {
            awaitHead(bytes, first);
        } else {
            emptyLineSkipped = false;
            byte[] head = new byte[end - bytes.position()];
            bytes.get(head);
            pair.begin(head, bytes);
        }
    }

    /** RFC 9112 §2.2: one empty line before a request is forgiven. */
    private static boolean skipEmptyLine(ByteBuffer bytes) {
        int at = bytes.position();
        boolean empty = bytes.remaining() >= 2 && bytes.get(at) == '\r' && bytes.get(at + 1) == '\n';
        if (empty) {
            bytes.position(at + 2);
        }
        return empty;
    }

    /** Keeps the start of a head, unless it can be refused already: the rest of a bad one may never come. */
    private void awaitHead(ByteBuffer bytes, boolean first) {
        Refusal refusal = RequestHead.refusalOfStart(bytes, pair.settings().maxUriBytes());
        if (refusal == null && bytes.remaining() > pair.settings().maxRequestHeadBytes()) {
            refusal = Refusal.HEAD_TOO_LARGE;
        }
        if (refusal != null) {
            pair.refuse(refusal);
            return;
        }
        held.set(bytes);
        if (first) {
            idleLooksLeft = 0;
            pair.arm(pair.settings().requestHeadTimeout().toNanos());
        }
    }

    /** A connection that never asked, or has nothing more to ask, is closed without a word. */
    void headTimedOut() {
        if (!held.isEmpty()) {
            pair.refuse(Refusal.HEAD_TIMEOUT);
        } else if (--idleLooksLeft > 0 && !pair.isLetGo()) {
            pair.arm(IDLE_LOOK.toNanos());
        } else {
            pair.end(EndCause.IDLE);
        }
    }

    // ---------------------------------------------------------------- bodies

    /**
     * Sends a request.
     *
     * @param exchange what it begins
     * @param head the loop's compose buffer, with what goes out before the body
     * @param rest what the client has sent behind its head; lent until this returns
     */
    void send(Exchange exchange, ByteBuffer head, ByteBuffer rest) {
        RequestHead request = exchange.request();
        if (request.framing().mode() == Framing.Mode.NONE) {
            if (exchange.sendToLiberator(head.flip())) {
                held.set(rest);
                sent(exchange);
            }
            return;
        }
        boolean continueAwaited = request.expectsContinue() && !rest.hasRemaining();
        RequestRelay started = new RequestRelay(exchange, pair.upstream().wire(), continueAwaited);
        relay = started;
        pair.arm(continueAwaited ? exchange.route().responseHeadTimeoutNanos() : started.periodNanos());
        relay(exchange, started, rest, head);
    }

    private void relay(Exchange exchange, RequestRelay body, ByteBuffer in, ByteBuffer out) {
        switch (body.send(in, out)) {
            // What came while the Liberator was being connected may have filled our hands.
            case WAITING -> pair.wire().resumeReading();
            case BEHIND -> {
                held.set(in);
                pair.wire().pauseReading();
            }
            case COMPLETE -> {
                held.set(in);
                sent(exchange);
            }
            case BROKEN -> exchange.refuseMidway(Refusal.BAD_CHUNK);
            case SINK_LOST -> exchange.liberatorLost();
            case SOURCE_ENDED, SOURCE_LOST, SURPLUS -> throw new IllegalStateException("nothing is read here");
        }
    }

    private void sent(Exchange exchange) {
        relay = null;
        pair.wire().resumeReading();
        if (exchange.isAwaitingResponse()) {
            pair.arm(exchange.route().responseHeadTimeoutNanos());
        }
    }

    /** The Liberator's socket has taken what waited for it: more of the request's body may follow. */
    void liberatorDrained() {
        if (relay != null && !held.isEmpty()) {
            relay(pair.exchange(), relay, held.take(), pair.wire().loop().composeBuffer());
        }
        if (relay != null && pair.upstream().wire().pendingBytes() == 0) {
            pair.wire().resumeReading();
        }
    }

    /** The client no longer waits for a 100, if it did: from now on its body must come at its rate. */
    void bodyComes() {
        if (relay != null && relay.isContinueAwaited()) {
            relay.bodyComes();
            pair.arm(relay.periodNanos());
        }
    }

    /** Whether a request body is not sent to its end. */
    boolean isRelaying() {
        return relay != null;
    }

    /** How often {@link #checkRate} is to be called; 0 when no body is being sent, or none is owed before a 100. */
    long ratePeriodNanos() {
        return relay == null || relay.isContinueAwaited() ? 0 : relay.periodNanos();
    }

    void checkRate(Exchange exchange) {
        if (relay != null && relay.isTooSlow()) {
            exchange.refuseMidway(Refusal.BODY_TIMEOUT);
        } else {
            pair.arm(ratePeriodNanos());
        }
    }

    // ---------------------------------------------------------------- what came early

    /** Bytes that came before they are wanted: kept up to a limit, then the client's socket is left full. */
    private void readAhead(ByteBuffer bytes) {
        held.add(bytes);
        if (held.length() <= MAX_HELD_BYTES) {
            return;
        }
        if (pair.isExchanging() && pair.exchange().isOpenEnded()) {
            pair.exchange().refuseMidway(Refusal.DATA_DURING_STREAM);
        } else {
            pair.wire().pauseReading();
        }
    }

    /** Keeps what remains of {@code bytes} until it is wanted. */
    void hold(ByteBuffer bytes) {
        held.set(bytes);
    }

    /** Whether something came early. */
    boolean holds() {
        return !held.isEmpty();
    }

    /** What came early; it is the caller's. */
    ByteBuffer takeHeld() {
        return held.take();
    }

    /** Nothing of the client's is wanted any more. */
    void clear() {
        held.clear();
        relay = null;
    }

    @Override
    public void onDraining() {
        pair.clientDraining();
    }

    @Override
    public void onDrained() {
        pair.clientDrained();
    }

    @Override
    public void onBroken(Throwable cause) {
        pair.end(cause instanceof IOException ? EndCause.CLIENT_LOST : EndCause.APPLIANCE);
    }
}
