package io.sluice.route;

import io.sluice.config.AddressRange;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Spreads the new streams of one Liberator over time, so that a storm of logins after a failure reaches it at a rate
 * that it can bear.
 *
 * <p>While streams come slowly enough they pass at once. Otherwise they wait: client addresses take turns (an IPv6
 * client is its /64), and the streams of one address keep their order. So a host that connects in a loop delays
 * itself and nobody else; where every address has one stream this is the order of arrival. The queue is bounded;
 * when it is full a newcomer takes the place of the last stream of the address that has the most, if that has at
 * least two more than its own (the longest queue drops, as in fair queueing), else it is the one turned away.
 *
 * <p>It belongs to the Liberator's name and goes from table to table; rate and size come with each call.
 *
 * <p><b>Threading:</b> any thread. Each call holds the lock for a few operations on maps; nobody calls it but for a new
 * stream of a Liberator that has a rate, so no message ever waits for it.
 */
public final class StreamGate {
    /** A stream that wants to begin. Called by whoever calls the gate; must not block. */
    public interface Turn {
        /** It may begin. */
        void onTurn();

        /** Its place went to another. */
        void onDisplaced();
    }

    /** What becomes of a stream that comes to the gate. */
    public enum Entry {
        /** It may begin now. */
        PASSED,
        /** It waits for its turn. */
        QUEUED,
        /** It waits, and the caller must see to it that {@link #admit} is called until nobody waits. */
        QUEUED_FIRST,
        /** There is no place to wait. */
        FULL
    }

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** How much unused time is made up for at once. */
    private static final long BURST_NANOS = NANOS_PER_SECOND / 10;

    private static final int IPV6_HOST_BITS = 64;

    /** By client address; the address whose turn is next comes first. */
    private final Map<InetAddress, LinkedHashSet<Turn>> waiting = new LinkedHashMap<>();

    private int size;
    private boolean driven;
    private long nextNanos;

    /**
     * @param nowNanos {@link System#nanoTime}, as for all times here
     */
    public StreamGate(long nowNanos) {
        nextNanos = nowNanos;
    }

    /**
     * A new stream comes.
     *
     * @param perSecond the rate, more than 0
     * @param most how many may wait
     */
    public Entry enter(Turn turn, InetAddress client, int perSecond, int most, long nowNanos) {
        Turn displaced = null;
        Entry entry;
        synchronized (this) {
            if (size == 0 && take(perSecond, nowNanos)) {
                return Entry.PASSED;
            }
            InetAddress host = host(client);
            if (size >= most) {
                displaced = displace(host);
                if (displaced == null) {
                    return Entry.FULL;
                }
            }
            waiting.computeIfAbsent(host, each -> new LinkedHashSet<>()).add(turn);
            size++;
            entry = driven ? Entry.QUEUED : Entry.QUEUED_FIRST;
            driven = true;
        }
        if (displaced != null) {
            displaced.onDisplaced();
        }
        return entry;
    }

    private static InetAddress host(InetAddress client) {
        return client instanceof Inet6Address ? new AddressRange(client, IPV6_HOST_BITS).network() : client;
    }

    /** Takes out the last stream of the address that has the most, if one of {@code host} deserves its place. */
    private @Nullable Turn displace(InetAddress host) {
        InetAddress longest = null;
        int most = 0;
        for (Map.Entry<InetAddress, LinkedHashSet<Turn>> each : waiting.entrySet()) {
            if (each.getValue().size() > most) {
                most = each.getValue().size();
                longest = each.getKey();
            }
        }
        LinkedHashSet<Turn> own = waiting.get(host);
        if (longest == null || most < (own == null ? 0 : own.size()) + 2) {
            return null;
        }
        Turn last = null;
        for (Turn each : waiting.getOrDefault(longest, new LinkedHashSet<>())) {
            last = each;
        }
        if (last != null) {
            remove(longest, last);
        }
        return last;
    }

    /** A stream that waits wants no more; false when it does not wait. */
    public synchronized boolean leave(Turn turn, InetAddress client) {
        return remove(host(client), turn);
    }

    private boolean remove(InetAddress host, Turn turn) {
        LinkedHashSet<Turn> turns = waiting.get(host);
        if (turns == null || !turns.remove(turn)) {
            return false;
        }
        if (turns.isEmpty()) {
            waiting.remove(host);
        }
        size--;
        return true;
    }

    /**
     * Lets in those whose turn has come.
     *
     * @return how long until the next turn, in nanoseconds; 0 when nobody waits and the caller is released from calling
     */
    public long admit(int perSecond, long nowNanos) {
        List<Turn> due = new ArrayList<>();
        long pause;
        synchronized (this) {
            while (size > 0 && take(perSecond, nowNanos)) {
                due.add(next());
            }
            driven = size > 0;
            pause = driven ? Math.max(1, nextNanos - nowNanos) : 0;
        }
        due.forEach(Turn::onTurn);
        return pause;
    }

    private Turn next() {
        Iterator<Map.Entry<InetAddress, LinkedHashSet<Turn>>> addresses =
                waiting.entrySet().iterator();
        Map.Entry<InetAddress, LinkedHashSet<Turn>> first = addresses.next();
        InetAddress host = first.getKey();
        LinkedHashSet<Turn> turns = first.getValue();
        addresses.remove();
        Iterator<Turn> order = turns.iterator();
        Turn turn = order.next();
        order.remove();
        size--;
        if (!turns.isEmpty()) {
            waiting.put(host, turns);
        }
        return turn;
    }

    /** Whether the rate allows one more; virtual scheduling as in the generic cell rate algorithm (ITU-T I.371). */
    private boolean take(int perSecond, long nowNanos) {
        if (nextNanos - (nowNanos - BURST_NANOS) < 0) {
            nextNanos = nowNanos - BURST_NANOS;
        }
        if (nextNanos - nowNanos > 0) {
            return false;
        }
        nextNanos += NANOS_PER_SECOND / perSecond;
        return true;
    }
}
