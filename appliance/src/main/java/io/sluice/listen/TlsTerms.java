package io.sluice.listen;

import io.sluice.config.TlsConfig;
import io.sluice.config.TlsConfig.UnknownSni;
import io.sluice.route.HostName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
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
    /** Of the profile, in the order preferred: what processors do fastest first. */
    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private final SSLContext context;
    private final SSLParameters parameters;

    private TlsTerms(SSLContext context, SSLParameters parameters) {
        this.context = context;
        this.parameters = parameters;
    }

    /**
     * Reads and checks what {@code config} names.
     *
     * @param http whether the listener speaks HTTP, and so offers http/1.1 by ALPN
     * @throws IOException when a certificate or key cannot be used; the message names the file
     */
    static TlsTerms of(TlsConfig config, boolean http) throws IOException {
        HostCertificates certificates = HostCertificates.read(config);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {certificates}, null, null);
            SSLParameters parameters = context.getDefaultSSLParameters();
            parameters.setProtocols(config.versions().toArray(new String[0]));
            List<String> supported = List.of(context.getSupportedSSLParameters().getCipherSuites());
            parameters.setCipherSuites(
                    SUITES.stream().filter(supported::contains).toArray(String[]::new));
            parameters.setUseCipherSuitesOrder(true);
            if (http) {
                parameters.setApplicationProtocols(new String[] {"http/1.1"});
            }
            if (config.unknownSni() == UnknownSni.REJECT) {
                parameters.setSNIMatchers(List.of(new KnownNames(certificates)));
            }
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

    /** Accepts the names that there is a certificate for; any other gets the alert unrecognized_name (RFC 6066 §3). */
    private static final class KnownNames extends SNIMatcher {
        private final HostCertificates certificates;

        KnownNames(HostCertificates certificates) {
            super(StandardConstants.SNI_HOST_NAME);
            this.certificates = certificates;
        }

        @Override
        public boolean matches(SNIServerName name) {
            String host = HostName.canonical(new String(name.getEncoded(), StandardCharsets.US_ASCII));
            return host != null && certificates.covers(host);
        }
    }
}
