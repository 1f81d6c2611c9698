package io.sluice.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards clients.
 *
 * @param certificates at least one; the first is the default
 * @param versions at least one; {@code TLSv1.2}, {@code TLSv1.3}
 * @param trust PEM file of the authorities whose client certificates are accepted; null exactly when none are asked
 *     for
 * @param clientSubjectHeader the field in which a Liberator is told the verified subject; null: none
 */
public record TlsConfig(
        List<CertificateFiles> certificates,
        Set<String> versions,
        UnknownSni unknownSni,
        ClientAuth clientAuth,
        @Nullable Path trust,
        @Nullable String clientSubjectHeader) {
    public TlsConfig {
        certificates = List.copyOf(certificates);
        versions = Set.copyOf(versions);
    }

    /** Files that were there when the configuration was read. Their content is for whoever uses them to check. */
    public sealed interface CertificateFiles {
        /** All of them. */
        List<Path> files();

        /**
         * PEM files.
         *
         * @param passwordFile its first line opens {@code key}; null: the key is not encrypted
         */
        record Pem(Path chain, Path key, @Nullable Path passwordFile) implements CertificateFiles {
            @Override
            public List<Path> files() {
                return passwordFile == null ? List.of(chain, key) : List.of(chain, key, passwordFile);
            }
        }

        /** A PKCS #12 file: every key in it with its chain. */
        record Pkcs12(Path keystore, Path passwordFile) implements CertificateFiles {
            @Override
            public List<Path> files() {
                return List.of(keystore, passwordFile);
            }
        }
    }

    /** Whether clients show a certificate. */
    public enum ClientAuth {
        /** They are not asked. */
        NONE,
        /** They are asked and may have none; one that is shown must be good. */
        WANT,
        /** A good one, or no connection. */
        NEED
    }

    /** For a client that asks for a name no certificate has. */
    public enum UnknownSni {
        /** {@code unrecognized_name} alert. */
        REJECT,
        /** The first certificate. */
        DEFAULT
    }
}
