package io.sluice.account;

import java.util.concurrent.atomic.LongAdder;

/**
 * What came to one listener over HTTP/2.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class Http2Ledger {
    private final LongAdder connections = new LongAdder();
    private final LongAdder streams = new LongAdder();
    private final LongAdder webSockets = new LongAdder();

    Http2Ledger() {}

    public void connection() {
        connections.increment();
    }

    /**
     * A stream was opened.
     *
     * @param webSocket whether it asks for a WebSocket (RFC 8441)
     */
    public void stream(boolean webSocket) {
        streams.increment();
        if (webSocket) {
            webSockets.increment();
        }
    }

    public long connectionsTotal() {
        return connections.sum();
    }

    public long streamsTotal() {
        return streams.sum();
    }

    /** Those of the streams that asked for a WebSocket. */
    public long webSocketsTotal() {
        return webSockets.sum();
    }
}
