package io.sluice.init;

/**
 * A certificate and its key, as PEM files.
 *
 * @param chain the file of the certificate and its intermediates
 * @param key the file of the private key
 */
public record Certificate(String chain, String key) {}
