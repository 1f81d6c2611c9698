package io.sluice.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads certificates from PEM files, and checks that a chain is one. */
public final class CertificateChain {
    private CertificateChain() {}

    /**
     * All certificates of {@code file}, in their order there.
     *
     * @throws IOException when it cannot be read, holds none or a damaged one; the message names the file
     */
    public static List<X509Certificate> read(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemFile.Block block : PemFile.read(file)) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
                certificates.add(certificate(file, certificates.size() + 1, block.content()));
            }
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + ": holds no certificate");
        }
        return List.copyOf(certificates);
    }

    private static X509Certificate certificate(Path file, int ordinal, byte[] der) throws IOException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException damaged) {
            throw new IOException(file + ": certificate " + ordinal + " is damaged: " + damaged.getMessage(), damaged);
        }
    }

    /**
     * Checks that each certificate was issued by the one behind it, as TLS wants them (RFC 5246 §7.4.2); clients fail
     * on a chain in disorder in ways that are hard to find.
     *
     * @throws IOException when one was not; the message names the file and both
     */
    static void checkOrder(Path file, List<X509Certificate> chain) throws IOException {
        for (int i = 0; i + 1 < chain.size(); i++) {
            X509Certificate issued = chain.get(i);
            X509Certificate issuer = chain.get(i + 1);
            if (!isIssuedBy(issued, issuer)) {
                throw new IOException(file + ": certificate " + (i + 2) + " (" + issuer.getSubjectX500Principal()
                        + ") did not issue certificate " + (i + 1) + " (" + issued.getSubjectX500Principal()
                        + "); expected the server's own certificate first and each one's issuer behind it");
            }
        }
    }

    static boolean isIssuedBy(X509Certificate issued, X509Certificate issuer) {
        if (!issued.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            issued.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException forged) {
            return false;
        }
    }
}
