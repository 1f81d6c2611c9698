package io.sluice.listen;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificate chains and private keys from PEM files (RFC 7468). */
final class PemFiles {
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private PemFiles() {}

    /**
     * The certificates of {@code file}, in their order there: the server's own first.
     *
     * @throws IOException when it cannot be read or holds none; the message names the file
     */
    static List<X509Certificate> chain(Path file) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                chain.add((X509Certificate) each);
            }
        } catch (GeneralSecurityException malformed) {
            throw new IOException(file + ": no certificate chain in PEM: " + malformed.getMessage(), malformed);
        }
        if (chain.isEmpty()) {
            throw new IOException(file + ": holds no certificate");
        }
        return chain;
    }

    /**
     * The private key of {@code file}, which belongs to {@code certificate}.
     *
     * @throws IOException when it cannot be read or is no unencrypted PKCS#8 key; the message names the file and never
     *     holds a byte of the key
     */
    static PrivateKey key(Path file, X509Certificate certificate) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        Matcher found = PKCS8.matcher(text);
        if (!found.find()) {
            throw new IOException(file + ": holds no unencrypted PKCS#8 key ('BEGIN PRIVATE KEY'); convert it with:"
                    + " openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(found.group(1));
            String algorithm = certificate.getPublicKey().getAlgorithm();
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            throw new IOException(file + ": the key is malformed or of another kind than the certificate's", malformed);
        }
    }
}
