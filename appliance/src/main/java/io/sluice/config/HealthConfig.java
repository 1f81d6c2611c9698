package io.sluice.config;

import java.time.Duration;

/**
 * How a Liberator is probed.
 *
 * @param interval between two probes
 * @param rise successes in a row until it counts as up
 * @param fall failures in a row until it counts as down
 */
public record HealthConfig(Check check, Duration interval, int rise, int fall) {
    public static final HealthConfig DEFAULTS = new HealthConfig(new Tcp(), Duration.ofSeconds(5), 2, 3);

    /** What a probe does. */
    public sealed interface Check {}

    /** No probe; failures to connect still show. */
    public record Off() implements Check {}

    /** The Liberator accepts a connection. */
    public record Tcp() implements Check {}

    /** It answers {@code GET path} with {@code expectStatus}. */
    public record Http(String path, int expectStatus) implements Check {}
}
