package io.sluice.tls;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * One certificate that a listener can show: its chain, its key and the names it is for. The key belongs to it and the
 * chain is in order; dates are not judged, an expired one is served with an alarm.
 *
 * @param alias different from that of any other certificate of the process, also of one that it replaces
 * @param chain its own certificate first
 * @param names canonical host names, a wildcard as {@code *.example.com}
 * @param file where it was read
 */
public record HostCertificate(
        String alias, List<X509Certificate> chain, PrivateKey key, List<String> names, Path file) {
    public HostCertificate {
        chain = List.copyOf(chain);
        names = List.copyOf(names);
    }

    public X509Certificate own() {
        return chain.get(0);
    }

    /**
     * Whether it is for {@code host}: by its very name, or by a wildcard that stands for the first label.
     *
     * @param host canonical
     */
    boolean isFor(String host, boolean exact) {
        int dot = host.indexOf('.');
        for (String name : names) {
            boolean wildcard = name.startsWith("*.");
            boolean matches = exact
                    ? !wildcard && name.equals(host)
                    : wildcard
                            && dot > 0
                            && name.length() - 1 == host.length() - dot
                            && name.endsWith(host.substring(dot));
            if (matches) {
                return true;
            }
        }
        return false;
    }

    /** Whether it can sign for what the TLS engine calls {@code keyType}, as in {@code EC} or {@code RSA}. */
    boolean isOfType(String keyType) {
        String algorithm = key.getAlgorithm();
        return keyType.equals(algorithm)
                || keyType.startsWith(algorithm + "_")
                || keyType.startsWith(algorithm + "SSA");
    }

    /** Never the key. */
    @Override
    public String toString() {
        return "HostCertificate[" + alias + ", " + names + ", " + file + "]";
    }
}
