package io.sluice.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys that sign affinity cookies, read from a file of their own: one line for each, its id, a blank and at least
 * 32 bytes in base64. The first signs; all of them are believed, so that a key is changed by writing the new one
 * above the old.
 *
 * <p>No method shows a secret as text.
 */
public final class AffinityKeys {
    /** Fewer would be weaker than the signature itself (RFC 2104 §3). */
    public static final int MIN_SECRET_BYTES = 32;

    private static final String FINGERPRINT_ALGORITHM = "HmacSHA256";
    private static final String FINGERPRINT_LABEL = "sluice key fingerprint 1";
    private static final int FINGERPRINT_BYTES = 8;

    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9_-]{1,16})\\s+(\\S+)");

    private final @Nullable Path file;
    private final List<Key> keys;

    private AffinityKeys(@Nullable Path file, List<Key> keys) {
        this.file = file;
        this.keys = List.copyOf(keys);
    }

    /** One key. */
    public static final class Key {
        private final String id;
        private final byte[] secret;

        private Key(String id, byte[] secret) {
            this.id = id;
            this.secret = secret;
        }

        public String id() {
            return id;
        }

        /** A copy of the secret. */
        public byte[] secret() {
            return secret.clone();
        }

        /**
         * Eight bytes in hexadecimal by which the same secret is known on another appliance. They are the beginning of an
         * HMAC-SHA-256 (RFC 2104) of a fixed label, which no cookie's text begins with: whoever has them knows less
         * than each client, whose cookie carries a whole HMAC of this key.
         */
        public String fingerprint() {
            try {
                Mac mac = Mac.getInstance(FINGERPRINT_ALGORITHM);
                mac.init(new SecretKeySpec(secret, FINGERPRINT_ALGORITHM));
                byte[] whole = mac.doFinal(FINGERPRINT_LABEL.getBytes(StandardCharsets.US_ASCII));
                return HexFormat.of().formatHex(whole, 0, FINGERPRINT_BYTES);
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.id.equals(id) && MessageDigest.isEqual(key.secret, secret);
        }

        @Override
        public int hashCode() {
            return id.hashCode();
        }

        @Override
        public String toString() {
            return "key " + id;
        }
    }

    /** What is wrong with a file of keys: the line, from 1, and a sentence that shows no secret. */
    static final class Malformed extends IOException {
        private static final long serialVersionUID = 1L;

        Malformed(int line, String sentence) {
            this("line " + line + ": " + sentence);
        }

        Malformed(String sentence) {
            super(sentence);
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException when it cannot be read, may be read by everyone or holds no keys; the message shows no secret
     */
    public static AffinityKeys read(Path file) throws IOException {
        if (isOpenToOthers(file)) {
            throw new Malformed("which everyone may read (do: chmod o-rwx)");
        }
        return new AffinityKeys(file, parse(Files.readString(file, StandardCharsets.UTF_8)).keys);
    }

    private static boolean isOpenToOthers(Path file) throws IOException {
        return Files.getFileStore(file).supportsFileAttributeView("posix")
                && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    }

    /**
     * Reads the text of a file.
     *
     * @throws Malformed at the first line that is no key, no comment and not empty; or when there is no key
     */
    static AffinityKeys parse(String text) throws Malformed {
        List<Key> keys = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                keys.add(key(line, i + 1, keys));
            }
        }
        if (keys.isEmpty()) {
            throw new Malformed(1, "no key (expected an id and base64, as made by: openssl rand -base64 32)");
        }
        return new AffinityKeys(null, keys);
    }

    /** Stands in for keys that could not be read, in a configuration that is refused. */
    static AffinityKeys none() {
        return new AffinityKeys(null, List.of());
    }

    private static Key key(String line, int number, List<Key> before) throws Malformed {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new Malformed(number, "not an id of 1 to 16 letters, digits, '-' or '_', a blank and base64");
        }
        String id = parts.group(1);
        if (before.stream().anyMatch(each -> each.id.equals(id))) {
            throw new Malformed(number, "key id '" + id + "' stands there twice");
        }
        byte[] secret = decoded(parts.group(2));
        if (secret == null) {
            throw new Malformed(number, "the secret of key '" + id + "' is not base64");
        }
        if (secret.length < MIN_SECRET_BYTES) {
            throw new Malformed(
                    number,
                    "the secret of key '" + id + "' has " + secret.length + " bytes (expected " + MIN_SECRET_BYTES
                            + " or more)");
        }
        return new Key(id, secret);
    }

    private static byte @Nullable [] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** Where they were read; null when from no file. */
    public @Nullable Path file() {
        return file;
    }

    /** The ids, that of the key that signs first. */
    public List<String> ids() {
        return keys.stream().map(Key::id).toList();
    }

    /** All of them; the first is the one that signs. */
    public List<Key> all() {
        return keys;
    }

    public Key current() {
        return keys.get(0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AffinityKeys read && read.keys.equals(keys);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    @Override
    public String toString() {
        return keys.toString();
    }
}
