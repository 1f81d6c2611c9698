package io.sluice.relay;

import io.sluice.account.ListenerLedger;
import io.sluice.account.Origin;
import io.sluice.account.Refusal;
import io.sluice.account.StreamLog;
import io.sluice.loop.Wire;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An accepted client connection: its wire, how it came in, and its place in the listener's count.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
public final class Arrival implements Origin {
    private final Wire wire;
    private final String listener;
    private final ListenerLedger ledger;
    private final String protocol;
    private final boolean secure;
    private final @Nullable String serverName;
    private final @Nullable VerifiedSubject subject;
    private final Runnable onGone;
    private boolean gone;

    /**
     * @param protocol what is spoken on it, as {@link Origin#protocol}
     * @param secure whether it came over TLS
     * @param serverName the canonical TLS server name; null when there was none
     * @param subject what the Liberator is told of the client's certificate; null when nothing
     * @param onGone called once when the connection is closed
     */
    public Arrival(
            Wire wire,
            String listener,
            ListenerLedger ledger,
            String protocol,
            boolean secure,
            @Nullable String serverName,
            @Nullable VerifiedSubject subject,
            Runnable onGone) {
        this.wire = wire;
        this.listener = listener;
        this.ledger = ledger;
        this.protocol = protocol;
        this.secure = secure;
        this.serverName = serverName;
        this.subject = subject;
        this.onGone = onGone;
    }

    /**
     * One stream of this connection, as an arrival of its own: come in the same way, not counted a second time.
     *
     * @param stream the wire that carries it
     * @param onStreamGone called once when it is closed
     */
    public Arrival forStream(Wire stream, Runnable onStreamGone) {
        return new Arrival(stream, listener, ledger, "h2", secure, serverName, subject, onStreamGone);
    }

    public Wire wire() {
        return wire;
    }

    @Override
    public InetSocketAddress client() {
        return wire.remoteAddress();
    }

    @Override
    public String listener() {
        return listener;
    }

    public ListenerLedger ledger() {
        return ledger;
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public @Nullable String serverName() {
        return serverName;
    }

    @Nullable
    VerifiedSubject subject() {
        return subject;
    }

    /**
     * A request of this client, or the client, is refused: counts it and tells the log.
     *
     * @param host what was asked for; empty when that is unknown
     */
    public void refused(Refusal refusal, String host, StreamLog log) {
        ledger.refusals().refused(refusal);
        log.refused(listener, wire.remoteAddress(), host, refusal);
    }

    public void close() {
        leave();
        wire.close();
    }

    /** Closes with a TCP reset, so that the client cannot take what it has for complete. */
    public void reset() {
        leave();
        wire.reset();
    }

    private void leave() {
        if (!gone) {
            gone = true;
            if (wire.isPeerSilent()) {
                ledger.fellSilent();
            }
            onGone.run();
        }
    }
}
