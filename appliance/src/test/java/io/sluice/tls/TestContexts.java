package io.sluice.tls;

import io.sluice.tls.TestAuthority.Issued;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** TLS for the two ends of a test. */
public final class TestContexts {
    private TestContexts() {}

    /**
     * One for either role.
     *
     * @param own what it shows; null: nothing
     * @param trusted whose certificates it accepts; null: any
     */
    public static SSLContext of(@Nullable Issued own, @Nullable TestAuthority trusted) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(own), new TrustManager[] {trust(trusted)}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyManager @Nullable [] keys(@Nullable Issued own) throws GeneralSecurityException, IOException {
        if (own == null) {
            return null;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", own.key(), new char[0], own.chainArray());
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private static X509ExtendedTrustManager trust(@Nullable TestAuthority trusted)
            throws GeneralSecurityException, IOException {
        if (trusted == null) {
            return LiveTrust.everybody();
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", trusted.certificate());
        var factory = javax.net.ssl.TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }
}
