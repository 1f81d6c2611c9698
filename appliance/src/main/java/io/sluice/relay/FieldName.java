package io.sluice.relay;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The header fields that a relay must know, and what becomes of each. Any other field passes as it came. */
enum FieldName {
    HOST(Fate.FRAMING),
    CONTENT_LENGTH(Fate.FRAMING),
    TRANSFER_ENCODING(Fate.FRAMING),

    CONNECTION(Fate.HOP),
    KEEP_ALIVE(Fate.HOP),
    PROXY_CONNECTION(Fate.HOP),
    PROXY_AUTHENTICATE(Fate.HOP),
    PROXY_AUTHORIZATION(Fate.HOP),
    TE(Fate.HOP),
    UPGRADE(Fate.HOP),
    HTTP2_SETTINGS(Fate.HOP),

    X_FORWARDED_FOR(Fate.CLAIM),
    X_FORWARDED_PROTO(Fate.CLAIM),
    X_FORWARDED_HOST(Fate.CLAIM),
    X_FORWARDED_PORT(Fate.CLAIM),
    X_FORWARDED_SERVER(Fate.CLAIM),
    X_FORWARDED_SSL(Fate.CLAIM),
    X_FORWARDED_PREFIX(Fate.CLAIM),
    X_FORWARDED_SCHEME(Fate.CLAIM),
    X_REAL_IP(Fate.CLAIM),
    X_CLIENT_IP(Fate.CLAIM),
    X_CLUSTER_CLIENT_IP(Fate.CLAIM),
    TRUE_CLIENT_IP(Fate.CLAIM),
    FORWARDED(Fate.CLAIM),
    FRONT_END_HTTPS(Fate.CLAIM),
    X_SSL_CLIENT_CERT(Fate.CLAIM),
    X_SSL_CLIENT_VERIFY(Fate.CLAIM),
    X_SSL_CLIENT_S_DN(Fate.CLAIM),
    X_ORIGINAL_URL(Fate.CLAIM),
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
    enum Fate {
        /** Tells where the message goes or ends: checked, and written anew by us. */
        FRAMING,
        /** Meant for the next hop only (RFC 9110 §7.6.1): removed. */
        HOP,
        /** Claims something about the client that only a trusted proxy may say: removed, then set by policy. */
        CLAIM,
        /** Passes as it came. */
        PASS
    }

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
        String name = name().equals("HTTP2_SETTINGS") ? "http2-settings" : name().replace('_', '-');
        this.lower = name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
        this.fate = fate;
    }

    Fate fate() {
        return fate;
    }

    /** The known name that stands in {@code bytes}, letter case ignored; null for any other. */
    static @Nullable FieldName of(byte[] bytes, int from, int to) {
        for (FieldName each : BY_HASH[hash(bytes, from, to)]) {
            if (Octets.equalsIgnoreCase(bytes, from, to, each.lower)) {
                return each;
            }
        }
        return null;
    }

    private static int hash(byte[] bytes, int from, int to) {
        int length = to - from;
        int middle = bytes[from + length / 2] | 0x20;
        return (length * 31 + (bytes[from] | 0x20) * 7 + (bytes[to - 1] | 0x20) * 13 + middle) & (TABLE - 1);
    }
}
