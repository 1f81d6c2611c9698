package io.sluice.relay;

import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import io.sluice.account.Phase;
import io.sluice.account.Refusal;
import io.sluice.account.StreamRecord;
import io.sluice.account.StreamRegistry;
import io.sluice.config.BodyRate;
import io.sluice.config.OnDown;
import io.sluice.config.Settings;
import io.sluice.connect.ConnectFailure;
import io.sluice.connect.Dial;
import io.sluice.connect.Upstream;
import io.sluice.loop.Deadline;
import io.sluice.loop.EdgeLoop;
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
 * An HTTP/1.1 client connection and the upstream connection that belongs to it alone.
 *
 * <pre>
 * HEAD ─► CONNECTING ─► RESPONSE_HEAD ─► RESPONSE_BODY ─► (TAKING) ─► HEAD      keep-alive on both sides
 *   │          │               │                └───────► Linger
 *   │          │               └─ 101 ─► Tunnel
 *   └──────────┴── refused, Liberator down, no answer ──► Linger
 * </pre>
 *
 * <p>A request head is read whole, checked and written anew; its body is passed on as it arrives. A response
 * head is read whole, checked and written anew; its body goes out byte for byte while a {@link BodyFollower}
 * keeps track of where it ends. Requests are answered one at a time, in order; nothing is ever sent twice.
 *
 * <p><b>Threading:</b> the loop's thread. Never blocks.
 *
 * <p><b>Buffers:</b> between events it holds at most {@value #MAX_HELD_BYTES} bytes of the client's that came
 * early, and a response head that is not complete yet.
 */
public final class HttpPair implements Dial.Outcome, StreamRecord.Ending {
    private enum State {
        /** Waiting for a request head, or in the middle of one. */
        HEAD,
        CONNECTING,
        /** The request is being sent or has been sent. */
        RESPONSE_HEAD,
        RESPONSE_BODY,
        /** The response is complete, but the client has not taken all of it: its next request waits. */
        TAKING,
        /** Closed, or handed over to a tunnel, or to a linger after the last answer. */
        OVER
    }

    /** How long a client may stay silent between two requests. */
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(75);

    /** So often such a client's connection looks whether it is to leave with its Liberator. */
    private static final Duration IDLE_LOOK = Duration.ofSeconds(3);

    private static final int IDLE_LOOKS = (int) KEEP_ALIVE.dividedBy(IDLE_LOOK);
    private static final int MAX_HELD_BYTES = 32 * 1024;
    private static final int MAX_INTERIM_HEADS = 100;
    private static final int MAX_RESPONSE_HEAD_BYTES = EdgeLoop.BUFFER_BYTES;
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

    private final Arrival client;
    private final Wire wire;
    private final Router router;
    private final StreamRegistry registry;
    private final Settings settings;

    private State state = State.HEAD;
    private final Held held = new Held();
    private @Nullable Upstream upstream;

    // The exchange under way.
    private @Nullable RequestHead request;
    private @Nullable RequestBody requestBody;
    private @Nullable Route route;
    private @Nullable Assignment assignment;
    private @Nullable StreamRecord stream;
    private @Nullable Dial dial;
    private final Held responseHead = new Held();
    private @Nullable BodyFollower responseBody;
    private @Nullable Pump pump;
    private @Nullable Watch watch;
    private boolean emptyLineSkipped;
    private boolean closeAfterResponse;
    private boolean endless;
    private @Nullable EndCause leaving;
    private boolean continueAwaited;
    private int interimHeads;
    private int idleLooksLeft;
    private long bodyBytesAtCheck;

    private final Deadline timer = new Deadline() {
        @Override
        protected void onDeadline() {
            onTimer();
        }
    };

    private HttpPair(Arrival client, Router router, StreamRegistry registry, Settings settings) {
        this.client = client;
        this.wire = client.wire();
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
        pair.wire.handler(pair.new ClientSide());
        pair.armTimer(settings.requestHeadTimeout().toNanos());
        pair.wire.resumeReading();
        if (early.hasRemaining()) {
            pair.received(early);
        }
    }

    // ---------------------------------------------------------------- the request

    private final class ClientSide implements Wire.Handler {
        @Override
        public void onReadable() {
            ByteBuffer buffer = wire.loop().readBuffer();
            int read = wire.read(buffer);
            if (read < 0) {
                clientLeft(read == Wire.END ? EndCause.CLIENT_CLOSED : EndCause.CLIENT_LOST);
            } else if (read > 0) {
                received(buffer.flip());
            }
        }

        @Override
        public void onDraining() {
            if (stream != null) {
                stream.toClient(0, wire.pendingBytes(), nowNanos());
            }
        }

        @Override
        public void onDrained() {
            if (state == State.TAKING) {
                nextRequest();
            } else if ((state == State.RESPONSE_BODY || state == State.RESPONSE_HEAD) && upstream != null) {
                upstream.wire().resumeReading();
            }
        }

        @Override
        public void onBroken(Throwable cause) {
            clientLeft(cause instanceof IOException ? EndCause.CLIENT_LOST : EndCause.APPLIANCE);
        }
    }

    private void received(ByteBuffer bytes) {
        switch (state) {
            case HEAD -> {
                boolean first = held.isEmpty();
                serve(held.takeBefore(bytes), first);
            }
            case CONNECTING, RESPONSE_HEAD, RESPONSE_BODY -> {
                bodyComes();
                if (requestBody != null && upstream != null && held.isEmpty()) {
                    forward(bytes, wire.loop().composeBuffer());
                } else {
                    readAhead(bytes);
                }
            }
            case TAKING -> readAhead(bytes);
            case OVER -> {}
        }
    }

    /** The client no longer waits for a 100, if it did: from now on its body must come at its rate. */
    private void bodyComes() {
        if (continueAwaited) {
            continueAwaited = false;
            armTimer(bodyRateNanos());
        }
    }

    private BodyRate bodyRate() {
        return (route == null ? settings : route.settings()).requestBodyMinRate();
    }

    private long bodyRateNanos() {
        return bodyRate().per().toNanos();
    }

    /** Bytes that came before they are wanted: kept up to a limit, then the client's socket is left full. */
    private void readAhead(ByteBuffer bytes) {
        held.add(bytes);
        if (held.length() <= MAX_HELD_BYTES) {
            return;
        }
        if (responseBody != null && responseBody.isUnbounded()) {
            refusedMidway(Refusal.DATA_DURING_STREAM);
        } else {
            wire.pauseReading();
        }
    }

    /**
     * Takes up the request that {@code bytes} start with; state is HEAD.
     *
     * @param first whether these are the request's first bytes, from which its time is counted
     */
    private void serve(ByteBuffer bytes, boolean first) {
        if (!emptyLineSkipped) {
            emptyLineSkipped = skipEmptyLine(bytes);
        }
        int end = HeadEnd.find(bytes);
        if (end == HeadEnd.BROKEN) {
            refuse(Refusal.BAD_LINE_END);
        } else if (end == HeadEnd.INCOMPLETE || end - bytes.position() > settings.maxRequestHeadBytes()) {
            awaitHead(bytes, first);
        } else {
            byte[] head = new byte[end - bytes.position()];
            bytes.get(head);
            begin(head, bytes);
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
        Refusal refusal = RequestHead.refusalOfStart(bytes, settings.maxUriBytes());
        if (refusal == null && bytes.remaining() > settings.maxRequestHeadBytes()) {
            refusal = Refusal.HEAD_TOO_LARGE;
        }
        if (refusal != null) {
            refuse(refusal);
            return;
        }
        held.set(bytes);
        if (first) {
            idleLooksLeft = 0;
            armTimer(settings.requestHeadTimeout().toNanos());
        }
    }

    private void begin(byte[] headBytes, ByteBuffer rest) {
        timer.cancel();
        emptyLineSkipped = false;
        ListenerRoutes here = router.table().listener(client.listener());
        boolean hostNeeded = here == null || here.only() == null;
        RequestHead.Reading reading = RequestHead.read(headBytes, settings.maxUriBytes(), hostNeeded);
        RequestHead head = reading.head();
        request = head;
        if (reading.refusal() != null) {
            refuse(reading.refusal());
            return;
        }
        HttpAsked asked = new HttpAsked(head, wire.remoteAddress().getAddress(), upstream);
        Decision decision = ListenerRoutes.decide(here, client.serverName(), head.host(), asked);
        Route chosen = decision.route();
        assignment = decision.assignment();
        if (assignment != null) {
            assignment.count();
        }
        route = chosen; // which has a say in what the client is told, also when refused
        if (decision.refusal() != null || chosen == null) {
            refuse(Objects.requireNonNull(decision.refusal()));
            return;
        }
        if (RequestBody.startsBroken(head.framing(), rest)) {
            refuse(Refusal.BAD_CHUNK);
            return;
        }
        StreamRecord opened =
                registry.open(chosen.liberator().ledger(), head.kind(), client, chosen.terms(), head.host());
        stream = opened;
        opened.carriedBy(this);
        opened.fromClient(headBytes.length, nowNanos());
        requestBody = head.framing().mode() == Framing.Mode.NONE ? null : new RequestBody(head.framing());
        boolean connected = upstream != null && upstream.serves(chosen.liberator());
        if (connected && chosen.liberator().standing().servesOpenConnections()) {
            opened.connected(0);
            sendRequest(rest);
        } else {
            closeUpstream();
            held.set(rest);
            connect(chosen, opened);
        }
    }

    private void connect(Route chosen, StreamRecord opened) {
        state = State.CONNECTING;
        opened.phase(Phase.CONNECT);
        boolean known = assignment != null && assignment.isProven();
        Dial started = Dial.start(wire, chosen, Dial.Port.HTTP, known, this);
        if (state == State.CONNECTING) {
            dial = started;
        }
    }

    @Override
    public void onConnected(Upstream connected, long nanos) {
        dial = null;
        upstream = connected;
        connected.wire().handler(new LiberatorSide());
        current().connected(nanos);
        sendRequest(held.take());
    }

    @Override
    public void onFailed(ConnectFailure failure) {
        dial = null;
        answer(failure.refusal(), failure.endCause());
    }

    /** Sends the head, and of the body what is there. */
    private void sendRequest(ByteBuffer rest) {
        Upstream to = Objects.requireNonNull(upstream);
        Route chosen = Objects.requireNonNull(route);
        Liberator liberator = chosen.liberator();
        state = State.RESPONSE_HEAD;
        current().phase(Phase.UPSTREAM_HEAD);
        if (!StickinessCheck.maySend(registry.stickiness(), current(), wire, to, chosen, assignment)) {
            answer(Refusal.STICKINESS, EndCause.APPLIANCE);
            return;
        }
        ByteBuffer out = wire.loop().composeBuffer();
        to.introduce(out);
        new RequestHeadWriter(
                        Objects.requireNonNull(request),
                        chosen.settings().forwarded(),
                        wire.remoteAddress().getAddress(),
                        client.isSecure(),
                        client.subject(),
                        assignment)
                .write(out, liberator.config().address());
        to.wire().resumeReading();
        bodyBytesAtCheck = current().fromClientBytes();
        continueAwaited = Objects.requireNonNull(request).expectsContinue() && !rest.hasRemaining();
        armTimer(continueAwaited ? chosen.responseHeadTimeoutNanos() : bodyRateNanos());
        forward(rest, out);
    }

    /** Sends what {@code out} holds already and as much of the request's body as {@code in} has. */
    private void forward(ByteBuffer in, ByteBuffer out) {
        Upstream to = Objects.requireNonNull(upstream);
        ByteBuffer next = out;
        while (true) {
            int before = in.remaining();
            RequestBody.Progress progress =
                    requestBody == null ? RequestBody.Progress.DONE : requestBody.feed(in, next);
            if (before > in.remaining()) {
                current().fromClient(before - in.remaining(), nowNanos());
            }
            next.flip();
            int bytes = next.remaining();
            Sent sent = to.wire().send(next);
            if (sent == Sent.LOST) {
                liberatorLost();
                return;
            }
            current().toLiberator(bytes, to.wire().pendingBytes(), nowNanos());
            if (progress == RequestBody.Progress.BROKEN) {
                refusedMidway(Refusal.BAD_CHUNK);
                return;
            }
            if (progress == RequestBody.Progress.DONE) {
                held.set(in);
                requestSent();
                return;
            }
            if (sent == Sent.LATER) {
                held.set(in);
                wire.pauseReading();
                return;
            }
            if (!in.hasRemaining()) {
                // What came while the Liberator was being connected may have filled our hands.
                wire.resumeReading();
                return;
            }
            next = wire.loop().composeBuffer();
        }
    }

    private void requestSent() {
        requestBody = null;
        continueAwaited = false;
        wire.resumeReading();
        if (state == State.RESPONSE_HEAD) {
            armTimer(Objects.requireNonNull(route).responseHeadTimeoutNanos());
        }
    }

    /** The Liberator's socket has taken what waited for it: more of the request's body may follow. */
    private void liberatorDrained() {
        if (requestBody != null && (state == State.RESPONSE_HEAD || state == State.RESPONSE_BODY)) {
            if (!held.isEmpty()) {
                forward(held.take(), wire.loop().composeBuffer());
            }
            if (requestBody != null && upstream != null && upstream.wire().pendingBytes() == 0) {
                wire.resumeReading();
            }
        }
    }

    // ---------------------------------------------------------------- the response

    private final class LiberatorSide implements Wire.Handler {
        @Override
        public void onReadable() {
            switch (state) {
                case RESPONSE_BODY -> relayBody();
                case RESPONSE_HEAD -> readResponseHead();
                case HEAD, TAKING -> idleUpstreamStirred();
                case CONNECTING, OVER -> {}
            }
        }

        @Override
        public void onDraining() {
            if (stream != null && upstream != null) {
                stream.toLiberator(0, upstream.wire().pendingBytes(), nowNanos());
            }
        }

        @Override
        public void onDrained() {
            liberatorDrained();
        }

        @Override
        public void onBroken(Throwable cause) {
            if (cause instanceof IOException) {
                liberatorLost();
            } else {
                end(EndCause.APPLIANCE);
            }
        }
    }

    /** Between requests a Liberator may only close; either way the pair has had its time. */
    private void idleUpstreamStirred() {
        if (Objects.requireNonNull(upstream).wire().read(wire.loop().readBuffer()) == 0) {
            return;
        }
        if (state == State.TAKING) {
            linger();
        } else {
            end(EndCause.LIBERATOR_CLOSED);
        }
    }

    private void readResponseHead() {
        ByteBuffer buffer = wire.loop().readBuffer();
        int read = Objects.requireNonNull(upstream).wire().read(buffer);
        if (read < 0) {
            liberatorLost();
            return;
        }
        current().fromLiberator(read, nowNanos());
        ByteBuffer bytes = responseHead.takeBefore(buffer.flip());
        while (bytes.hasRemaining() && state == State.RESPONSE_HEAD) {
            int end = HeadEnd.find(bytes);
            int length = (end == HeadEnd.INCOMPLETE ? bytes.limit() : end) - bytes.position();
            if (end == HeadEnd.BROKEN || length > MAX_RESPONSE_HEAD_BYTES) {
                answer(Refusal.LIBERATOR_FAULT, EndCause.LIBERATOR_FAULT);
                return;
            }
            if (end == HeadEnd.INCOMPLETE) {
                responseHead.set(bytes);
                return;
            }
            byte[] headBytes = new byte[length];
            bytes.get(headBytes);
            boolean toHead = Objects.requireNonNull(request).isHead();
            respond(ResponseHead.read(headBytes, toHead), bytes);
        }
    }

    private void respond(@Nullable ResponseHead head, ByteBuffer rest) {
        RequestHead asked = Objects.requireNonNull(request);
        if (head == null) {
            answer(Refusal.LIBERATOR_FAULT, EndCause.LIBERATOR_FAULT);
        } else if (!mayDeliver()) {
            answer(Refusal.STICKINESS, EndCause.APPLIANCE);
        } else if (head.isInterim()) {
            relayInterim(head, asked);
        } else if (head.status() == ResponseHead.SWITCHING_PROTOCOLS) {
            if (asked.isWebSocket() && head.accepts(asked.webSocketKey())) {
                becomeTunnel(head, rest);
            } else {
                answer(Refusal.LIBERATOR_FAULT, EndCause.LIBERATOR_FAULT);
            }
        } else {
            startBody(head, rest, asked);
        }
    }

    /** The audit of stickiness, once for each response: its interim heads belong to it. */
    private boolean mayDeliver() {
        Upstream from = Objects.requireNonNull(upstream);
        Route on = Objects.requireNonNull(route);
        return interimHeads > 0
                || StickinessCheck.mayDeliver(registry.stickiness(), current(), wire, from, on, assignment);
    }

    /** RFC 9110 §15.2: passed on to whoever can know it, never taken for the answer. */
    private void relayInterim(ResponseHead head, RequestHead asked) {
        bodyComes();
        if (++interimHeads > MAX_INTERIM_HEADS) {
            answer(Refusal.LIBERATOR_FAULT, EndCause.LIBERATOR_FAULT);
        } else if (asked.isHttp11()) {
            ByteBuffer out = wire.loop().composeBuffer();
            head.write(out, false, false, null);
            if (sendHead(out.flip()) && wire.pendingBytes() > 0) {
                Objects.requireNonNull(upstream).wire().pauseReading();
            }
        }
    }

    private void becomeTunnel(ResponseHead head, ByteBuffer rest) {
        ByteBuffer out = wire.loop().composeBuffer();
        head.write(out, false, false, setCookie());
        ByteBuffer glued = rest.duplicate();
        boolean together = rest.remaining() <= out.remaining();
        if (together) {
            out.put(rest);
        }
        if (!sendHead(out.flip()) || (!together && !sendHead(rest))) {
            return;
        }
        timer.cancel();
        state = State.OVER;
        Tunnel tunnel = new Tunnel(
                client, Objects.requireNonNull(upstream), current(), Objects.requireNonNull(route), registry);
        tunnel.passedOn(glued);
        tunnel.start(held.take());
        if (leaving != null) {
            tunnel.endPolitely(current(), leaving);
        }
    }

    /** Sends bytes of ours or of a head to the client; false when it is gone. */
    private boolean sendHead(ByteBuffer bytes) {
        int length = bytes.remaining();
        if (wire.send(bytes) == Sent.LOST) {
            clientLeft(EndCause.CLIENT_LOST);
            return false;
        }
        current().toClient(length, wire.pendingBytes(), nowNanos());
        return true;
    }

    private void startBody(ResponseHead head, ByteBuffer rest, RequestHead asked) {
        // A client that was promised no 100 owes no more of its body; one that is sending goes on being watched.
        armTimer(requestBody == null || continueAwaited ? 0 : bodyRateNanos());
        boolean decoding = !asked.isHttp11() && head.framing().mode() == Framing.Mode.CHUNKED;
        Kind kind = head.kind(asked.kind());
        endless = kind.isStream();
        // What came behind a WebSocket handshake was no request, and must not be taken for one.
        boolean earlyBytes = asked.isWebSocket() && !held.isEmpty();
        closeAfterResponse = leaving != null
                || router.isLeaving()
                || requestBody != null
                || earlyBytes
                || !asked.isPersistent()
                || !head.isPersistent()
                || (!endless && isLetGo());
        BodyFollower body = new BodyFollower(head.framing(), decoding);
        Pump toClient = new Pump(Objects.requireNonNull(upstream).wire(), wire, current(), true);
        responseBody = body;
        pump = toClient;
        request = null;
        state = State.RESPONSE_BODY;

        int part = body.follow(rest);
        boolean streams = body.isUnbounded() && !body.isDone() && asked.method().equals("GET");
        current().becomes(kind == Kind.OTHER && streams ? Kind.HTTP_STREAM : kind);
        registry.relaying(current());

        ByteBuffer out = wire.loop().composeBuffer();
        head.write(out, closeAfterResponse, decoding, setCookie());
        if (part == BodyFollower.BROKEN) {
            out.flip();
            if (sendHead(out)) {
                bodyMoved(Pump.Outcome.BROKEN);
            }
            return;
        }
        rest.limit(rest.position() + part);
        if (part > out.remaining()) {
            if (!sendHead(out.flip())) {
                return;
            }
            out = rest;
        } else {
            out.put(rest).flip();
        }
        Pump.Outcome outcome = toClient.send(out);
        if (body.isDone() && outcome != Pump.Outcome.SINK_LOST) {
            outcome = body.hasSurplus() ? Pump.Outcome.SURPLUS : Pump.Outcome.COMPLETE;
        }
        bodyMoved(outcome);
        if (leaving != null && state == State.RESPONSE_BODY) {
            stopBody(leaving);
        }
    }

    private void relayBody() {
        bodyMoved(Objects.requireNonNull(pump).run(responseBody));
    }

    private void bodyMoved(Pump.Outcome outcome) {
        BodyFollower body = Objects.requireNonNull(responseBody);
        switch (outcome) {
            case WAITING -> watch();
            case BEHIND -> {
                Objects.requireNonNull(upstream).wire().pauseReading();
                watch();
            }
            case COMPLETE, SURPLUS -> {
                if (body.isStopped()) {
                    endCleanly(Objects.requireNonNull(leaving));
                } else {
                    responseComplete(closeAfterResponse || outcome == Pump.Outcome.SURPLUS);
                }
            }
            case SOURCE_ENDED -> {
                if (body.endsWithConnection()) {
                    responseComplete(true);
                } else {
                    truncated(EndCause.LIBERATOR_LOST);
                }
            }
            case SOURCE_LOST -> truncated(EndCause.LIBERATOR_LOST);
            case BROKEN -> truncated(EndCause.LIBERATOR_FAULT);
            case SINK_LOST -> clientLeft(EndCause.CLIENT_LOST);
        }
    }

    /** Watches for a standstill, where the route asks for it or bytes wait for the client. */
    private void watch() {
        Route on = Objects.requireNonNull(route);
        if (watch == null && (on.streamIdleTimeoutNanos() > 0 || wire.pendingBytes() > 0)) {
            watch = new Watch(wire, current(), on, this::onStill);
        }
        if (watch != null) {
            watch.arm();
        }
    }

    private void onStill(EndCause cause) {
        registry.end(current(), cause);
        abandon();
    }

    private void responseComplete(boolean close) {
        registry.end(current(), EndCause.COMPLETED);
        boolean whole = requestBody == null;
        forgetExchange();
        if (close || !whole) {
            linger();
            return;
        }
        Objects.requireNonNull(upstream).wire().resumeReading();
        if (wire.pendingBytes() > 0) {
            state = State.TAKING;
            armTimer(Linger.NANOS);
        } else {
            nextRequest();
        }
    }

    private void nextRequest() {
        state = State.HEAD;
        idleLooksLeft = IDLE_LOOKS;
        armTimer(IDLE_LOOK.toNanos());
        wire.resumeReading();
        if (!held.isEmpty()) {
            serve(held.take(), true);
        }
    }

    private void forgetExchange() {
        if (watch != null) {
            watch.cancel();
            watch = null;
        }
        stream = null;
        request = null;
        requestBody = null;
        responseBody = null;
        pump = null;
        route = null;
        assignment = null;
        responseHead.clear();
        closeAfterResponse = false;
        interimHeads = 0;
        endless = false;
        leaving = null;
    }

    // ---------------------------------------------------------------- the end

    /** The Liberator's connection broke off where that is no proper end. */
    private void liberatorLost() {
        switch (state) {
            case RESPONSE_HEAD -> answer(Refusal.LIBERATOR_LOST, EndCause.LIBERATOR_LOST);
            case RESPONSE_BODY -> truncated(EndCause.LIBERATOR_LOST);
            default -> end(EndCause.LIBERATOR_LOST);
        }
    }

    /** Ends the client's connection so that it cannot take the response for complete. */
    private void truncated(EndCause cause) {
        boolean visible = Objects.requireNonNull(responseBody).showsTruncation();
        registry.end(current(), cause);
        if (visible) {
            linger();
        } else {
            abandon();
        }
    }

    /** Refuses a request of which nothing has gone upstream. */
    private void refuse(Refusal refusal) {
        answer(refusal, EndCause.REFUSED);
    }

    /** Refuses what the client sends while its request, or the response, is under way: both ends break off. */
    private void refusedMidway(Refusal refusal) {
        if (upstream != null) {
            upstream.reset();
            upstream = null;
        }
        if (state == State.RESPONSE_HEAD) {
            answer(refusal, EndCause.REFUSED);
        } else {
            countRefusal(refusal);
            end(EndCause.REFUSED);
        }
    }

    /** Gives Sluice's own answer and ends the connection. */
    private void answer(Refusal refusal, EndCause cause) {
        countRefusal(refusal);
        OnDown onDown = route == null ? settings.onDown() : route.settings().onDown();
        int status = Answer.status(refusal, onDown);
        if (stream != null) {
            registry.end(stream, cause);
        }
        if (status == Answer.NONE) {
            abandon();
        } else if (wire.send(Answer.of(status, refusal, takenBack())) == Sent.LOST) {
            abandon();
        } else {
            linger();
        }
    }

    /** What makes the client one of the Liberator that answered; only its own answer may say so. */
    private @Nullable String setCookie() {
        return assignment == null ? null : assignment.setCookie();
    }

    /** What lets a client that was refused start anew. */
    private @Nullable String takenBack() {
        return assignment != null && assignment.liberator().isEmpty() ? assignment.setCookie() : null;
    }

    private void countRefusal(Refusal refusal) {
        client.ledger().refusals().refused(refusal);
        String host = request == null ? "" : request.host();
        registry.log().refused(client.listener(), wire.remoteAddress(), host, refusal);
    }

    /** Ends the client's connection once it has had what is pending. */
    private void linger() {
        release();
        Linger.start(client, settings);
    }

    private void clientLeft(EndCause cause) {
        end(cause);
    }

    /** Ends both sides at once. */
    private void end(EndCause cause) {
        if (stream != null) {
            registry.end(stream, cause);
        }
        boolean brokenOff = cause != EndCause.CLIENT_CLOSED && cause != EndCause.LIBERATOR_CLOSED;
        if (brokenOff && responseBody != null) {
            abandon();
        } else {
            release();
            client.close();
        }
    }

    /** Ends both sides at once, the client's with a reset. */
    private void abandon() {
        release();
        client.reset();
    }

    /** Everything but the client's connection. */
    private void release() {
        timer.cancel();
        closeUpstream();
        forgetExchange();
        held.clear();
        state = State.OVER;
    }

    private void closeUpstream() {
        if (dial != null) {
            dial.cancel();
            dial = null;
        }
        if (upstream != null) {
            upstream.close();
            upstream = null;
        }
    }

    @Override
    public void endFor(StreamRecord asked, EndCause cause) {
        wire.loop().execute(() -> {
            if (isUnderWay(asked)) {
                end(cause);
            } else {
                asked.askToEnd(cause);
            }
        });
    }

    @Override
    public void endPolitely(StreamRecord asked, EndCause cause) {
        wire.loop().execute(() -> {
            if (isUnderWay(asked)) {
                leave(cause);
            } else {
                asked.askToEndPolitely(cause);
            }
        });
    }

    /** If not, it has ended, which makes asking again do nothing, or a tunnel carries it now, which is to be asked. */
    private boolean isUnderWay(StreamRecord asked) {
        return state != State.OVER && stream == asked;
    }

    private void leave(EndCause cause) {
        if (leaving == null) {
            leaving = cause;
            if (state == State.RESPONSE_BODY) {
                stopBody(cause);
            }
        }
    }

    /**
     * A stream that would go on for ever ends at its next chunk; what has an end of its own comes to it. Where the
     * response alone lets us think that it is endless, cutting it might make a part look like the whole.
     */
    private void stopBody(EndCause cause) {
        closeAfterResponse = true;
        if (endless && Objects.requireNonNull(responseBody).stopAtBoundary()) {
            endCleanly(cause);
        }
    }

    /** Ends a response between two of its chunks with the last chunk of ours. */
    private void endCleanly(EndCause cause) {
        if (!sendHead(ByteBuffer.wrap(LAST_CHUNK))) {
            return;
        }
        current().endsProperly();
        registry.end(current(), cause);
        linger();
    }

    @Override
    public int fromClientMessages() {
        return Follower.UNSEEN;
    }

    @Override
    public int toClientMessages() {
        BodyFollower body = responseBody;
        return body == null ? Follower.UNSEEN : body.messages();
    }

    // ---------------------------------------------------------------- deadlines

    /** Arms the timer; 0 = none. */
    private void armTimer(long nanos) {
        if (nanos > 0) {
            wire.loop().arm(timer, nanos);
        } else {
            timer.cancel();
        }
    }

    private void onTimer() {
        switch (state) {
            case HEAD -> headTimedOut();
            case RESPONSE_HEAD -> {
                if (requestBody == null || continueAwaited) {
                    answer(Refusal.RESPONSE_HEAD_TIMEOUT, EndCause.HEAD_TIMEOUT);
                } else {
                    checkBodyRate();
                }
            }
            case RESPONSE_BODY -> {
                if (requestBody != null) {
                    checkBodyRate();
                }
            }
            case TAKING -> takingTimedOut();
            case CONNECTING, OVER -> {}
        }
    }

    /** A connection that never asked, or has nothing more to ask, is closed without a word. */
    private void headTimedOut() {
        if (!held.isEmpty()) {
            answer(Refusal.HEAD_TIMEOUT, EndCause.REFUSED);
        } else if (--idleLooksLeft > 0 && !isLetGo()) {
            armTimer(IDLE_LOOK.toNanos());
        } else {
            end(EndCause.IDLE);
        }
    }

    /** Whether the Liberator is being emptied and it is this connection's turn, which is taken, to leave. */
    private boolean isLetGo() {
        return upstream != null && upstream.liberator().standing().letsGo();
    }

    private void checkBodyRate() {
        long bytes = current().fromClientBytes();
        boolean heldBack = upstream != null && upstream.wire().pendingBytes() > 0;
        if (!heldBack && bytes - bodyBytesAtCheck < bodyRate().bytes()) {
            refusedMidway(Refusal.BODY_TIMEOUT);
            return;
        }
        bodyBytesAtCheck = bytes;
        armTimer(bodyRateNanos());
    }

    private void takingTimedOut() {
        if (Linger.mayTakeLonger(wire, settings)) {
            armTimer(Linger.NANOS);
        } else if (wire.pendingBytes() > 0) {
            abandon();
        } else {
            release();
            client.close();
        }
    }

    private long nowNanos() {
        return wire.loop().turnNanos();
    }

    private StreamRecord current() {
        return Objects.requireNonNull(stream);
    }
}
