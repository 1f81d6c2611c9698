package io.sluice.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys from PEM files: PKCS #8 plain and encrypted (RFC 5208, PBES2 of RFC 8018 with AES), PKCS #1
 * (RSA), SEC 1 (EC, RFC 5915).
 *
 * <p>The JDK reads them all once the old forms are put into a PKCS #8 envelope, so no library is needed. What it
 * cannot decrypt is named with the command that converts it.
 *
 * <p>Messages name the file and never hold a byte of a key or a password.
 */
final class PrivateKeys {
    private static final String CONVERT = "convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW";
    private static final int MOST_PASSWORD_BYTES = 4096;

    private PrivateKeys() {}

    /**
     * The one private key of {@code file}.
     *
     * @param certified the key that the certificate certifies; whether it belongs to this one is for the caller to
     *     check
     * @param passwordFile holds the password in its first line; null when the key needs none
     * @throws IOException when it cannot be read; the message names the file and the cause
     */
    static PrivateKey read(Path file, PublicKey certified, @Nullable Path passwordFile) throws IOException {
        List<PemFile.Block> keys = PemFile.read(file).stream()
                .filter(block -> block.label().endsWith("PRIVATE KEY"))
                .toList();
        if (keys.size() != 1) {
            throw new IOException(file + ": holds "
                    + (keys.isEmpty() ? "no private key" : keys.size() + " private keys") + " (expected one)");
        }
        PemFile.Block block = keys.get(0);
        if (block.isEncryptedInside()) {
            throw new IOException(
                    file + ": is encrypted in the old form of OpenSSL ('Proc-Type: 4,ENCRYPTED'); " + CONVERT);
        }
        byte[] pkcs8 = switch (block.label()) {
            case "PRIVATE KEY" -> block.content();
            case "ENCRYPTED PRIVATE KEY" -> decrypted(file, block.content(), passwordFile);
            case "RSA PRIVATE KEY" -> enveloped(file, block.content(), certified, "RSA");
            case "EC PRIVATE KEY" -> enveloped(file, block.content(), certified, "EC");
            default ->
                throw new IOException(
                        file + ": holds a '" + block.label() + "' (expected PKCS #8, RSA or EC); " + CONVERT);
        };
        try {
            return KeyFactory.getInstance(certified.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | RuntimeException malformed) {
            throw new IOException(
                    file + ": the key is damaged, or not of the kind of the certificate's (" + certified.getAlgorithm()
                            + ")",
                    malformed);
        }
    }

    private static byte[] enveloped(Path file, byte[] key, PublicKey certified, String kind) throws IOException {
        if (!certified.getAlgorithm().equals(kind)) {
            throw new IOException(file + ": the key is of kind " + kind + ", the certificate's is "
                    + certified.getAlgorithm() + ": they do not belong together");
        }
        return Der.privateKeyInfo(certified.getEncoded(), key);
    }

    private static byte[] decrypted(Path file, byte[] encrypted, @Nullable Path passwordFile) throws IOException {
        if (passwordFile == null) {
            throw new IOException(file + ": the key is encrypted, and no passwordFile is given");
        }
        char[] password = password(passwordFile);
        Cipher cipher;
        EncryptedPrivateKeyInfo info;
        try {
            info = new EncryptedPrivateKeyInfo(encrypted);
            AlgorithmParameters parameters = info.getAlgParameters();
            // For PBES2 the name of the whole scheme is only in its parameters.
            String scheme = parameters == null ? info.getAlgName() : parameters.toString();
            String algorithm = scheme.startsWith("PBE") ? scheme : info.getAlgName();
            cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password)),
                    parameters);
        } catch (GeneralSecurityException | IOException unknown) {
            throw new IOException(file + ": the key is encrypted in a way that is not supported; " + CONVERT, unknown);
        } finally {
            Arrays.fill(password, '\0');
        }
        try {
            return info.getKeySpec(cipher).getEncoded();
        } catch (GeneralSecurityException wrong) {
            throw new IOException(file + ": the password in " + passwordFile + " does not open the key", wrong);
        }
    }

    /**
     * The first line of {@code file}.
     *
     * @throws IOException when it cannot be read or is empty
     */
    static char[] password(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MOST_PASSWORD_BYTES), StandardCharsets.UTF_8);
            String line = text.lines().findFirst().orElse("");
            if (line.isEmpty()) {
                throw new IOException(file + ": the first line is empty (expected a password)");
            }
            return line.toCharArray();
        } catch (NoSuchFileException gone) {
            throw new IOException(file + ": there is no such file", gone);
        }
    }
}
