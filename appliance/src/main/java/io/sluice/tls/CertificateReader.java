package io.sluice.tls;

import io.sluice.config.TlsConfig.CertificateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads the certificates of a listener and checks that they can be served: the key belongs to the certificate, the
 * chain is in order.
 */
final class CertificateReader {
    private static final AtomicLong LAST_ALIAS = new AtomicLong();

    private final List<HostCertificate> read = new ArrayList<>();

    private CertificateReader() {}

    /**
     * Reads all of {@code files}, in order.
     *
     * @throws IOException when one cannot be used; the message names the file and the cause
     */
    static List<HostCertificate> read(List<CertificateFiles> files) throws IOException {
        CertificateReader reader = new CertificateReader();
        for (CertificateFiles each : files) {
            if (each instanceof CertificateFiles.Pem pem) {
                reader.readPem(pem);
            } else if (each instanceof CertificateFiles.Pkcs12 store) {
                reader.readPkcs12(store);
            }
        }
        return List.copyOf(reader.read);
    }

    private void readPem(CertificateFiles.Pem files) throws IOException {
        List<X509Certificate> chain = CertificateChain.read(files.chain());
        PrivateKey key = PrivateKeys.read(files.key(), chain.get(0).getPublicKey(), files.passwordFile());
        add(files.chain(), chain, files.key(), key);
    }

    /** Every key of the store with its chain. */
    private void readPkcs12(CertificateFiles.Pkcs12 files) throws IOException {
        Path file = files.keystore();
        char[] password = PrivateKeys.password(files.passwordFile());
        int before = read.size();
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            for (String alias : Collections.list(store.aliases())) {
                Certificate[] chain = store.getCertificateChain(alias);
                if (chain != null && store.getKey(alias, password) instanceof PrivateKey key) {
                    List<X509Certificate> certificates = Arrays.stream(chain)
                            .map(X509Certificate.class::cast)
                            .toList();
                    add(file, certificates, file, key);
                }
            }
        } catch (NoSuchFileException gone) {
            throw new IOException(file + ": there is no such file", gone);
        } catch (GeneralSecurityException unusable) {
            throw new IOException(file + ": no key can be read: " + unusable.getMessage(), unusable);
        } catch (IOException unreadable) {
            throw refused(files, unreadable);
        } finally {
            Arrays.fill(password, '\0');
        }
        if (read.size() == before) {
            throw new IOException(file + ": holds no private key with a certificate");
        }
    }

    private static IOException refused(CertificateFiles.Pkcs12 files, IOException cause) {
        if (cause.getCause() instanceof java.security.UnrecoverableKeyException) {
            return new IOException(
                    files.keystore() + ": the password in " + files.passwordFile() + " does not open it", cause);
        }
        boolean ours = String.valueOf(cause.getMessage()).startsWith(files.keystore() + ": ");
        return ours ? cause : new IOException(files.keystore() + ": is no PKCS #12 file, or is damaged", cause);
    }

    private void add(Path chainFile, List<X509Certificate> chain, Path keyFile, PrivateKey key) throws IOException {
        checkPair(chainFile, chain.get(0), keyFile, key);
        CertificateChain.checkOrder(chainFile, chain);
        String alias = "certificate-" + LAST_ALIAS.incrementAndGet();
        read.add(new HostCertificate(alias, chain, key, CertificateNames.of(chainFile, chain.get(0)), chainFile));
    }

    /** Signs a word with the key and checks it with the certificate. */
    private static void checkPair(Path chainFile, X509Certificate certificate, Path keyFile, PrivateKey key)
            throws IOException {
        String kind = certificate.getPublicKey().getAlgorithm();
        if (!kind.equals("EC") && !kind.equals("RSA")) {
            throw new IOException(chainFile + ": the certificate's key is of kind " + kind + " (expected EC or RSA)");
        }
        byte[] word = {1, 2, 3};
        try {
            Signature signer = Signature.getInstance(kind.equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
            signer.initSign(key);
            signer.update(word);
            byte[] signature = signer.sign();
            signer.initVerify(certificate.getPublicKey());
            signer.update(word);
            if (signer.verify(signature)) {
                return;
            }
        } catch (GeneralSecurityException unusable) {
            throw new IOException(
                    keyFile + ": the key cannot be used with the certificate in " + chainFile + ": "
                            + unusable.getMessage(),
                    unusable);
        }
        throw new IOException(keyFile + ": the key does not belong to the certificate in " + chainFile);
    }
}
