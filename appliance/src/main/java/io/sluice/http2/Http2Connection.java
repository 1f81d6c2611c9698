package io.sluice.http2;

import io.sluice.account.Refusal;
import io.sluice.account.StreamRegistry;
import io.sluice.config.Settings;
import io.sluice.loop.EdgeLoop;
import io.sluice.loop.Wire;
import io.sluice.relay.Arrival;
import io.sluice.relay.HttpPair;
import io.sluice.route.Router;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that speaks HTTP/2, and the streams on it.
 *
 * <pre>
 * PREFACE ─► OPEN ─► CLOSING ─► OVER
 *                    a GOAWAY was sent; the client may read it before the connection closes
 * </pre>
 *
 * <p>What the client sends is read in turns: all frames of one read first, then the pairs are told what came for them,
 * then everything that is to be said goes out in one write. A pair that writes on its own account makes a turn of its
 * own.
 *
 * <p><b>Threading:</b> the loop's thread, except {@link #drain}. Never blocks.
 *
 * <p><b>Bounds:</b> {@value Streams#MOST_OPEN} streams, each with what its window lets in and what {@link Wire} lets
 * wait outwards; one field block; {@value HpackReader#MAX_TABLE_BYTES} bytes of table. An idle connection holds no
 * buffer.
 */
final class Http2Connection {
    private enum State {
        PREFACE,
        OPEN,
        CLOSING,
        OVER
    }

    /** RFC 9113 §3.4. */
    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Resets of the client's and those it provokes (CVE-2023-44487, CVE-2025-8671), at once and in each second. */
    private static final int RESETS = 200;

    /** The window of the connection is given back at once; the streams' windows are what holds a client back. */
    private static final int WINDOW = 1024 * 1024;

    private final Arrival client;
    private final Wire wire;
    private final Router router;
    private final StreamRegistry registry;
    private final Settings settings;
    private final Http2Connections all;
    private final Output output;
    private final Streams streams = new Streams();
    private final Farewell farewell;
    private final FrameRules rules;
    private final FrameReader reader;
    private final Timeouts timeouts;
    private final Calm resets = new Calm(RESETS, RESETS);
    private final ArrayDeque<StreamWire> touched = new ArrayDeque<>();

    private State state = State.PREFACE;
    private int prefaceRead;
    private int window = Frame.FIRST_WINDOW;
    private int windowUsed;
    private boolean deliveryDue;
    private boolean readPaused;

    private Http2Connection(
            Arrival client, Router router, StreamRegistry registry, Settings settings, Http2Connections all) {
        this.client = client;
        this.wire = client.wire();
        this.router = router;
        this.registry = registry;
        this.settings = settings;
        this.all = all;
        this.output = new Output(wire);
        this.farewell = new Farewell(this, streams, output);
        this.rules = new FrameRules(this, streams, output, farewell, settings.maxRequestHeadBytes());
        this.reader = new FrameReader(rules);
        this.timeouts = new Timeouts(this, wire, settings);
    }

    /**
     * Serves {@code client} from now on.
     *
     * @param settings those of the listener
     * @param early what the client sent so far
     */
    static void open(
            Arrival client,
            Router router,
            StreamRegistry registry,
            Settings settings,
            Http2Connections all,
            ByteBuffer early) {
        Http2Connection connection = new Http2Connection(client, router, registry, settings, all);
        all.opened(connection);
        client.ledger().http2().connection();
        connection.wire.handler(connection.new ClientSide());
        connection.wire.resumeReading();
        connection.begin();
        try {
            connection.putGreeting();
            connection.received(early);
        } finally {
            connection.end();
        }
    }

    EdgeLoop loop() {
        return wire.loop();
    }

    InetSocketAddress remoteAddress() {
        return wire.remoteAddress();
    }

    InetSocketAddress localAddress() {
        return wire.localAddress();
    }

    // ---------------------------------------------------------------- turns

    private final class ClientSide implements Wire.Handler {
        @Override
        public void onReadable() {
            ByteBuffer buffer = loop().readBuffer();
            int read = wire.read(buffer);
            if (read < 0) {
                over(read == Wire.END);
            } else if (read > 0) {
                turn(buffer.flip());
            }
        }

        @Override
        public void onDraining() {}

        @Override
        public void onDrained() {
            turn(ByteBuffer.allocate(0));
        }

        @Override
        public void onBroken(Throwable cause) {
            over(false);
        }
    }

    /** Reads all of {@code bytes}, then tells the pairs, then lets those write that had to wait. */
    private void turn(ByteBuffer bytes) {
        begin();
        deliveryDue = true;
        try {
            received(bytes);
            deliver();
            output.moveWaiting();
            deliver();
        } finally {
            deliveryDue = false;
            end();
        }
    }

    private void received(ByteBuffer bytes) {
        if (state == State.PREFACE) {
            readPreface(bytes);
        }
        if (state == State.OPEN) {
            reader.read(bytes);
        }
    }

    private void readPreface(ByteBuffer bytes) {
        while (prefaceRead < PREFACE.length && bytes.hasRemaining()) {
            if (bytes.get() != PREFACE[prefaceRead++]) {
                fail(ErrorCode.PROTOCOL_ERROR, Refusal.H2_PREFACE);
                return;
            }
        }
        if (prefaceRead == PREFACE.length) {
            state = State.OPEN;
        }
    }

    /** A turn of the output begins, maybe within another; {@link #end} must follow. */
    void begin() {
        output.begin();
    }

    void end() {
        if (output.end()) {
            turnEnded();
        }
    }

    private void turnEnded() {
        if (state == State.OVER) {
            return;
        }
        if (output.isLost()) {
            loop().execute(() -> over(false));
            return;
        }
        if (state == State.OPEN && farewell.isSaid() && streams.isEmpty()) {
            state = State.CLOSING;
            streams.leave(true);
        }
        if (state == State.CLOSING) {
            wire.endOutput();
        }
        boolean full = state != State.CLOSING && output.isFull();
        if (full != readPaused) {
            readPaused = full;
            if (full) {
                wire.pauseReading();
            } else {
                wire.resumeReading();
            }
        }
        timeouts.look(state == State.CLOSING, streams.isEmpty(), rules, reader);
    }

    /** {@code stream} has something to tell its pair, once nobody is in the middle of something. */
    void touched(StreamWire stream) {
        touched.add(stream);
        if (!deliveryDue) {
            deliveryDue = true;
            loop().execute(this::deliverLater);
        }
    }

    private void deliverLater() {
        begin();
        try {
            deliver();
        } finally {
            deliveryDue = false;
            end();
        }
    }

    private void deliver() {
        for (StreamWire next = touched.poll(); next != null; next = touched.poll()) {
            next.deliver();
        }
    }

    // ---------------------------------------------------------------- streams

    /**
     * A request has come.
     *
     * @param ends whether no DATA follows
     * @param wrong why it is no request; null when it is one
     */
    void streamBegins(int stream, RequestFields fields, boolean ends, @Nullable Refusal wrong) {
        streams.used(stream);
        if (farewell.isSaid()) {
            reset(stream, ErrorCode.REFUSED_STREAM);
        } else if (wrong != null) {
            streamError(stream, ErrorCode.PROTOCOL_ERROR, wrong);
        } else if (streams.isFull()) {
            streamError(stream, ErrorCode.REFUSED_STREAM, Refusal.H2_STREAMS);
        } else if (fields.isTooLarge()) {
            refuse(stream, Refusal.HEAD_TOO_LARGE, ends);
        } else {
            StreamWire carrier = carrier(fields.authority());
            streams.begins(carrier);
            carrier.start(stream, fields, ends, streams.firstWindow());
            client.ledger().http2().stream(fields.isWebSocket());
        }
    }

    /** A wire whose pair has served {@code authority} and is idle, or a new one. */
    private StreamWire carrier(String authority) {
        StreamWire idle = streams.takeIdle(authority);
        if (idle != null) {
            return idle;
        }
        StreamWire carrier = new StreamWire(this, output);
        HttpPair.open(client.forStream(carrier, () -> {}), router, registry, settings);
        return carrier;
    }

    /** Our own answer to a request that no pair has seen. */
    private void refuse(int stream, Refusal refusal, boolean ends) {
        count(refusal);
        ByteBuffer block = output.newBlock(128);
        HpackWriter.status(refusal.status(), block);
        HpackWriter.field("content-length", "0", block);
        HpackWriter.field("cache-control", "no-store", block);
        output.putHeaders(stream, block.flip(), true);
        if (ends) {
            streams.departed().ended(stream);
        } else {
            reset(stream, ErrorCode.NO_ERROR);
        }
    }

    private void reset(int stream, ErrorCode code) {
        streams.departed().resetByUs(stream);
        putReset(stream, code);
    }

    /** The client did wrong on {@code stream}, which ends. */
    void streamError(int stream, ErrorCode code, Refusal refusal) {
        count(refusal);
        StreamWire open = streams.open(stream);
        if (open != null) {
            streams.breaksOff(open);
            open.gone(false);
        }
        reset(stream, code);
        countReset();
    }

    /** The client has reset {@code stream}. */
    void resetByClient(int stream, int code) {
        StreamWire open = streams.open(stream);
        if (open != null) {
            streams.breaksOff(open);
            streams.departed().ended(stream);
            open.gone(ErrorCode.isOrderly(code));
        }
        countReset();
    }

    private void countReset() {
        if (!resets.use(1)) {
            fail(ErrorCode.ENHANCE_YOUR_CALM, Refusal.H2_RESETS);
        }
    }

    /** Both sides of {@code carrier}'s stream have sent all. */
    void streamEnded(StreamWire carrier) {
        streams.ended(carrier);
    }

    /** The pair gives up {@code carrier}'s stream. */
    void reset(StreamWire carrier, ErrorCode code) {
        streams.breaksOff(carrier);
        reset(carrier.id(), code);
    }

    /** The pair behind {@code carrier} is gone. */
    void closed(StreamWire carrier) {
        streams.closed(carrier);
    }

    // ---------------------------------------------------------------- windows

    /** A DATA frame of {@code bytes} begins; false when the connection's window does not allow it. */
    boolean allows(int bytes) {
        window -= bytes;
        windowUsed += bytes;
        boolean allowed = window >= 0;
        if (windowUsed > WINDOW / 4) {
            putWindowUpdate(0, windowUsed);
            window += windowUsed;
            windowUsed = 0;
        }
        return allowed;
    }

    /** A DATA frame was sent. */
    void dataSent() {
        rules.dataSent();
    }

    // ---------------------------------------------------------------- frames of ours

    private void putGreeting() {
        output.putSettings(Streams.MOST_OPEN, settings.maxRequestHeadBytes());
        output.putWindowUpdate(0, WINDOW - Frame.FIRST_WINDOW);
        window = WINDOW;
    }

    void putWindowUpdate(int stream, int bytes) {
        if (state != State.OVER) {
            begin();
            output.putWindowUpdate(stream, bytes);
            end();
        }
    }

    private void putReset(int stream, ErrorCode code) {
        if (state != State.OVER) {
            begin();
            output.putReset(stream, code);
            end();
        }
    }

    // ---------------------------------------------------------------- the end

    /** Whether nothing the client sends counts any more. */
    boolean isOver() {
        return state == State.CLOSING || state == State.OVER;
    }

    /** The client did wrong: its connection ends, and all that is on it. */
    void fail(ErrorCode code, Refusal refusal) {
        if (isOver()) {
            return;
        }
        count(refusal);
        state = State.CLOSING;
        begin();
        output.putGoAway(streams.last(), code);
        streams.leave(false);
        end();
    }

    private void count(Refusal refusal) {
        client.refused(refusal, "", registry.log());
    }

    /**
     * Takes no more streams, lets those that are open end, then closes; from any thread.
     */
    void drain() {
        loop().execute(() -> {
            if (!isOver()) {
                takeNoMore();
            }
        });
    }

    /** Lets the streams that are open end, then closes. */
    void takeNoMore() {
        farewell.begin(loop());
    }

    /** The client takes nothing of what it is sent. */
    void stalled() {
        count(Refusal.H2_STALLED);
        gone(false);
        client.reset();
    }

    /** The client's connection is no more. */
    void over(boolean orderly) {
        if (state == State.OVER) {
            return;
        }
        gone(orderly);
        client.close();
    }

    private void gone(boolean orderly) {
        state = State.OVER;
        all.over(this);
        timeouts.stop();
        farewell.cancel();
        streams.leave(orderly);
    }
}
