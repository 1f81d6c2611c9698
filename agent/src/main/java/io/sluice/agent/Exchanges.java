package io.sluice.agent;

import io.sluice.account.Kind;
import io.sluice.account.StreamRecord;
import io.sluice.loop.Wire;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Streams on their way from the request to the answer's first bytes.
 *
 * <p>From a head's bytes to the opened stream everything happens in one call on one thread, so it is noted in a slot of
 * that thread. From there on it is found by the stream.
 *
 * <p><b>Threading:</b> the loops; {@link #sweep} from the agent's thread.
 */
final class Exchanges {
    /** What this thread is reading right now. */
    private static final class Slot {
        @Nullable
        Wire client;

        long firstByteNanos;
        long parsedNanos;
        long responseHeadNanos;
        boolean headWasPartial;

        /** Of the stream that was connected last. */
        @Nullable
        Journey connected;
    }

    private final ThreadLocal<Slot> slots = ThreadLocal.withInitial(Slot::new);
    private final Map<Wire, Long> partialHeads = new ConcurrentHashMap<>();
    private final Map<StreamRecord, Journey> journeys = new ConcurrentHashMap<>();
    private final Map<StreamRecord, Journey> kept = new ConcurrentHashMap<>();
    private final Connections connections;
    private final Supplier<@Nullable Object> events;
    private final Consumer<Journey> settled;
    private volatile boolean keep;

    /**
     * @param events gives a new stream's JFR event; null for none
     * @param settled told each journey that is over, with the stages it reached
     */
    Exchanges(Connections connections, Supplier<@Nullable Object> events, Consumer<Journey> settled) {
        this.connections = connections;
        this.events = events;
        this.settled = settled;
    }

    /** Whether the stages of a stream are kept until its end. */
    void keep(boolean on) {
        keep = on;
        if (!on) {
            kept.clear();
        }
    }

    /** The stages of a stream that is relayed; null unless they are kept. */
    @Nullable
    Journey kept(StreamRecord stream) {
        return keep ? kept.get(stream) : null;
    }

    void headBytes(Wire client, boolean first) {
        Slot slot = slots.get();
        long now = System.nanoTime();
        slot.client = client;
        slot.parsedNanos = 0;
        slot.headWasPartial = false;
        slot.firstByteNanos = now;
        if (!first) {
            Long before = partialHeads.get(client);
            if (before != null) {
                slot.firstByteNanos = before;
                slot.headWasPartial = true;
            }
        }
    }

    void headBytesRead(Wire client) {
        Slot slot = slots.get();
        if (slot.client == client && slot.parsedNanos == 0 && !slot.headWasPartial) {
            partialHeads.put(client, slot.firstByteNanos);
        }
        slot.client = null;
    }

    void headParsed() {
        Slot slot = slots.get();
        slot.parsedNanos = System.nanoTime();
        if (slot.headWasPartial && slot.client != null) {
            partialHeads.remove(slot.client);
        }
    }

    void direct(Wire client) {
        Slot slot = slots.get();
        slot.client = client;
        slot.firstByteNanos = 0;
        slot.parsedNanos = 0;
    }

    void opened(StreamRecord stream) {
        Slot slot = slots.get();
        Journey journey = new Journey(stream);
        journey.openedNanos = System.nanoTime();
        journey.event = events.get();
        Wire client = slot.client;
        if (client != null) {
            journey.firstByteNanos = slot.firstByteNanos;
            journey.parsedNanos = slot.parsedNanos;
            Connections.Arrived arrived = connections.take(client);
            if (arrived != null) {
                journey.acceptedNanos = arrived.acceptedNanos;
                journey.onLoopNanos = arrived.onLoopNanos;
                journey.securedNanos = arrived.securedNanos;
            }
        }
        if (slot.parsedNanos == 0) {
            slot.client = null;
        }
        journeys.put(stream, journey);
    }

    void connected(StreamRecord stream, long nanos) {
        Journey journey = journeys.get(stream);
        if (journey != null) {
            journey.connectNanos = nanos;
            journey.connectedNanos = System.nanoTime();
        }
        slots.get().connected = journey;
    }

    /** Whose request is being written; at most once for each. */
    @Nullable
    Journey takeConnected() {
        Slot slot = slots.get();
        Journey journey = slot.connected;
        slot.connected = null;
        return journey;
    }

    void responseHead() {
        slots.get().responseHeadNanos = System.nanoTime();
    }

    @Nullable
    Journey answering(StreamRecord stream) {
        Journey journey = journeys.remove(stream);
        if (journey != null) {
            journey.responseHeadNanos = slots.get().responseHeadNanos;
            if (keep) {
                kept.put(stream, journey);
            }
        }
        return journey;
    }

    /** A Direct stream has no request and no answer: its journey is over when it is relayed. */
    void relaying(StreamRecord stream) {
        if (stream.kind() == Kind.DIRECT) {
            Journey journey = journeys.remove(stream);
            if (journey != null) {
                if (keep) {
                    kept.put(stream, journey);
                }
                settled.accept(journey);
            }
        }
    }

    /** Returns the stages of the stream that is over, if they were kept or it had not come to its first bytes. */
    @Nullable
    Journey ended(StreamRecord stream) {
        Journey unfinished = journeys.remove(stream);
        if (unfinished != null) {
            settled.accept(unfinished);
        }
        Journey whole = keep ? kept.remove(stream) : null;
        return unfinished == null ? whole : unfinished;
    }

    void sweep() {
        partialHeads.keySet().removeIf(wire -> !wire.isOpen());
    }
}
