package io.sluice.tls;

import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * What every TLS connection of the appliance has in common, towards clients and towards Liberators: the suites of
 * Mozilla's intermediate profile, without renegotiation. All of them have forward secrecy and authenticated
 * encryption; there is no suite with a finite-field exchange, with CBC or with a static RSA key.
 */
public final class TlsProfile {
    /** In the order preferred: what processors do fastest first. */
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

    /** Every version that is spoken; older ones are refused whatever the configuration says. */
    public static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    static {
        // Read by the JDK when it makes its first engine. The launcher sets it too; whoever starts the jar by hand
        // must not be without.
        if (System.getProperty("jdk.tls.rejectClientInitiatedRenegotiation") == null) {
            System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        }
    }

    static {
        NativeHandshakes.install();
    }

    private TlsProfile() {}

    /** New parameters for engines of {@code context} with some of {@link #VERSIONS}. */
    public static SSLParameters parameters(SSLContext context, Collection<String> versions) {
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(versions.toArray(new String[0]));
        List<String> supported = List.of(context.getSupportedSSLParameters().getCipherSuites());
        parameters.setCipherSuites(SUITES.stream().filter(supported::contains).toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        return parameters;
    }
}
