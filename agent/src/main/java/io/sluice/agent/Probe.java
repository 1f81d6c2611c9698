package io.sluice.agent;

import io.sluice.account.EndCause;
import io.sluice.account.StreamRecord;
import io.sluice.loop.Wire;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * What advice calls, and the only class of the agent that the appliance's methods know while they are instrumented.
 *
 * <p><b>Threading:</b> the loops. Does nothing while nobody observes. What throws is caught by the advice around it and
 * counted by {@link Faults}.
 */
public final class Probe {
    private static volatile @Nullable Observer observer;

    private Probe() {}

    static void observer(@Nullable Observer next) {
        observer = next;
    }

    /** A listener's socket gave a connection. */
    public static void accepted(SocketChannel channel) {
        Observer now = observer;
        if (now != null) {
            now.connections().accepted(channel);
        }
    }

    /** A connection has its wire. */
    public static void onLoop(SocketChannel channel, Wire wire) {
        Observer now = observer;
        if (now != null) {
            now.connections().onLoop(channel, wire);
        }
    }

    /** The TLS handshake over {@code socket} is done; {@code wire} is the connection from now on. */
    public static void secured(Wire socket, Wire wire) {
        Observer now = observer;
        if (now != null) {
            now.connections().secured(socket, wire);
        }
    }

    /** {@code connection} speaks HTTP/2, and {@code stream} is the wire of one of its streams. */
    public static void carried(Wire connection, Wire stream) {
        Observer now = observer;
        if (now != null) {
            now.connections().carried(connection, stream);
        }
    }

    /** Bytes of a request head are there; {@code first}: its first ones. */
    public static void headBytes(Wire client, boolean first) {
        Observer now = observer;
        if (now != null) {
            now.exchanges().headBytes(client, first);
        }
    }

    /** All that was there of a request head has been looked at. */
    public static void headBytesRead(Wire client) {
        Observer now = observer;
        if (now != null) {
            now.exchanges().headBytesRead(client);
        }
    }

    /** A request head is read and checked. */
    public static void headParsed() {
        Observer now = observer;
        if (now != null) {
            now.exchanges().headParsed();
        }
    }

    /** A Direct connection is about to open its stream. */
    public static void direct(Wire client) {
        Observer now = observer;
        if (now != null) {
            now.exchanges().direct(client);
        }
    }

    /** A route is chosen and its stream opened. */
    public static void opened(StreamRecord stream) {
        Observer now = observer;
        if (now != null) {
            now.exchanges().opened(stream);
        }
    }

    /** The stream's Liberator is connected; {@code nanos} is 0 on a connection that was there already. */
    public static void connected(StreamRecord stream, long nanos) {
        Observer now = observer;
        if (now != null) {
            now.exchanges().connected(stream, nanos);
        }
    }

    /** The head of the request whose stream was connected last stands in {@code out} from {@code start} on. */
    public static void requestWritten(ByteBuffer out, int start) {
        Observer now = observer;
        if (now != null) {
            now.requestWritten(out, start);
        }
    }

    /** A response head is complete. */
    public static void responseHead() {
        Observer now = observer;
        if (now != null) {
            now.exchanges().responseHead();
        }
    }

    /** The answer to the stream's request begins. Returns what {@link #answered} wants; null when there is nothing. */
    public static @Nullable Object answering(StreamRecord stream) {
        Observer now = observer;
        return now == null ? null : now.exchanges().answering(stream);
    }

    /** Head and first bytes of the answer are written to the client. */
    public static void answered(@Nullable Object journey, Wire client) {
        Observer now = observer;
        if (now != null && journey != null) {
            now.answered((Journey) journey, client);
        }
    }

    /** The stream is relayed from now on. */
    public static void relaying(StreamRecord stream) {
        Observer now = observer;
        if (now != null) {
            now.exchanges().relaying(stream);
        }
    }

    /** The stream is over. */
    public static void ended(StreamRecord stream, EndCause cause) {
        Observer now = observer;
        if (now != null) {
            now.ended(stream, cause);
        }
    }

    /** A JFR event that begins now; null while nothing records them. */
    public static @Nullable Object transitBegins() {
        Observer now = observer;
        return now == null ? null : now.flight().transitBegins();
    }

    /** A message that was read at {@code readNanos} has been given to {@code sink}. */
    public static void passed(
            StreamRecord stream, Wire sink, boolean toClient, int bytes, long readNanos, @Nullable Object event) {
        Observer now = observer;
        if (now != null) {
            now.passed(stream, sink, toClient, bytes, readNanos, event);
        }
    }

    /** Part of a request, read at {@code readNanos}, has been given to the Liberator's wire. */
    public static void forwarded(StreamRecord stream, Wire sink, int bytes, long readNanos) {
        Observer now = observer;
        if (now != null) {
            now.passed(stream, sink, false, bytes, readNanos, null);
        }
    }

    /** The wire's socket has taken everything that waited for it. */
    public static void drained(Wire wire) {
        Observer now = observer;
        if (now != null) {
            now.waits().drained(wire);
        }
    }
}
