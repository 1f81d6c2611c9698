package io.sluice.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The trust manager of a TLS context, over authorities that can be replaced in one step.
 *
 * <p>Chains are judged by the JDK (PKIX, RFC 5280): signatures, dates, constraints, purposes. Revocation is not looked
 * up.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class LiveTrust extends X509ExtendedTrustManager {
    private volatile X509ExtendedTrustManager inUse;
    private volatile long sinceMillis = System.currentTimeMillis();

    public LiveTrust(X509ExtendedTrustManager first) {
        inUse = first;
    }

    /**
     * Those who trust the authorities in a PEM file.
     *
     * @param file null: those that the Java runtime trusts
     * @throws IOException when it cannot be used; the message names the file
     */
    public static X509ExtendedTrustManager read(@Nullable Path file) throws IOException {
        try {
            KeyStore store = null;
            if (file != null) {
                store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                List<X509Certificate> authorities = CertificateChain.read(file);
                for (int i = 0; i < authorities.size(); i++) {
                    store.setCertificateEntry("authority-" + i, authorities.get(i));
                }
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509ExtendedTrustManager trust) {
                    return trust;
                }
            }
            throw new IOException("the Java runtime has no PKIX trust manager");
        } catch (GeneralSecurityException unusable) {
            String what = file == null ? "the authorities of the Java runtime" : file.toString();
            throw new IOException(what + ": cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    /** One that trusts nobody. */
    public static X509ExtendedTrustManager nobody() {
        return new Everybody(false);
    }

    /** One that trusts everybody: whoever is on the way can read and change everything. */
    public static X509ExtendedTrustManager everybody() {
        return new Everybody(true);
    }

    /** Judges by {@code next} in every handshake from now on. */
    public void replace(X509ExtendedTrustManager next) {
        sinceMillis = System.currentTimeMillis();
        inUse = next;
    }

    /** Since when it judges as it does, as {@link System#currentTimeMillis}. */
    public long sinceMillis() {
        return sinceMillis;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        inUse.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        inUse.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        inUse.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        inUse.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        inUse.checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        inUse.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return inUse.getAcceptedIssuers();
    }

    /** Says the same of everybody. */
    private static final class Everybody extends X509ExtendedTrustManager {
        private final boolean trusted;

        Everybody(boolean trusted) {
            this.trusted = trusted;
        }

        private void judge() throws CertificateException {
            if (!trusted) {
                throw new CertificateException("no certificate is accepted here");
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            judge();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            judge();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            judge();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            judge();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            judge();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            judge();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
