package io.sluice.manage;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long a failed login is kept waiting for its answer: doubled with each failure from the same address, forgotten
 * after ten quiet minutes. A login that is right is never delayed, so guessing gets slow and nobody is locked out.
 *
 * <p><b>Threading:</b> any thread. Remembers a bounded number of addresses, the latest.
 */
final class LoginDelay {
    private static final int MOST_ADDRESSES = 1024;
    private static final long FIRST_MILLIS = 250;
    private static final int MOST_DOUBLINGS = 5;
    private static final long FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(10);

    private record Failures(int count, long lastNanos) {}

    private final Map<InetAddress, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Failures> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    /** One more failure from {@code address}: how long its answer waits. */
    synchronized long millisAfterFailure(InetAddress address, long nowNanos) {
        Failures before = failures.get(address);
        boolean fresh = before == null || nowNanos - before.lastNanos > FORGOTTEN_NANOS;
        int count = fresh || before == null ? 1 : before.count + 1;
        failures.put(address, new Failures(count, nowNanos));
        return FIRST_MILLIS << Math.min(count - 1, MOST_DOUBLINGS);
    }

    synchronized void succeeded(InetAddress address) {
        failures.remove(address);
    }

    synchronized int addresses() {
        return failures.size();
    }
}
