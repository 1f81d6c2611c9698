package io.sluice.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What tells the clients of a pool apart. */
public sealed interface AffinityConfig {
    /**
     * A cookie that names the Liberator, signed.
     *
     * @param name of the cookie
     * @param path the cookie's Path
     * @param domain the cookie's Domain; null: the host asked for alone
     * @param maxAge how long a cookie counts after it was last set; zero: as long as its key
     * @param forged what becomes of a client whose cookies all fail the check
     * @param releaseDownFor how long a Liberator must have been down before its clients may start anew elsewhere;
     *     zero: never
     * @param releaseRemoved whether clients of a Liberator that left the pool may start anew elsewhere
     */
    record Cookie(
            String name,
            AffinityKeys keys,
            String path,
            @Nullable String domain,
            SameSite sameSite,
            boolean secure,
            boolean partitioned,
            Duration maxAge,
            Forged forged,
            Duration releaseDownFor,
            boolean releaseRemoved)
            implements AffinityConfig {}

    /**
     * The client's address, by rendezvous hashing.
     *
     * @param ipv4Bits leading bits of an IPv4 address that count, 1 to 32
     * @param ipv6Bits leading bits of an IPv6 address that count, 1 to 128
     */
    record Address(int ipv4Bits, int ipv6Bits) implements AffinityConfig {}

    /** A prefix of the path for each Liberator. */
    record Path() implements AffinityConfig {}

    /** The cookie attribute of the same name (RFC 6265bis §4.1.2.7). */
    enum SameSite {
        NONE("None"),
        LAX("Lax"),
        STRICT("Strict");

        private final String word;

        SameSite(String word) {
            this.word = word;
        }

        /** As it stands in Set-Cookie and in the configuration. */
        public String word() {
            return word;
        }
    }

    /** What becomes of a client whose cookies all fail the check. */
    enum Forged {
        /** It is refused, and told to forget its cookie. */
        REFUSE,
        /** It is given a Liberator as if it were new. */
        NEW
    }
}
