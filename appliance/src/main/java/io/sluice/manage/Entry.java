package io.sluice.manage;

import io.sluice.account.Refusal;
import io.sluice.config.AddressRange;
import io.sluice.config.AddressRules;
import io.sluice.config.Limits;
import io.sluice.config.ListenerConfig;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a listener would let a client in now, step by step.
 *
 * @param steps a line each, as {@link Explanation} shows its own
 * @param refusal why not; null when it would
 */
record Entry(List<String> steps, @Nullable String refusal) {
    /**
     * @param active the connections that are open there
     * @param client its address, as the Liberator would be told it
     */
    static Entry of(ListenerConfig config, int active, boolean listening, InetAddress client) {
        Limits limits = config.limits();
        int most = limits.connections();
        int mostEach = limits.connectionsPerAddress();
        String host = limits.host(client).getHostAddress();
        return new Entry(
                List.of(
                        "client     " + client.getHostAddress(),
                        "rule       " + rule(limits.rules(), client),
                        "listener   " + active + " connections open" + (most == 0 ? "" : ", at most " + most),
                        "address    "
                                + (mostEach == 0
                                        ? "no limit"
                                        : "at most " + mostEach + " connections, counted as " + host)),
                refusal(limits, active, listening, client));
    }

    /** Which rule decides: what is denied stays out, allowed or not. */
    private static String rule(AddressRules rules, InetAddress client) {
        AddressRange denied = AddressRange.firstOf(rules.deny(), client);
        AddressRange allowed = AddressRange.firstOf(rules.allow(), client);
        if (denied != null) {
            return "deny " + denied;
        }
        if (allowed != null) {
            return "allow " + allowed;
        }
        return rules.allow().isEmpty() ? "none: all that is not denied may come" : "none of allow: it may not come";
    }

    private static @Nullable String refusal(Limits limits, int active, boolean listening, InetAddress client) {
        if (!listening) {
            return "nobody comes in: it does not listen now";
        }
        if (!limits.rules().admit(client)) {
            return "refused: " + Refusal.ADDRESS_DENIED.label();
        }
        boolean full = limits.connections() > 0 && active >= limits.connections();
        return full ? "refused: " + Refusal.LISTENER_LIMIT.label() : null;
    }
}
