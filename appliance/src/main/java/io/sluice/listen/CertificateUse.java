package io.sluice.listen;

import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many open connections were shown each certificate of a listener, also one that has been replaced since.
 *
 * <p><b>Threading:</b> any thread. Holds an entry only for certificates that connections use.
 */
final class CertificateUse {
    private final ConcurrentMap<X509Certificate, Integer> connections = new ConcurrentHashMap<>();

    void taken(X509Certificate shown) {
        connections.merge(shown, 1, Integer::sum);
    }

    void gone(X509Certificate shown) {
        connections.computeIfPresent(shown, (key, count) -> count == 1 ? null : count - 1);
    }

    int connections(X509Certificate shown) {
        return connections.getOrDefault(shown, 0);
    }

    Set<X509Certificate> inUse() {
        return Set.copyOf(connections.keySet());
    }
}
