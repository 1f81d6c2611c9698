package io.sluice.account;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The streams that are open now, each with its record; opens and ends them, and tells the log.
 *
 * <p><b>Threading:</b> any thread; {@link #open} and {@link #end} of one stream come from its loop.
 */
public final class StreamRegistry {
    private final Set<StreamRecord> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong lastId = new AtomicLong();
    private final StreamLog log;

    public StreamRegistry(StreamLog log) {
        this.log = log;
    }

    /** Opens a stream: counts it, gives it an id. */
    public StreamRecord open(Ledger ledger, Kind kind, String listener, String host, InetSocketAddress client) {
        StreamRecord stream = new StreamRecord(lastId.incrementAndGet(), ledger, kind, listener, host, client);
        ledger.kind(kind).opened();
        open.add(stream);
        return stream;
    }

    /** Its relaying begins: the log gets its opening line. */
    public void relaying(StreamRecord stream) {
        stream.phase(Phase.RELAY);
        log.opened(stream);
    }

    /** Ends a stream for {@code cause}; only the first cause given counts. */
    public void end(StreamRecord stream, EndCause cause) {
        if (stream.end(cause)) {
            open.remove(stream);
            log.ended(stream, cause);
        }
    }

    /** A live view; safe to walk while streams come and go. */
    public Collection<StreamRecord> streams() {
        return open;
    }

    public int active() {
        return open.size();
    }

    public StreamLog log() {
        return log;
    }
}
