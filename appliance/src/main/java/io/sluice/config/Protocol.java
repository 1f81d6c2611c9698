package io.sluice.config;

/** A version of HTTP that a listener speaks, in the order in which they are offered. */
public enum Protocol {
    HTTP_2("h2"),
    HTTP_1_1("http/1.1");

    private final String label;

    Protocol(String label) {
        this.label = label;
    }

    /** As in the configuration and in TLS (RFC 7301 §6). */
    public String label() {
        return label;
    }
}
