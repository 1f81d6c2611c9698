package io.sluice.http2;

import io.sluice.account.Refusal;
import io.sluice.account.StreamRegistry;
import io.sluice.config.Protocol;
import io.sluice.config.Settings;
import io.sluice.relay.Arrival;
import io.sluice.relay.HttpPair;
import io.sluice.route.Router;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Which version of HTTP a client's connection speaks, on a listener that speaks HTTP/2.
 *
 * <p>Over TLS the two sides have agreed (ALPN, RFC 7301); a client that did not take part speaks HTTP/1.1 where that is
 * allowed. On a plain listener HTTP/2 is told by its first bytes (RFC 9113 §3.3, prior knowledge); an Upgrade to it is
 * never taken.
 *
 * <p><b>Threading:</b> immutable; {@link #serve} on the loop of the connection.
 */
public final class Http2 {
    private final Set<Protocol> protocols;
    private final Router router;
    private final StreamRegistry registry;
    private final Http2Connections connections;

    /**
     * @param protocols what the listener speaks, HTTP/2 among it
     */
    public Http2(Set<Protocol> protocols, Router router, StreamRegistry registry, Http2Connections connections) {
        this.protocols = protocols;
        this.router = router;
        this.registry = registry;
        this.connections = connections;
    }

    /**
     * Serves {@code client} from now on.
     *
     * @param agreed the protocol that was agreed on with TLS; empty for none
     * @param settings those of the listener
     * @param early what it has sent so far, read already; lent until this returns
     */
    public void serve(Arrival client, String agreed, Settings settings, ByteBuffer early) {
        if (agreed.equals(Protocol.HTTP_2.label()) || !protocols.contains(Protocol.HTTP_1_1)) {
            serveHttp2(client, settings, early);
        } else if (client.isSecure()) {
            serveHttp1(client, settings, early);
        } else {
            new FirstBytes(client, this, settings).await(early);
        }
    }

    /** Counts and logs what was refused of {@code client} before its version was known. */
    void refused(Arrival client, Refusal refusal) {
        client.refused(refusal, "", registry.log());
    }

    void serveHttp1(Arrival client, Settings settings, ByteBuffer early) {
        HttpPair.open(client, router, registry, settings, early);
    }

    void serveHttp2(Arrival client, Settings settings, ByteBuffer early) {
        Http2Connection.open(client, router, registry, settings, connections, early);
    }
}
