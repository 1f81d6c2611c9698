package io.sluice.config;

import java.net.InetAddress;
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

    /** Whether ours are added to the forwarding headers that {@code peer} sends, not set in their place. */
    public boolean believes(InetAddress peer) {
        return mode == XForwarded.APPEND && AddressRange.anyContains(trust, peer);
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
