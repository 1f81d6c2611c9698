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
 */
public record TlsConfig(List<CertificateFiles> certificates, Set<String> versions, UnknownSni unknownSni) {
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

    /** For a client that asks for a name no certificate has. */
    public enum UnknownSni {
        /** {@code unrecognized_name} alert. */
        REJECT,
        /** The first certificate. */
        DEFAULT
    }
}
