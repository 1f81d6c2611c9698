package io.sluice.http2;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The clients' connections that speak HTTP/2 now, whichever listener they came through and whatever became of it.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class Http2Connections {
    private final Set<Http2Connection> open = ConcurrentHashMap.newKeySet();

    void opened(Http2Connection connection) {
        open.add(connection);
    }

    void over(Http2Connection connection) {
        open.remove(connection);
    }

    /** Tells each to take no more streams and to close after its last one. */
    public void drain() {
        open.forEach(Http2Connection::drain);
    }
}
