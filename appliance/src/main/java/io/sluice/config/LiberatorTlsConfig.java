package io.sluice.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards a Liberator.
 *
 * @param trust PEM file of the authorities of its certificate; null: those of the Java runtime
 * @param serverName what its certificate must be for, and what it is asked for (SNI); null: the host of the address
 * @param verified whether its certificate is checked at all
 */
public record LiberatorTlsConfig(
        @Nullable Path trust, @Nullable String serverName, boolean verified) {}
