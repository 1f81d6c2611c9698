package io.sluice.agent;

import io.sluice.loop.Wire;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Connections between their acceptance and their first stream, to which these stages are then ascribed.
 *
 * <p>What never comes to a stream is found by {@link #sweep}, because its socket is closed.
 *
 * <p><b>Threading:</b> the loops; {@link #sweep} from the agent's thread.
 */
final class Connections {
    /** What is known of one. */
    static final class Arrived {
        final long acceptedNanos;
        final long onLoopNanos;
        volatile long securedNanos;

        Arrived(long acceptedNanos, long onLoopNanos) {
            this.acceptedNanos = acceptedNanos;
            this.onLoopNanos = onLoopNanos;
        }
    }

    private final Map<SocketChannel, Long> accepted = new ConcurrentHashMap<>();
    private final Map<Wire, Arrived> arrived = new ConcurrentHashMap<>();

    void accepted(SocketChannel channel) {
        accepted.put(channel, System.nanoTime());
    }

    /** Connections to Liberators pass here too, and are not known. */
    void onLoop(SocketChannel channel, Wire wire) {
        Long at = accepted.remove(channel);
        if (at != null) {
            arrived.put(wire, new Arrived(at, System.nanoTime()));
        }
    }

    void secured(Wire socket, Wire wire) {
        Arrived known = arrived.remove(socket);
        if (known != null) {
            known.securedNanos = System.nanoTime();
            arrived.put(wire, known);
        }
    }

    /** What an HTTP/2 connection took belongs to the first of its streams. */
    void carried(Wire connection, Wire stream) {
        Arrived known = arrived.remove(connection);
        if (known != null) {
            arrived.put(stream, known);
        }
    }

    /** Hands out what is known of {@code wire}, once. */
    @Nullable
    Arrived take(Wire wire) {
        return arrived.remove(wire);
    }

    void sweep() {
        accepted.keySet().removeIf(channel -> !channel.isOpen());
        arrived.keySet().removeIf(wire -> !wire.isOpen());
    }
}
