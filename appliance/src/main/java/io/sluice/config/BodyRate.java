package io.sluice.config;

import java.time.Duration;

/** At least {@code bytes} in any {@code per}; both are more than 0. */
public record BodyRate(int bytes, Duration per) {}
