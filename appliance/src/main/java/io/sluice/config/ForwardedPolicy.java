package io.sluice.config;

import java.util.List;

/**
 * Which forwarding headers a Liberator gets.
 *
 * @param mode what happens to X-Forwarded-For, -Proto and -Host
 * @param trust the peers whose forwarding headers are believed
 * @param rfc7239 whether the Forwarded header is sent too
 * @param via whether the Via header is sent too
 */
public record ForwardedPolicy(XForwarded mode, List<AddressRange> trust, boolean rfc7239, boolean via) {
    public ForwardedPolicy {
        trust = List.copyOf(trust);
    }

    /** What happens to X-Forwarded-For, -Proto and -Host. */
    public enum XForwarded {
        /** The client's are dropped, ours set. */
        REPLACE,
        /** Ours are appended to those of a trusted peer; as {@link #REPLACE} for all others. */
        APPEND,
        /** The client's are dropped, none set. */
        OFF
    }
}
