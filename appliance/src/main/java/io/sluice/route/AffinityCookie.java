package io.sluice.route;

import io.sluice.account.AffinityFinding;
import io.sluice.config.AffinityConfig;
import io.sluice.config.AffinityKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cookie of a pool: {@code 1.<key id>.<Liberator>.<seconds since 1970, base 36>.<signature>}.
 *
 * <p>The signature is HMAC-SHA-256 (RFC 2104) in base64url over everything before it, the cookie's name and its scope:
 * the Domain it is set for, or the host of the route. A cookie of another pool is therefore no cookie of this one, even
 * when both have the same keys.
 *
 * <p><b>Threading:</b> any thread.
 */
final class AffinityCookie {
    private static final String VERSION = "1";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAX_LENGTH = 256;

    private final AffinityConfig.Cookie config;
    private final byte[] context;
    private volatile Keyring keyring;

    /** @param host the host of the route */
    AffinityCookie(AffinityConfig.Cookie config, String host) {
        this.config = config;
        String scope = config.domain() == null ? host : "domain " + config.domain();
        this.context = ("sluice affinity " + VERSION + '\n' + scope + '\n' + config.name() + '\n')
                .getBytes(StandardCharsets.UTF_8);
        this.keyring = Keyring.of(config.keys());
    }

    /** The keys at one time, so that no reader mixes two states of them. */
    private record Keyring(AffinityKeys keys, Map<String, ThreadLocal<Mac>> macs) {
        static Keyring of(AffinityKeys keys) {
            Map<String, ThreadLocal<Mac>> macs = new LinkedHashMap<>();
            for (AffinityKeys.Key each : keys.all()) {
                SecretKeySpec key = new SecretKeySpec(each.secret(), ALGORITHM);
                macs.put(each.id(), ThreadLocal.withInitial(() -> mac(key)));
            }
            return new Keyring(keys, macs);
        }
    }

    /** Signs and believes by other keys from now on. */
    void keys(AffinityKeys keys) {
        keyring = Keyring.of(keys);
    }

    List<AffinityKeys.Key> keys() {
        return keyring.keys().all();
    }

    private static Mac mac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * What a value says.
     *
     * @param liberator the name in it; empty unless the finding is good
     * @param keyId the id in it; empty when it is not of this form
     */
    record Reading(AffinityFinding finding, String liberator, String keyId, Instant issuedAt) {
        private static Reading bad(AffinityFinding finding) {
            return new Reading(finding, "", "", Instant.EPOCH);
        }
    }

    /** Reads a value that a client sent; believes nothing before the signature is right. */
    Reading read(String value, Instant now) {
        int signatureDot = value.lastIndexOf('.');
        int timeDot = value.lastIndexOf('.', signatureDot - 1);
        int keyDot = value.indexOf('.');
        int nameDot = value.indexOf('.', keyDot + 1);
        boolean formed = value.length() <= MAX_LENGTH && keyDot > 0 && nameDot > 0 && timeDot > nameDot;
        if (!formed || !value.substring(0, keyDot).equals(VERSION)) {
            return Reading.bad(AffinityFinding.FORGED);
        }
        String keyId = value.substring(keyDot + 1, nameDot);
        ThreadLocal<Mac> mac = keyring.macs().get(keyId);
        if (mac == null) {
            return Reading.bad(AffinityFinding.UNKNOWN_KEY);
        }
        byte[] expected = sign(mac.get(), value.substring(0, signatureDot)).getBytes(StandardCharsets.ISO_8859_1);
        byte[] given = value.substring(signatureDot + 1).getBytes(StandardCharsets.ISO_8859_1);
        if (!MessageDigest.isEqual(expected, given)) {
            return Reading.bad(AffinityFinding.FORGED);
        }
        // Signed by us, so it is of the form that we write.
        Instant issuedAt = Instant.ofEpochSecond(Long.parseLong(value.substring(timeDot + 1, signatureDot), 36));
        boolean expired =
                !config.maxAge().isZero() && issuedAt.plus(config.maxAge()).isBefore(now);
        return expired
                ? Reading.bad(AffinityFinding.EXPIRED)
                : new Reading(AffinityFinding.GOOD, value.substring(nameDot + 1, timeDot), keyId, issuedAt);
    }

    /** Whether a Set-Cookie field made by {@link #set} names {@code liberator}. */
    static boolean names(String setCookie, String liberator) {
        int end = setCookie.indexOf(';');
        int signatureDot = setCookie.lastIndexOf('.', end);
        int timeDot = setCookie.lastIndexOf('.', signatureDot - 1);
        int versionDot = setCookie.indexOf('.', setCookie.indexOf('='));
        int keyDot = setCookie.indexOf('.', versionDot + 1);
        return timeDot - keyDot - 1 == liberator.length()
                && setCookie.startsWith(liberator, keyDot + 1)
                && versionDot > 0;
    }

    /** Whether a good cookie should be replaced: its key is not the current one, or half of its time is over. */
    boolean isDueForRenewal(Reading reading, Instant now) {
        Duration maxAge = config.maxAge();
        boolean aged =
                !maxAge.isZero() && reading.issuedAt().plus(maxAge.dividedBy(2)).isBefore(now);
        return aged || !reading.keyId().equals(keyring.keys().current().id());
    }

    /** The value of a Set-Cookie field (RFC 6265 §4.1) that makes a client one of {@code liberator}. */
    String set(String liberator, Instant now) {
        Keyring ring = keyring;
        AffinityKeys.Key key = ring.keys().current();
        String signed = VERSION + '.' + key.id() + '.' + liberator + '.' + Long.toString(now.getEpochSecond(), 36);
        ThreadLocal<Mac> mac = ring.macs().get(key.id());
        if (mac == null) {
            throw new IllegalStateException("the current key is not among the keys");
        }
        String value = signed + '.' + sign(mac.get(), signed);
        long seconds = config.maxAge().toSeconds();
        return config.name() + '=' + value + attributes() + (seconds > 0 ? "; Max-Age=" + seconds : "");
    }

    /** The value of a Set-Cookie field that takes the cookie back. */
    String takenBack() {
        return config.name() + '=' + attributes() + "; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    }

    private String attributes() {
        return "; Path=" + config.path()
                + (config.domain() == null ? "" : "; Domain=" + config.domain())
                + (config.secure() ? "; Secure" : "")
                + "; HttpOnly; SameSite=" + config.sameSite().word()
                + (config.partitioned() ? "; Partitioned" : "");
    }

    private String sign(Mac mac, String text) {
        mac.update(context);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }
}
