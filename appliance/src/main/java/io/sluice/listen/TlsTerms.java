package io.sluice.listen;

import io.sluice.config.Protocol;
import io.sluice.config.TlsConfig;
import io.sluice.config.TlsConfig.UnknownSni;
import io.sluice.tls.HostCertificates;
import io.sluice.tls.LiveKeys;
import io.sluice.tls.TlsProfile;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;

/**
 * The terms on which a listener talks TLS: its certificates, the versions and suites of Mozilla's intermediate
 * profile, the server names it knows.
 *
 * <p><b>Threading:</b> immutable; any thread.
 */
final class TlsTerms {
    private final SSLContext context;
    private final SSLParameters parameters;

    private TlsTerms(SSLContext context, SSLParameters parameters) {
        this.context = context;
        this.parameters = parameters;
    }

    /**
     * Reads and checks what {@code config} names.
     *
     * @param offered what the listener speaks, offered by ALPN in that order; empty for none
     * @throws IOException when a certificate or key cannot be used; the message names the file
     */
    static TlsTerms of(TlsConfig config, Collection<Protocol> offered) throws IOException {
        LiveKeys keys = new LiveKeys(HostCertificates.read(config.certificates()));
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, null, null);
            SSLParameters parameters = TlsProfile.parameters(context, config.versions());
            parameters.setApplicationProtocols(
                    offered.stream().map(Protocol::label).toArray(String[]::new));
            parameters.setSNIMatchers(List.of(new KnownNames(keys, config.unknownSni() == UnknownSni.DEFAULT)));
            return new TlsTerms(context, parameters);
        } catch (GeneralSecurityException unavailable) {
            throw new IOException("TLS is not available: " + unavailable.getMessage(), unavailable);
        }
    }

    /** A server-side engine for one connection. */
    SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /**
     * Accepts the names that there is a certificate for, or any name; what it does not accept gets the alert
     * unrecognized_name (RFC 6066 §3).
     *
     * <p>It is there in either case: only an engine with a matcher compares the name of a session that a client wants to
     * resume with the name it asks for now.
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
