package io.sluice.account;

import java.util.Locale;

/**
 * The kind of a stream: StreamLink's six connection types, ordinary requests, and what nobody here can see.
 *
 * <p>A kind is for accounting only; how bytes are relayed never depends on it. Where a stream may be ended does.
 */
public enum Kind {
    /** Type 1: raw TCP lines. */
    DIRECT,
    /** Type 2: an endless HTTP response. */
    HTTP_STREAM,
    /** Type 3: one short request a second. */
    POLL,
    /** Type 5: an endless HTML page of script calls. */
    FOREVER_FRAME,
    /** Type 8. */
    WEBSOCKET,
    /** Type 9: server-sent events. */
    SSE,
    /** TLS passed through: what it carries is between the client and its Liberator. */
    TLS,
    /** Files, commands and whatever else comes through the same host. */
    OTHER;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As it stands in the log, the MBeans and the console, such as {@code http-stream}. */
    public String label() {
        return label;
    }

    /** Whether nobody here can see where its messages end, so that it can be ended in the middle of one only. */
    public boolean isSealed() {
        return this == TLS;
    }

    /** Whether it is a stream that lasts, as against a request that is soon over. */
    public boolean isStream() {
        return this != POLL && this != OTHER;
    }
}
