package io.sluice.listen;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many connections each client address has open at one listener.
 *
 * <p><b>Threading:</b> any thread. Holds an entry only for addresses that are connected.
 */
public final class AddressCounts {
    private final ConcurrentMap<InetAddress, Integer> counts = new ConcurrentHashMap<>();

    /** Takes a place for {@code address}; false when it has {@code limit} already. */
    public boolean take(InetAddress address, int limit) {
        boolean[] taken = {false};
        counts.compute(address, (key, count) -> {
            int now = count == null ? 0 : count;
            taken[0] = now < limit;
            return taken[0] ? Integer.valueOf(now + 1) : count;
        });
        return taken[0];
    }

    public void giveBack(InetAddress address) {
        counts.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }
}
