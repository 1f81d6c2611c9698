package io.sluice.relay;

import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import io.sluice.account.Phase;
import io.sluice.account.Refusal;
import io.sluice.account.StreamRecord;
import io.sluice.connect.ConnectFailure;
import io.sluice.connect.Dial;
import io.sluice.connect.Upstream;
import io.sluice.loop.Sent;
import io.sluice.loop.Wire;
import io.sluice.route.Assignment;
import io.sluice.route.Liberator;
import io.sluice.route.Route;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request of a pair and its response, which are one stream in the accounts: reaches the Liberator of the route,
 * sends the request there, and sees to it that the client gets the response, or an answer of ours in its place.
 *
 * <pre>
 * CONNECTING ─► RESPONSE_HEAD ─► RESPONSE_BODY ─► OVER
 *      │               ├─ 101 ─► Tunnel
 *      └───────────────┴── refused, Liberator down, no answer ──► OVER
 * </pre>
 *
 * <p>It begins when the route of a request is known. Nothing is ever sent twice.
 *
 * <p><b>Threading:</b> the loop's thread, but for what {@link StreamRecord.Ending} says. Never blocks.
 *
 * <p><b>Buffers:</b> none between events.
 */
final class Exchange implements Dial.Outcome, StreamRecord.Ending {
    private enum State {
        CONNECTING,
        /** The request is being sent or has been sent. */
        RESPONSE_HEAD,
        /** A {@link ResponseRelay} has the response; the client may still be sending its request. */
        RESPONSE_BODY,
        /** Ended, or handed over to a tunnel. */
        OVER
    }

    private final HttpPair pair;
    private final Route route;
    private final @Nullable Assignment assignment;
    private final StreamRecord stream;

    private State state = State.CONNECTING;
    private @Nullable RequestHead request;
    private @Nullable Dial dial;
    private @Nullable ResponseRelay response;
    private @Nullable EndCause leaving;

    /**
     * @param assignment how the client came to its Liberator; null where its route names it
     * @param stream opened, for this request
     */
    Exchange(HttpPair pair, RequestHead request, Route route, @Nullable Assignment assignment, StreamRecord stream) {
        this.pair = pair;
        this.request = request;
        this.route = route;
        this.assignment = assignment;
        this.stream = stream;
    }

    // ---------------------------------------------------------------- the request

    /**
     * Sends the request over the connection that the client has, if it leads to the Liberator; else over a new one.
     *
     * @param rest what came behind its head; lent until this returns
     */
    void start(ByteBuffer rest) {
        stream.carriedBy(this);
        Liberator liberator = route.liberator();
        if (pair.leadsTo(liberator) && liberator.standing().servesOpenConnections()) {
            stream.connected(0);
            send(rest);
        } else {
            pair.requests().hold(rest);
            connect();
        }
    }

    private void connect() {
        pair.closeUpstream();
        stream.phase(Phase.CONNECT);
        boolean known = assignment != null && assignment.isProven();
        Dial started = Dial.start(pair.wire(), route, Dial.Port.HTTP, known, this);
        if (state == State.CONNECTING) {
            dial = started;
        }
    }

    @Override
    public void onConnected(Upstream upstream, long nanos) {
        dial = null;
        pair.connected(upstream);
        stream.connected(nanos);
        send(pair.requests().takeHeld());
    }

    @Override
    public void onFailed(ConnectFailure failure) {
        dial = null;
        answer(failure.refusal(), failure.endCause());
    }

    /** Sends the head, and of the body what is there. */
    private void send(ByteBuffer rest) {
        Upstream to = pair.upstream();
        Arrival client = pair.client();
        state = State.RESPONSE_HEAD;
        stream.phase(Phase.UPSTREAM_HEAD);
        if (!StickinessCheck.maySend(pair.registry().stickiness(), stream, pair.wire(), to, route, assignment)) {
            answer(Refusal.STICKINESS, EndCause.APPLIANCE);
            return;
        }
        ByteBuffer out = to.wire().loop().composeBuffer();
        to.introduce(out);
        new RequestHeadWriter(
                        request(),
                        route.settings().forwarded(),
                        pair.wire().remoteAddress().getAddress(),
                        client.isSecure(),
                        client.subject(),
                        assignment)
                .write(out, route.liberator().config().address());
        to.wire().resumeReading();
        pair.requests().send(this, out, rest);
    }

    /** Sends a whole request; false when the Liberator is gone, and the exchange is over. */
    boolean sendToLiberator(ByteBuffer bytes) {
        Wire to = pair.upstream().wire();
        int length = bytes.remaining();
        if (to.send(bytes) == Sent.LOST) {
            liberatorLost();
            return false;
        }
        stream.toLiberator(length, to.pendingBytes(), to.loop().turnNanos());
        return true;
    }

    // ---------------------------------------------------------------- the response

    /** Whether its request has been sent, in full or in part, and its response has not begun. */
    boolean isAwaitingResponse() {
        return state == State.RESPONSE_HEAD;
    }

    /** The audit of stickiness for the response. */
    boolean mayDeliver() {
        return StickinessCheck.mayDeliver(
                pair.registry().stickiness(), stream, pair.wire(), pair.upstream(), route, assignment);
    }

    /** Sends a head, or bytes of ours, to the client; false when it is gone, and the pair with it. */
    boolean sendToClient(ByteBuffer bytes) {
        Wire to = pair.wire();
        int length = bytes.remaining();
        if (to.send(bytes) == Sent.LOST) {
            pair.end(EndCause.CLIENT_LOST);
            return false;
        }
        stream.toClient(length, to.pendingBytes(), to.loop().turnNanos());
        return true;
    }

    /**
     * The pair is a WebSocket from now on.
     *
     * @param rest what came behind the head; lent until this returns
     */
    void becomeTunnel(ResponseHead head, ByteBuffer rest) {
        ByteBuffer out = pair.wire().loop().composeBuffer();
        head.write(out, false, false, setCookie());
        ByteBuffer glued = rest.duplicate();
        boolean together = rest.remaining() <= out.remaining();
        if (together) {
            out.put(rest);
        }
        if (!sendToClient(out.flip()) || (!together && !sendToClient(rest))) {
            return;
        }
        state = State.OVER;
        pair.handOver();
        Tunnel tunnel = new Tunnel(pair.client(), pair.upstream(), stream, route, pair.registry());
        tunnel.passedOn(glued);
        tunnel.start(pair.requests().takeHeld());
        if (leaving != null) {
            tunnel.endPolitely(stream, leaving);
        }
    }

    /** Whether the connection ends with it, whatever its response says. */
    boolean isLast() {
        // What came behind a WebSocket handshake was no request, and must not be taken for one.
        boolean earlyBytes = request().isWebSocket() && pair.requests().holds();
        return leaving != null || pair.isLeaving() || pair.requests().isRelaying() || earlyBytes;
    }

    /**
     * The response has begun, and a {@link ResponseRelay} has the Liberator's wire until it ends.
     *
     * @param rest what came behind the head; lent until this returns
     */
    void relay(ResponseHead head, ByteBuffer rest) {
        RequestHead asked = request();
        Kind kind = head.kind(asked.kind());
        ResponseRelay relay = new ResponseRelay(this, head, kind.isStream());
        // A client that was promised no 100 owes no more of its body; one that is sending goes on being watched.
        pair.arm(pair.requests().ratePeriodNanos());
        pair.upstream().wire().handler(relay);
        response = relay;
        request = null;
        state = State.RESPONSE_BODY;
        relay.start(asked, kind, head, rest);
    }

    /** Its stream has turned out to be of {@code kind}, and what it is for begins. */
    void opens(Kind kind) {
        stream.becomes(kind);
        pair.registry().relaying(stream);
    }

    /** Whether its response has begun and is not complete. */
    boolean isAnswering() {
        return state == State.RESPONSE_BODY;
    }

    /** Whether its response may go on for ever: what the client says meanwhile is no request of its time. */
    boolean isOpenEnded() {
        return response != null && response.isUnbounded();
    }

    /**
     * The client has been sent the whole response.
     *
     * @param close whether the connection is to end with it
     */
    void complete(boolean close) {
        end(EndCause.COMPLETED);
        pair.exchanged(close);
    }

    // ---------------------------------------------------------------- the end

    /** Gives Sluice's own answer and ends the client's connection. */
    void answer(Refusal refusal, EndCause cause) {
        pair.countRefusal(refusal, stream.host());
        end(cause);
        pair.tell(refusal, route.settings(), assignment);
    }

    /** Refuses what the client sends while its request, or the response, is under way: both ends break off. */
    void refuseMidway(Refusal refusal) {
        pair.resetUpstream();
        if (state == State.RESPONSE_HEAD) {
            answer(refusal, EndCause.REFUSED);
        } else {
            pair.countRefusal(refusal, stream.host());
            pair.end(EndCause.REFUSED);
        }
    }

    /** The Liberator's connection broke off where that is no proper end. */
    void liberatorLost() {
        switch (state) {
            case RESPONSE_HEAD -> answer(Refusal.LIBERATOR_LOST, EndCause.LIBERATOR_LOST);
            case RESPONSE_BODY -> Objects.requireNonNull(response).breakOff(EndCause.LIBERATOR_LOST);
            case CONNECTING, OVER -> pair.end(EndCause.LIBERATOR_LOST);
        }
    }

    /** Its deadline has come: the response's head, or the next bytes of the request's body, are overdue. */
    void timedOut() {
        if (pair.requests().ratePeriodNanos() > 0) {
            pair.requests().checkRate(this);
        } else if (state == State.RESPONSE_HEAD) {
            answer(Refusal.RESPONSE_HEAD_TIMEOUT, EndCause.HEAD_TIMEOUT);
        }
    }

    /** Ends its stream for {@code cause}, unless it has ended. */
    void end(EndCause cause) {
        pair.registry().end(stream, cause);
    }

    /** Nothing is to be done for it any more. */
    void cancel() {
        state = State.OVER;
        if (dial != null) {
            dial.cancel();
            dial = null;
        }
        if (response != null) {
            response.cancel();
        }
    }

    /** If it is over, its stream has ended, which makes asking again do nothing, or a tunnel carries it now. */
    @Override
    public void endFor(StreamRecord asked, EndCause cause) {
        pair.wire().loop().execute(() -> {
            if (state != State.OVER) {
                pair.end(cause);
            } else {
                asked.askToEnd(cause);
            }
        });
    }

    @Override
    public void endPolitely(StreamRecord asked, EndCause cause) {
        pair.wire().loop().execute(() -> {
            if (state != State.OVER) {
                leave(cause);
            } else {
                asked.askToEndPolitely(cause);
            }
        });
    }

    private void leave(EndCause cause) {
        if (leaving == null) {
            leaving = cause;
            if (response != null) {
                response.stop(cause);
            }
        }
    }

    /** Why it is to end as soon as the client can be shown a proper end; null while it may go on. */
    @Nullable
    EndCause leaving() {
        return leaving;
    }

    // ---------------------------------------------------------------- what it is

    HttpPair pair() {
        return pair;
    }

    Route route() {
        return route;
    }

    StreamRecord stream() {
        return stream;
    }

    /** The request's head; only until the response's body begins: a stream of hours holds no request. */
    RequestHead request() {
        return Objects.requireNonNull(request);
    }

    /** What makes the client one of the Liberator that answered; only its own answer may say so. */
    @Nullable
    String setCookie() {
        return assignment == null ? null : assignment.setCookie();
    }

    @Override
    public int fromClientMessages() {
        return Follower.UNSEEN;
    }

    @Override
    public int toClientMessages() {
        ResponseRelay relay = response;
        return relay == null ? Follower.UNSEEN : relay.messages();
    }
}
