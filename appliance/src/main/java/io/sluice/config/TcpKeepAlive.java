package io.sluice.config;

import java.time.Duration;

/**
 * When TCP asks a silent peer whether it is still there (RFC 9293 §3.8.4), and when it takes it for gone.
 *
 * @param idle silence before the first probe, in whole seconds; zero: never asked
 * @param interval between two probes, in whole seconds, at least one
 * @param probes so many without an answer, and the connection is lost; at least one
 */
public record TcpKeepAlive(Duration idle, Duration interval, int probes) {
    /** The most that Linux takes for either time. */
    static final int MOST_SECONDS = 32_767;

    public boolean isOff() {
        return idle.isZero();
    }
}
