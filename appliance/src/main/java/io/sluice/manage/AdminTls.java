package io.sluice.manage;

import io.sluice.config.JmxConfig.JmxTls;
import io.sluice.config.TlsConfig.CertificateFiles;
import io.sluice.tls.CertificateChain;
import io.sluice.tls.HostCertificate;
import io.sluice.tls.HostCertificates;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 on the JMX port. The keys live here and in no system property: the registry is told of the connector by a
 * call within the process, so the appliance is never a TLS client of its own registry.
 *
 * <p><b>Threading:</b> immutable; any thread.
 */
final class AdminTls {
    private static final char[] NO_PASSWORD = {};

    private final SSLContext context;
    private final boolean certificateRequired;

    private AdminTls(SSLContext context, boolean certificateRequired) {
        this.context = context;
        this.certificateRequired = certificateRequired;
    }

    /**
     * Reads and checks the files.
     *
     * @throws IOException when one cannot be used; the message names the file
     */
    static AdminTls of(JmxTls files) throws IOException {
        HostCertificate certificate = HostCertificates.read(
                        List.of(new CertificateFiles.Pem(files.chain(), files.key(), null)))
                .all()
                .get(0);
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry(
                    "jmx", certificate.key(), NO_PASSWORD, certificate.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trusting(files), null);
            return new AdminTls(context, files.trust() != null);
        } catch (GeneralSecurityException unusable) {
            throw new IOException(files.chain() + ": cannot be used for management.jmx: " + unusable.getMessage());
        }
    }

    private static TrustManager @Nullable [] trusting(JmxTls files) throws IOException, GeneralSecurityException {
        if (files.trust() == null) {
            return null;
        }
        KeyStore issuers = KeyStore.getInstance("PKCS12");
        issuers.load(null, null);
        for (X509Certificate each : CertificateChain.read(files.trust())) {
            issuers.setCertificateEntry(each.getSubjectX500Principal() + " " + each.getSerialNumber(), each);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(issuers);
        return trust.getTrustManagers();
    }

    /** The handshake comes with the first read. */
    SSLSocket over(Socket accepted) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(accepted, null, true);
        socket.setEnabledProtocols(new String[] {"TLSv1.3"});
        socket.setNeedClientAuth(certificateRequired);
        return socket;
    }

    /** The common name of the client's certificate; null when it showed none. */
    static @Nullable String commonName(SSLSocket socket) {
        try {
            Principal subject = socket.getSession().getPeerPrincipal();
            for (Rdn each : new LdapName(subject.getName()).getRdns()) {
                if (each.getType().equalsIgnoreCase("CN")) {
                    return each.getValue().toString();
                }
            }
            return null;
        } catch (SSLPeerUnverifiedException | InvalidNameException none) {
            return null;
        }
    }
}
