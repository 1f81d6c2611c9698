package io.sluice.tls;

import io.sluice.route.HostName;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The key manager of a listener's TLS context, over certificates that can be replaced in one step. The context, its
 * session cache and its ticket keys stay, so that no client has to start anew.
 *
 * <p><b>Threading:</b> any thread. A handshake that chose a certificate just before it was replaced still finds its
 * key: the set before the one in use is kept for that.
 */
public final class LiveKeys extends X509ExtendedKeyManager {
    private volatile HostCertificates current;
    private volatile @Nullable HostCertificates before;

    public LiveKeys(HostCertificates certificates) {
        current = certificates;
    }

    public HostCertificates current() {
        return current;
    }

    /** Shows {@code next} in every handshake from now on. */
    public synchronized void replace(HostCertificates next) {
        before = current;
        current = next;
    }

    /** The canonical host name among what a client asked for; null when it named none. */
    public static @Nullable String serverName(List<SNIServerName> names) {
        for (SNIServerName each : names) {
            if (each.getType() == StandardConstants.SNI_HOST_NAME) {
                return each instanceof SNIHostName host
                        ? HostName.canonical(host.getAsciiName())
                        : HostName.canonical(new String(each.getEncoded(), StandardCharsets.US_ASCII));
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        String host = engine != null && engine.getHandshakeSession() instanceof ExtendedSSLSession session
                ? serverName(session.getRequestedServerNames())
                : null;
        HostCertificate chosen = current.choose(host, keyType);
        return chosen == null ? null : chosen.alias();
    }

    private @Nullable HostCertificate withAlias(String alias) {
        HostCertificate found = current.withAlias(alias);
        HostCertificates old = before;
        return found != null || old == null ? found : old.withAlias(alias);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        HostCertificate found = withAlias(alias);
        return found == null ? null : found.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        HostCertificate found = withAlias(alias);
        return found == null ? null : found.key();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return current.all().stream()
                .filter(each -> each.isOfType(keyType))
                .map(HostCertificate::alias)
                .toArray(String[]::new);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
