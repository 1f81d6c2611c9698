package io.sluice.listen;

import io.sluice.account.Refusal;
import io.sluice.loop.Deadline;
import io.sluice.loop.SocketWire;
import io.sluice.loop.TlsHandshake;
import io.sluice.loop.TlsWire;
import io.sluice.relay.VerifiedSubject;
import io.sluice.route.ListenerRoutes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's TLS handshake, within its time; its certificate is judged once more where a session was resumed.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
final class Greeting extends Deadline implements TlsHandshake.Outcome {
    private static final Logger LOG = LoggerFactory.getLogger(Greeting.class);

    private final Entrance entrance;
    private final TlsTerms terms;
    private final ListenerRoutes here;
    private final Runnable onGone;
    private @Nullable TlsHandshake handshake;
    private boolean over;

    /**
     * @param entrance who is told how it went
     * @param onGone called once when the connection is closed
     */
    Greeting(Entrance entrance, TlsTerms terms, ListenerRoutes here, Runnable onGone) {
        this.entrance = entrance;
        this.terms = terms;
        this.here = here;
        this.onGone = onGone;
    }

    /** @param early what came in so far, read already; lent until this returns */
    void start(SocketWire socket, ByteBuffer early) {
        socket.loop().arm(this, here.settings().tlsHandshakeTimeout().toNanos());
        TlsHandshake started = TlsHandshake.start(socket, terms.engine(), early, this);
        if (!over) {
            handshake = started;
        }
    }

    @Override
    public void onEstablished(TlsWire established) {
        over = true;
        cancel();
        SSLSession session = established.engine().getSession();
        VerifiedSubject subject;
        try {
            terms.checkResumed(session);
            subject = terms.subject(session);
        } catch (CertificateException refused) {
            established.close();
            failed(HandshakeFailure.ofCertificate(refused), established.remoteAddress());
            return;
        }
        entrance.greeted(established, subject, here, counted(TlsTerms.shown(session)));
    }

    /** Counts the connection to the certificate it was shown, for as long as it lasts. */
    private Runnable counted(@Nullable X509Certificate shown) {
        if (shown == null) {
            return onGone;
        }
        CertificateUse use = terms.use();
        use.taken(shown);
        Runnable last = onGone;
        return () -> {
            use.gone(shown);
            last.run();
        };
    }

    @Override
    public void onHandshakeFailed(IOException cause, InetSocketAddress peer) {
        over = true;
        cancel();
        LOG.debug("handshake failed", cause);
        failed(HandshakeFailure.reason(cause), peer);
    }

    @Override
    protected void onDeadline() {
        TlsHandshake underWay = handshake;
        if (!over && underWay != null) {
            over = true;
            underWay.abandon();
            failed(Refusal.TLS_TIMEOUT, underWay.remoteAddress());
        }
    }

    private void failed(Refusal reason, InetSocketAddress peer) {
        onGone.run();
        entrance.countRefusal(reason, peer);
    }
}
