package io.sluice.config;

/** What a listener lets in at a time; 0: no limit. */
public record Limits(int connections, int connectionsPerAddress) {
    public static final Limits DEFAULTS = new Limits(50_000, 0);
}
