package io.sluice.config;

/**
 * What the appliance as a whole lets in.
 *
 * @param connections most client connections at a time; 0: no limit; {@link #AUTO}: as many as descriptors allow
 * @param descriptorReserve descriptors kept free for management, logs and open streams
 */
public record ProcessLimits(int connections, int descriptorReserve) {
    public static final int AUTO = -1;

    public static final ProcessLimits DEFAULTS = new ProcessLimits(AUTO, 32);
}
