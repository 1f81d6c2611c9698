package io.sluice.http2;

/** What is told in SETTINGS, by its identifiers: as much of it as either side here has a use for. */
final class Setting {
    /** One of them, identifier and value. */
    static final int BYTES = 6;

    // RFC 9113 §6.5.2
    static final int ENABLE_PUSH = 2;
    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int MAX_FRAME_SIZE = 5;
    static final int MAX_HEADER_LIST_SIZE = 6;

    // RFC 8441 §3
    static final int ENABLE_CONNECT_PROTOCOL = 8;

    private Setting() {}
}
