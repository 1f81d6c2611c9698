package io.sluice.relay;

import io.sluice.account.EndCause;
import io.sluice.account.Refusal;
import io.sluice.account.StreamRecord;
import io.sluice.account.StreamRegistry;
import io.sluice.config.Settings;
import io.sluice.connect.Upstream;
import io.sluice.loop.Deadline;
import io.sluice.loop.Sent;
import io.sluice.loop.Wire;
import io.sluice.route.Assignment;
import io.sluice.route.Decision;
import io.sluice.route.Liberator;
import io.sluice.route.ListenerRoutes;
import io.sluice.route.Route;
import io.sluice.route.Router;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 client connection and the upstream connection that belongs to it alone: their life, and their end.
 *
 * <pre>
 * HEAD ─► EXCHANGE ─► (TAKING) ─► HEAD      keep-alive on both sides
 *   │        ├─ 101 ─► Tunnel
 *   └────────┴── refused, or the last answer given ──► Linger
 * </pre>
 *
 * <p>Requests are answered one at a time, in order; each with its response is an {@link Exchange}. Who carries what:
 *
 * <pre>
 *                head                   body
 * client         {@link RequestReader}    ─►   {@link RequestRelay}      ─►  Liberator
 * Liberator      {@link ResponseReader}   ─►   {@link ResponseRelay}     ─►  client
 * </pre>
 *
 * <p>Heads are read whole, checked and written anew; bodies are passed on as they arrive. The client's wire has one
 * handler, the reader of requests; the Liberator's has its reader and its relay in turn.
 *
 * <p>Every end comes through here, however it begins, so that both connections end together: {@link #end} and
 * {@link #abandon} at once, {@link #linger} after the last answer.
 *
 * <p><b>Threading:</b> the loop's thread. Never blocks.
 *
 * <p><b>Buffers:</b> none between events but what its readers hold.
 */
public final class HttpPair {
    private enum State {
        /** Waiting for a request head, or in the middle of one. */
        HEAD,
        /** A request is under way, or its response. */
        EXCHANGE,
        /** The response is complete, but the client has not taken all of it: its next request waits. */
        TAKING,
        /** Closed, or handed over to a tunnel, or to a linger after the last answer. */
        OVER
    }

    /** How long a client may stay silent between two requests. */
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(75);

    private final Arrival client;
    private final Router router;
    private final StreamRegistry registry;
    private final Settings settings;
    private final RequestReader requests = new RequestReader(this);

    private State state = State.HEAD;
    private @Nullable Upstream upstream;
    private @Nullable Exchange exchange;

    private final Deadline timer = new Deadline() {
        @Override
        protected void onDeadline() {
            timedOut();
        }
    };

    private HttpPair(Arrival client, Router router, StreamRegistry registry, Settings settings) {
        this.client = client;
        this.router = router;
        this.registry = registry;
        this.settings = settings;
    }

    /**
     * Serves {@code client} from now on.
     *
     * @param settings those of the listener
     */
    public static void open(Arrival client, Router router, StreamRegistry registry, Settings settings) {
        open(client, router, registry, settings, ByteBuffer.allocate(0));
    }

    /**
     * The same for a client of which some bytes have been read already.
     *
     * @param early what it sent so far; lent until this returns
     */
    public static void open(
            Arrival client, Router router, StreamRegistry registry, Settings settings, ByteBuffer early) {
        HttpPair pair = new HttpPair(client, router, registry, settings);
        client.wire().handler(pair.requests);
        pair.requests.awaitFirst();
        if (early.hasRemaining()) {
            pair.requests.received(early);
        }
    }

    // ---------------------------------------------------------------- requests

    /** Whether the next that the client sends is the head of a request. */
    boolean isAwaitingRequest() {
        return state == State.HEAD;
    }

    /**
     * A request has come: decides where it goes and starts its exchange, or refuses it.
     *
     * @param rest what came behind the head; lent until this returns
     */
    void begin(byte[] headBytes, ByteBuffer rest) {
        timer.cancel();
        ListenerRoutes here = router.table().listener(client.listener());
        boolean hostNeeded = here == null || here.only() == null;
        RequestHead.Reading reading = RequestHead.read(headBytes, settings.maxUriBytes(), hostNeeded);
        RequestHead head = reading.head();
        if (reading.refusal() != null) {
            refuse(reading.refusal(), head.host(), null, null);
            return;
        }
        HttpAsked asked = new HttpAsked(head, wire().remoteAddress().getAddress(), upstream);
        Decision decision = ListenerRoutes.decide(here, client.serverName(), head.host(), asked);
        Assignment assignment = decision.assignment();
        if (assignment != null) {
            assignment.count();
        }
        Route route = decision.route();
        if (decision.refusal() != null || route == null) {
            refuse(Objects.requireNonNull(decision.refusal()), head.host(), route, assignment);
        } else if (RequestBody.startsBroken(head.framing(), rest)) {
            refuse(Refusal.BAD_CHUNK, head.host(), route, assignment);
        } else {
            StreamRecord stream =
                    registry.open(route.liberator().ledger(), head.kind(), client, route.terms(), head.host());
            stream.fromClient(headBytes.length, wire().loop().turnNanos());
            Exchange started = new Exchange(this, head, route, assignment, stream);
            exchange = started;
            state = State.EXCHANGE;
            started.start(rest);
        }
    }

    /** Whether the client's connection leads to {@code liberator} already. */
    boolean leadsTo(Liberator liberator) {
        return upstream != null && upstream.serves(liberator);
    }

    /** The client's connection leads somewhere now. */
    void connected(Upstream made) {
        upstream = made;
        made.wire().handler(new ResponseReader(this, made.wire()));
    }

    /**
     * The client has been sent a whole response.
     *
     * @param close whether the connection is to end with it
     */
    void exchanged(boolean close) {
        if (close || requests.isRelaying()) {
            linger();
            return;
        }
        forgetExchange();
        Wire liberator = upstream().wire();
        liberator.handler(new ResponseReader(this, liberator));
        liberator.resumeReading();
        if (wire().pendingBytes() > 0) {
            state = State.TAKING;
            arm(Linger.NANOS);
        } else {
            nextRequest();
        }
    }

    private void nextRequest() {
        state = State.HEAD;
        requests.awaitNext();
    }

    private void forgetExchange() {
        if (exchange != null) {
            exchange.cancel();
            exchange = null;
        }
    }

    /** A tunnel has both connections from now on. */
    void handOver() {
        timer.cancel();
        state = State.OVER;
    }

    // ---------------------------------------------------------------- what its wires tell

    /** The client's socket has taken some of what waited for it. */
    void clientDraining() {
        if (exchange != null) {
            exchange.stream().toClient(0, wire().pendingBytes(), wire().loop().turnNanos());
        }
    }

    /** The client's socket has taken what waited for it: more of the response, or the next request, may follow. */
    void clientDrained() {
        if (state == State.TAKING) {
            nextRequest();
        } else if (state == State.EXCHANGE && upstream != null) {
            upstream.wire().resumeReading();
        }
    }

    /** Between requests a Liberator may only close; either way the pair has had its time. */
    void liberatorStirred() {
        if (state == State.TAKING) {
            linger();
        } else {
            end(EndCause.LIBERATOR_CLOSED);
        }
    }

    /** The Liberator's socket has taken some of what waited for it. */
    void liberatorDraining() {
        if (exchange != null) {
            Wire to = upstream().wire();
            exchange.stream().toLiberator(0, to.pendingBytes(), to.loop().turnNanos());
        }
    }

    /** The Liberator's socket failed, or our own code behind it threw. */
    void liberatorBroken(Throwable cause) {
        if (!(cause instanceof IOException)) {
            end(EndCause.APPLIANCE);
        } else if (exchange == null) {
            end(EndCause.LIBERATOR_LOST);
        } else {
            exchange.liberatorLost();
        }
    }

    // ---------------------------------------------------------------- the end

    /** Refuses a request of which no head was read. */
    void refuse(Refusal refusal) {
        refuse(refusal, "", null, null);
    }

    /**
     * Refuses a request for which no stream was opened.
     *
     * @param host what it asked for; empty when that was not read
     * @param route which has a say in what the client is told; null when none was found
     */
    private void refuse(Refusal refusal, String host, @Nullable Route route, @Nullable Assignment assignment) {
        countRefusal(refusal, host);
        tell(refusal, route == null ? settings : route.settings(), assignment);
    }

    void countRefusal(Refusal refusal, String host) {
        client.refused(refusal, host, registry.log());
    }

    /**
     * Gives Sluice's own answer, the last on this connection.
     *
     * @param terms those that the client came under
     */
    void tell(Refusal refusal, Settings terms, @Nullable Assignment assignment) {
        int status = Answer.status(refusal, terms.onDown());
        // A client that goes nowhere is let start anew.
        String setCookie = assignment != null && assignment.liberator().isEmpty() ? assignment.setCookie() : null;
        if (status == Answer.NONE || wire().send(Answer.of(status, refusal, setCookie)) == Sent.LOST) {
            abandon();
        } else {
            linger();
        }
    }

    /**
     * Ends both sides at once, so that the client cannot take a part of a response for the whole: not even one that has
     * said itself that it says no more, and may still be reading.
     */
    void end(EndCause cause) {
        boolean midway = exchange != null && exchange.isAnswering();
        if (exchange != null) {
            exchange.end(cause);
        }
        if (midway) {
            abandon();
        } else {
            close();
        }
    }

    /** Ends the Liberator's side at once, the client's when it has had what is pending. */
    void linger() {
        release();
        Linger.start(client, settings);
    }

    /** Ends both sides at once, the client's with a reset. */
    void abandon() {
        release();
        client.reset();
    }

    private void close() {
        release();
        client.close();
    }

    /** Lets go of everything but the client's connection. */
    private void release() {
        timer.cancel();
        closeUpstream();
        forgetExchange();
        requests.clear();
        state = State.OVER;
    }

    void closeUpstream() {
        if (upstream != null) {
            upstream.close();
            upstream = null;
        }
    }

    /** Closes the Liberator's connection so that it cannot take a part of a request for the whole. */
    void resetUpstream() {
        if (upstream != null) {
            upstream.reset();
            upstream = null;
        }
    }

    // ---------------------------------------------------------------- deadlines

    /** Arms the one deadline of the pair, which is that of what it waits for; 0 = none. */
    void arm(long nanos) {
        if (nanos > 0) {
            wire().loop().arm(timer, nanos);
        } else {
            timer.cancel();
        }
    }

    private void timedOut() {
        switch (state) {
            case HEAD -> requests.headTimedOut();
            case EXCHANGE -> exchange().timedOut();
            case TAKING -> takingTimedOut();
            case OVER -> {}
        }
    }

    private void takingTimedOut() {
        if (Linger.mayTakeLonger(wire(), settings)) {
            arm(Linger.NANOS);
        } else if (wire().pendingBytes() > 0) {
            abandon();
        } else {
            close();
        }
    }

    // ---------------------------------------------------------------- what it is made of

    Arrival client() {
        return client;
    }

    /** The client's. */
    public Wire wire() {
        return client.wire();
    }

    StreamRegistry registry() {
        return registry;
    }

    /** Those of the listener. */
    Settings settings() {
        return settings;
    }

    RequestReader requests() {
        return requests;
    }

    /** The connection to the Liberator; only while there is one. */
    Upstream upstream() {
        return Objects.requireNonNull(upstream);
    }

    /** The exchange under way; only while there is one. */
    Exchange exchange() {
        return Objects.requireNonNull(exchange);
    }

    boolean isExchanging() {
        return exchange != null;
    }

    /** Whether this process has been told to leave: no connection is kept for another request. */
    boolean isLeaving() {
        return router.isLeaving();
    }

    /** Whether the Liberator is being emptied and it is this connection's turn, which is taken, to leave. */
    boolean isLetGo() {
        return upstream != null && upstream.liberator().standing().letsGo();
    }
}
