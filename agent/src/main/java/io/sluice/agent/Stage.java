package io.sluice.agent;

import java.util.Locale;

/** The stages that are timed, in the order of a stream's life; each is named for the event that ends it. */
enum Stage {
    ACCEPT("from the accepted connection to its wire on its loop: ours"),
    TLS("from there to the end of the TLS handshake: ours and the client's, with its round trips"),
    HEAD("from a request's first byte to its head read and checked: mostly the client's"),
    ROUTE("from there to the route chosen and the stream opened: ours"),
    CONNECT("the connection to the Liberator: the network's and the Liberator's; none on a kept connection"),
    UPSTREAM_HEAD("from the connection to the Liberator's response head: the Liberator's"),
    FIRST_BYTE("from there to head and first bytes written to the client: ours"),
    TO_CLIENT("a message read from the Liberator to written to the client: ours"),
    TO_LIBERATOR("a message read from the client to written to the Liberator: ours"),
    CLIENT_WAIT("bytes that waited because the client's socket was full: the client's and its network's"),
    LIBERATOR_WAIT("bytes that waited because the Liberator's socket was full: the Liberator's");

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final String sentence;

    Stage(String sentence) {
        this.sentence = sentence;
    }

    /** As in MBean names and traces: {@code first-byte}. */
    String label() {
        return label;
    }

    /** The same as part of a key: {@code first_byte}. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is timed, and whose time it is. */
    String sentence() {
        return sentence;
    }
}
