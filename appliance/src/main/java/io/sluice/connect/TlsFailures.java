package io.sluice.connect;

import io.sluice.route.Liberator;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log says of TLS handshakes with Liberators that failed: a line for each Liberator a minute at most, with how
 * many there were since the one before.
 *
 * <p><b>Threading:</b> any thread.
 */
final class TlsFailures {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFailures.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final ConcurrentMap<String, Line> LAST = new ConcurrentHashMap<>();

    private TlsFailures() {}

    /** A line that was written. */
    private record Line(long atNanos, long failures) {}

    static void log(Liberator liberator, String cause) {
        long now = System.nanoTime();
        long failures = liberator.ledger().connectionsTlsFailed();
        LAST.compute(liberator.name(), (name, last) -> {
            if (last != null && now - last.atNanos < QUIET_NANOS) {
                return last;
            }
            long more = failures - (last == null ? 0 : last.failures);
            LOG.warn("liberator.tls name={} failures={} cause=\"{}\"", name, more, cause);
            return new Line(now, failures);
        });
    }

    /** The cause that an operator can do something about, control characters of the peer's escaped. */
    static String sentence(IOException failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).replaceAll("[^ -~]", "?");
    }
}
