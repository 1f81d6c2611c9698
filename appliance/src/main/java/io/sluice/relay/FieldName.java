package io.sluice.relay;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The header fields that a relay must know, and what becomes of each. Any other field passes as it came. */
public enum FieldName {
    HOST(Fate.FRAMING),
    CONTENT_LENGTH(Fate.FRAMING),
    TRANSFER_ENCODING(Fate.FRAMING),

    MASKED_CONTENT_LENGTH(Fate.MASKED, "content_length"),
    MASKED_TRANSFER_ENCODING(Fate.MASKED, "transfer_encoding"),

    CONNECTION(Fate.HOP),
    KEEP_ALIVE(Fate.HOP),
    PROXY_CONNECTION(Fate.HOP),
    PROXY_AUTHENTICATE(Fate.HOP),
    PROXY_AUTHORIZATION(Fate.HOP),
    TE(Fate.HOP),
    UPGRADE(Fate.HOP),
    HTTP2_SETTINGS(Fate.HOP),

    /** Any name of its family that is not listed by itself: {@code X-Forwarded-...}, {@code X-SSL-...}. */
    X_FORWARDED(Fate.CLAIM),
    X_FORWARDED_FOR(Fate.CLAIM),
    X_FORWARDED_PROTO(Fate.CLAIM),
    X_FORWARDED_HOST(Fate.CLAIM),
    X_REAL_IP(Fate.CLAIM),
    X_CLIENT_IP(Fate.CLAIM),
    X_CLUSTER_CLIENT_IP(Fate.CLAIM),
    X_REMOTE_IP(Fate.CLAIM),
    X_REMOTE_ADDR(Fate.CLAIM),
    X_ORIGINATING_IP(Fate.CLAIM),
    X_PROXYUSER_IP(Fate.CLAIM),
    X_ENVOY_EXTERNAL_ADDRESS(Fate.CLAIM),
    TRUE_CLIENT_IP(Fate.CLAIM),
    CF_CONNECTING_IP(Fate.CLAIM),
    FASTLY_CLIENT_IP(Fate.CLAIM),
    CLIENT_IP(Fate.CLAIM),
    FORWARDED(Fate.CLAIM),
    FRONT_END_HTTPS(Fate.CLAIM),
    X_SCHEME(Fate.CLAIM),
    X_URL_SCHEME(Fate.CLAIM),
    CLIENT_CERT(Fate.CLAIM),
    CLIENT_CERT_CHAIN(Fate.CLAIM),
    SSL_CLIENT_CERT(Fate.CLAIM),
    SSL_CLIENT_VERIFY(Fate.CLAIM),
    X_CLIENT_CERT(Fate.CLAIM),
    X_CLIENT_DN(Fate.CLAIM),
    X_HOST(Fate.CLAIM),
    X_ORIGINAL_HOST(Fate.CLAIM),
    X_ORIGINAL_FORWARDED_FOR(Fate.CLAIM),
    X_ORIGINAL_URL(Fate.CLAIM),
    X_ORIGINAL_URI(Fate.CLAIM),
    X_REWRITE_URL(Fate.CLAIM),
    PROXY(Fate.CLAIM),

    VIA(Fate.PASS),
    EXPECT(Fate.PASS),
    TRAILER(Fate.PASS),
    ACCEPT(Fate.PASS),
    COOKIE(Fate.PASS),
    AUTHORIZATION(Fate.PASS),
    CONTENT_TYPE(Fate.PASS),
    ORIGIN(Fate.PASS),
    SET_COOKIE(Fate.PASS),
    CACHE_CONTROL(Fate.PASS),
    SEC_WEBSOCKET_KEY(Fate.PASS),
    SEC_WEBSOCKET_VERSION(Fate.PASS),
    SEC_WEBSOCKET_ACCEPT(Fate.PASS),
    SEC_WEBSOCKET_PROTOCOL(Fate.PASS),
    SEC_WEBSOCKET_EXTENSIONS(Fate.PASS);

    /** What becomes of a field. */
    public enum Fate {
        /** Tells where the message goes or ends: checked, and written anew by us. */
        FRAMING,
        /** A framing field to those who take underscores for hyphens, as CGI does: malformed. */
        MASKED,
        /** Meant for the next hop only (RFC 9110 §7.6.1): removed. */
        HOP,
        /** Claims something about the client that only a trusted proxy may say: removed, then set by policy. */
        CLAIM,
        /** Passes as it came. */
        PASS
    }

    private static final byte[][] FAMILIES = {Octets.of("x-forwarded"), Octets.of("x-ssl")};
    private static final int TABLE = 256;
    private static final FieldName[][] BY_HASH = new FieldName[TABLE][0];

    static {
        for (FieldName each : values()) {
            int hash = hash(each.lower, 0, each.lower.length);
            FieldName[] bucket = BY_HASH[hash];
            FieldName[] grown = java.util.Arrays.copyOf(bucket, bucket.length + 1);
            grown[bucket.length] = each;
            BY_HASH[hash] = grown;
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // never written after construction
    private final byte[] lower;

    private final Fate fate;

    FieldName(Fate fate) {
        this.lower = Octets.of(name().replace('_', '-').toLowerCase(Locale.ROOT));
        this.fate = fate;
    }

    FieldName(Fate fate, String lower) {
        this.lower = Octets.of(lower);
        this.fate = fate;
    }

    /** As in a message, in lower case. */
    @Override
    public String toString() {
        return new String(lower, StandardCharsets.US_ASCII);
    }

    public Fate fate() {
        return fate;
    }

    /** The known name that stands in {@code bytes}, letter case ignored; null for any other. */
    static @Nullable FieldName of(byte[] bytes, int from, int to) {
        FieldName[] candidates = BY_HASH[hash(bytes, from, to)];
        for (FieldName each : candidates) {
            if (Octets.equalsIgnoreCase(bytes, from, to, each.lower)) {
                return each;
            }
        }
        for (FieldName each : candidates) {
            if (each.fate == Fate.CLAIM && startsWithLoosely(bytes, from, to, each.lower) == to) {
                return X_FORWARDED;
            }
        }
        return isOfFamily(bytes, from, to) ? X_FORWARDED : null;
    }

    private static boolean isOfFamily(byte[] bytes, int from, int to) {
        if ((bytes[from] | 0x20) != 'x') {
            return false;
        }
        for (byte[] family : FAMILIES) {
            int end = startsWithLoosely(bytes, from, to, family);
            if (end == to || (end > 0 && hyphenated(bytes[end]) == '-')) {
                return true;
            }
        }
        return false;
    }

    /**
     * Where {@code lower} ends that stands at {@code from}, letter case and the kind of dash ignored; -1 if it does
     * not.
     */
    private static int startsWithLoosely(byte[] bytes, int from, int to, byte[] lower) {
        if (to - from < lower.length) {
            return -1;
        }
        for (int i = 0; i < lower.length; i++) {
            int b = hyphenated(bytes[from + i]);
            if (b != lower[i] && (b | 0x20) != lower[i]) {
                return -1;
            }
        }
        return from + lower.length;
    }

    private static int hyphenated(byte b) {
        return b == '_' ? '-' : b;
    }

    private static int hash(byte[] bytes, int from, int to) {
        int length = to - from;
        int middle = hyphenated(bytes[from + length / 2]) | 0x20;
        return (length * 31 + (bytes[from] | 0x20) * 7 + (bytes[to - 1] | 0x20) * 13 + middle) & (TABLE - 1);
    }
}
