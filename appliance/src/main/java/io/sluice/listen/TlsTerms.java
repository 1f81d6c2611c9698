package io.sluice.listen;

import io.sluice.config.Protocol;
import io.sluice.config.TlsConfig;
import io.sluice.config.TlsConfig.ClientAuth;
import io.sluice.config.TlsConfig.UnknownSni;
import io.sluice.relay.VerifiedSubject;
import io.sluice.tls.ListenerMaterial;
import io.sluice.tls.LiveKeys;
import io.sluice.tls.LiveTrust;
import io.sluice.tls.TlsProfile;
import io.sluice.tls.WatchedFiles;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The terms on which a listener talks TLS: its certificates, the versions and suites of Mozilla's intermediate profile,
 * the server names it knows, the client certificates it wants.
 *
 * <p>One TLS context serves a listener for life, so that no reload costs its clients their sessions: certificates and
 * authorities are replaced inside it, other rules apply to engines made from then on.
 *
 * <p><b>Threading:</b> any thread.
 */
final class TlsTerms {
    /** What stays when the rules change. */
    private record Lasting(SSLContext context, LiveKeys keys, LiveTrust trust, CertificateUse use) {}

    private final TlsConfig config;
    private final Lasting lasting;
    private final SSLParameters parameters;
    private final WatchedFiles files;

    private TlsTerms(
            TlsConfig config,
            Collection<Protocol> offered,
            String listener,
            Lasting lasting,
            ListenerMaterial material) {
        this.config = config;
        this.lasting = lasting;
        this.parameters = parameters(config, offered, lasting);
        this.files = material.watched("listener=" + listener, this::readAgain);
    }

    /**
     * Reads and checks what {@code config} names.
     *
     * @param offered what the listener speaks, offered by ALPN in that order; empty for none
     * @throws IOException when a certificate or key cannot be used; the message names the file
     */
    static TlsTerms of(TlsConfig config, Collection<Protocol> offered, String listener) throws IOException {
        ListenerMaterial material = ListenerMaterial.read(config);
        LiveKeys keys = new LiveKeys(material.certificates());
        LiveTrust trust = new LiveTrust(material.trust());
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
            Lasting lasting = new Lasting(context, keys, trust, new CertificateUse());
            return new TlsTerms(config, offered, listener, lasting, material);
        } catch (GeneralSecurityException unavailable) {
            throw new IOException("TLS is not available: " + unavailable.getMessage(), unavailable);
        }
    }

    private static SSLParameters parameters(TlsConfig config, Collection<Protocol> offered, Lasting lasting) {
        SSLParameters parameters = TlsProfile.parameters(lasting.context, config.versions());
        parameters.setApplicationProtocols(offered.stream().map(Protocol::label).toArray(String[]::new));
        parameters.setSNIMatchers(List.of(new KnownNames(lasting.keys, config.unknownSni() == UnknownSni.DEFAULT)));
        parameters.setWantClientAuth(config.clientAuth() == ClientAuth.WANT);
        if (config.clientAuth() == ClientAuth.NEED) {
            parameters.setNeedClientAuth(true);
        }
        return parameters;
    }

    /** A server-side engine for one connection. */
    SSLEngine engine() {
        SSLEngine engine = lasting.context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(parameters);
        return engine;
    }

    // ---------------------------------------------------------------- changes

    /** Other terms that were read and checked, not in force yet. */
    record Change(TlsTerms terms, ListenerMaterial material) {
        /** Shows what was read in every handshake from now on; open connections go on as they are. */
        void apply() {
            terms.use(material);
            material.replaces(terms.files);
        }
    }

    /**
     * Reads and checks what {@code next} names, changed or not.
     *
     * @throws IOException when a certificate or key cannot be used; these terms stay as they are
     */
    Change prepare(TlsConfig next, Collection<Protocol> offered, String listener) throws IOException {
        ListenerMaterial material = ListenerMaterial.read(next);
        TlsTerms terms = next.equals(config) ? this : new TlsTerms(next, offered, listener, lasting, material);
        return new Change(terms, material);
    }

    private void use(ListenerMaterial material) {
        lasting.keys.replace(material.certificates());
        lasting.trust.replace(material.trust());
    }

    private String readAgain() throws IOException {
        ListenerMaterial material = ListenerMaterial.read(config);
        use(material);
        return material.serials();
    }

    LiveKeys keys() {
        return lasting.keys;
    }

    CertificateUse use() {
        return lasting.use;
    }

    WatchedFiles files() {
        return files;
    }

    // ---------------------------------------------------------------- what a handshake came to

    /** The canonical name that the client asked for; null when it named none. */
    static @Nullable String serverName(SSLSession session) {
        return session instanceof ExtendedSSLSession extended
                ? LiveKeys.serverName(extended.getRequestedServerNames())
                : null;
    }

    /** The certificate that was shown; null when the session does not say. */
    static @Nullable X509Certificate shown(SSLSession session) {
        var chain = session.getLocalCertificates();
        return chain != null && chain.length > 0 && chain[0] instanceof X509Certificate own ? own : null;
    }

    /**
     * Judges the client's certificate once more where a session was resumed: it may have expired since its handshake,
     * and the authorities may have changed.
     *
     * @throws CertificateException when it would be refused now
     */
    void checkResumed(SSLSession session) throws CertificateException {
        X509Certificate[] chain = clientChain(session);
        if (chain != null) {
            chain[0].checkValidity();
            if (session.getCreationTime() <= lasting.trust.sinceMillis()) {
                lasting.trust.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
            }
        }
    }

    /**
     * What the Liberator is told of the client's certificate.
     *
     * @return null when there is none, or nothing shall be told
     * @throws CertificateException when the subject is too long to be told
     */
    @Nullable
    VerifiedSubject subject(SSLSession session) throws CertificateException {
        String field = config.clientSubjectHeader();
        X509Certificate[] chain = field == null ? null : clientChain(session);
        if (field == null || chain == null) {
            return null;
        }
        VerifiedSubject subject = VerifiedSubject.of(field, chain[0].getSubjectX500Principal());
        if (subject == null) {
            throw new CertificateException("subject too long");
        }
        return subject;
    }

    private X509Certificate @Nullable [] clientChain(SSLSession session) {
        if (config.clientAuth() == ClientAuth.NONE) {
            return null;
        }
        try {
            return session.getPeerCertificates() instanceof X509Certificate[] chain && chain.length > 0 ? chain : null;
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    /**
     * Accepts the names that there is a certificate for, or any name; what it does not accept gets the alert
     * unrecognized_name (RFC 6066 §3).
     *
     * <p>It is there in either case: only an engine with a matcher compares the name of a session that a client wants
     * to resume with the name it asks for now.
     */
    private static final class KnownNames extends SNIMatcher {
        private final LiveKeys keys;
        private final boolean any;

        KnownNames(LiveKeys keys, boolean any) {
            super(StandardConstants.SNI_HOST_NAME);
            this.keys = keys;
            this.any = any;
        }

        @Override
        public boolean matches(SNIServerName name) {
            String host = LiveKeys.serverName(List.of(name));
            return any || (host != null && keys.current().covers(host));
        }
    }
}
