package io.sluice.agent;

import io.sluice.account.StreamRecord;
import io.sluice.loop.Wire;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that wait because a socket is full: since when, and for how long it was in the end. Its source is not read
 * meanwhile, so there is one wait at most for each wire.
 *
 * <p><b>Threading:</b> the loops; {@link #sweep} from the agent's thread.
 */
final class Waits {
    /**
     * One of them.
     *
     * @param transitNanos how long the message took until the socket was found full
     * @param sinceNanos since when, as {@link System#nanoTime}
     * @param pendingBytes how much waited at first
     */
    record Wait(
            StreamRecord stream,
            Wire wire,
            boolean toClient,
            int bytes,
            int pendingBytes,
            long transitNanos,
            long sinceNanos,
            @Nullable Object event) {}

    private final Map<Wire, Wait> byWire = new ConcurrentHashMap<>();
    private final Map<StreamRecord, Wait> forClients = new ConcurrentHashMap<>();
    private final Map<StreamRecord, Wait> forLiberators = new ConcurrentHashMap<>();
    private final BiConsumer<Wait, Long> over;

    /**
     * @param over told each wait that is over, and how many nanoseconds it took
     */
    Waits(BiConsumer<Wait, Long> over) {
        this.over = over;
    }

    void begins(Wait wait) {
        if (byWire.putIfAbsent(wait.wire(), wait) == null) {
            (wait.toClient() ? forClients : forLiberators).put(wait.stream(), wait);
        }
    }

    void drained(Wire wire) {
        Wait wait = byWire.remove(wire);
        if (wait != null) {
            over(wait);
        }
    }

    /**
     * The stream is over.
     *
     * @param lost whether what waits will never be taken; else it still goes out
     */
    void ended(StreamRecord stream, boolean lost) {
        if (lost && !byWire.isEmpty()) {
            lost(forClients.get(stream));
            lost(forLiberators.get(stream));
        }
    }

    private void lost(@Nullable Wait wait) {
        if (wait != null && byWire.remove(wait.wire(), wait)) {
            over(wait);
        }
    }

    private void over(Wait wait) {
        (wait.toClient() ? forClients : forLiberators).remove(wait.stream(), wait);
        over.accept(wait, System.nanoTime() - wait.sinceNanos());
    }

    /** What waited for a socket that was closed meanwhile waits no more. */
    void sweep() {
        for (Wait each : byWire.values()) {
            if (!each.wire().isOpen()) {
                lost(each);
            }
        }
    }

    /** How many clients are waited for now. */
    int clients() {
        return forClients.size();
    }

    /** How long the longest wait for a client lasts already. */
    long longestForClientNanos() {
        long now = System.nanoTime();
        long longest = 0;
        for (Wait each : forClients.values()) {
            longest = Math.max(longest, now - each.sinceNanos());
        }
        return longest;
    }
}
