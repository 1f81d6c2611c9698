package io.sluice.account;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where streams come from: one client connection.
 *
 * <p>Implemented by the connection itself, so that a record costs one reference for all of it.
 *
 * <p><b>Threading:</b> any thread; what it says never changes.
 */
public interface Origin {
    /** The name of the listener that accepted it. */
    String listener();

    /** The client's address. */
    InetSocketAddress client();

    /** The canonical TLS server name; null when there was none. */
    @Nullable
    String serverName();

    /** What is spoken on it, as people write it: {@code http/1.1}, {@code h2}, {@code direct}. */
    String protocol();

    /** Whether it came over TLS. */
    boolean isSecure();
}
