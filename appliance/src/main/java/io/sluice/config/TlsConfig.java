package io.sluice.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * TLS towards clients.
 *
 * @param certificates at least one; the first is the default
 * @param versions at least one; {@code TLSv1.2}, {@code TLSv1.3}
 */
public record TlsConfig(List<CertificateFiles> certificates, Set<String> versions, UnknownSni unknownSni) {
    public TlsConfig {
        certificates = List.copyOf(certificates);
        versions = Set.copyOf(versions);
    }

    /** PEM files that were there when the configuration was read. Their content is for whoever uses them to check. */
    public record CertificateFiles(Path chain, Path key) {}

    /** For a client that asks for a name no certificate has. */
    public enum UnknownSni {
        /** {@code unrecognized_name} alert. */
        REJECT,
        /** The first certificate. */
        DEFAULT
    }
}
