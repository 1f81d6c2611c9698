package io.sluice.config;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A password as it is kept: PBKDF2 with HMAC-SHA-512 (RFC 8018 §5.2), salted, never the password itself. As text
 * {@code pbkdf2-sha512:ITERATIONS:SALT:HASH}, the last two in Base64.
 *
 * <p><b>Threading:</b> immutable; any thread. {@link #of} and {@link #matches} take some 100 ms of processor time.
 */
public final class PasswordHash {
    private static final Pattern TEXT =
            Pattern.compile("pbkdf2-sha512:([0-9]{5,7}):([A-Za-z0-9+/]{22,}={0,2}):([A-Za-z0-9+/]{43,}={0,2})");
    private static final int ITERATIONS = 210_000;
    private static final int FEWEST_ITERATIONS = 100_000;
    private static final int MOST_ITERATIONS = 2_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /** A new hash, with a salt of its own. The caller wipes {@code password}. */
    public static PasswordHash of(char[] password) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new PasswordHash(ITERATIONS, salt, derive(password, salt, ITERATIONS, HASH_BYTES));
    }

    /** From {@link #text}; null if it is none, or too cheap to guess. */
    public static @Nullable PasswordHash parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        int iterations = Integer.parseInt(parts.group(1));
        if (iterations < FEWEST_ITERATIONS || iterations > MOST_ITERATIONS) {
            return null;
        }
        try {
            Base64.Decoder base64 = Base64.getDecoder();
            return new PasswordHash(iterations, base64.decode(parts.group(2)), base64.decode(parts.group(3)));
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    /** Whether it is that of {@code password}; takes the same time either way. The caller wipes {@code password}. */
    public boolean matches(char[] password) {
        return MessageDigest.isEqual(hash, derive(password, salt, iterations, hash.length));
    }

    private static byte[] derive(char[] password, byte[] salt, int iterations, int bytes) {
        PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, bytes * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA512", impossible);
        } finally {
            spec.clearPassword();
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PasswordHash that
                && iterations == that.iterations
                && Arrays.equals(salt, that.salt)
                && MessageDigest.isEqual(hash, that.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(salt);
    }

    /** The line for the file of users. */
    public String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        return "pbkdf2-sha512:" + iterations + ":" + base64.encodeToString(salt) + ":" + base64.encodeToString(hash);
    }

    /** Not the hash: it must not get into a log by accident. */
    @Override
    public String toString() {
        return "pbkdf2-sha512";
    }
}
