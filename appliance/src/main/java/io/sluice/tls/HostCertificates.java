package io.sluice.tls;

import io.sluice.config.TlsConfig.CertificateFiles;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a listener as they were read at one moment, and the choice among them by server name: an exact
 * name before a wildcard, the first certificate where the client names no host or one that none is for.
 *
 * <p><b>Threading:</b> immutable; any thread.
 *
 * @param all at least one, in the order of the configuration
 */
public record HostCertificates(List<HostCertificate> all) {
    public HostCertificates {
        all = List.copyOf(all);
    }

    /**
     * Reads and checks {@code files}.
     *
     * @throws IOException when one cannot be used; the message names the file and the cause
     */
    public static HostCertificates read(List<CertificateFiles> files) throws IOException {
        return new HostCertificates(CertificateReader.read(files));
    }

    /** Whether there is a certificate for {@code host}, a canonical name. */
    public boolean covers(String host) {
        return all.stream().anyMatch(each -> each.isFor(host, true) || each.isFor(host, false));
    }

    /**
     * The certificate to show.
     *
     * @param host canonical; null when the client named none
     * @param keyType what the client can check, as the TLS engine calls it
     * @return null when none of that type is for the host: the engine then asks for another type
     */
    @Nullable
    HostCertificate choose(@Nullable String host, String keyType) {
        if (host != null && covers(host)) {
            HostCertificate exact = first(host, true, keyType);
            return exact != null || isNamed(host) ? exact : first(host, false, keyType);
        }
        return all.stream().filter(each -> each.isOfType(keyType)).findFirst().orElse(null);
    }

    /** Whether one of them has the very name: then a wildcard stands back for every type of key. */
    private boolean isNamed(String host) {
        return all.stream().anyMatch(each -> each.isFor(host, true));
    }

    private @Nullable HostCertificate first(String host, boolean exact, String keyType) {
        return all.stream()
                .filter(each -> each.isFor(host, exact) && each.isOfType(keyType))
                .findFirst()
                .orElse(null);
    }

    @Nullable
    HostCertificate withAlias(String alias) {
        return all.stream()
                .filter(each -> each.alias().equals(alias))
                .findFirst()
                .orElse(null);
    }
}
