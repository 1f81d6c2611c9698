package io.sluice.account;

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
    private final StickinessAudit stickiness = new StickinessAudit();

    public StreamRegistry(StreamLog log) {
        this.log = log;
    }

    /**
     * Opens a stream: counts it, gives it an id.
     *
     * @param kind what it looks like so far
     * @param host the host name asked for; empty where there is none
     */
    public StreamRecord open(Ledger ledger, Kind kind, Origin origin, Terms terms, String host) {
        StreamRecord stream = new StreamRecord(lastId.incrementAndGet(), ledger, kind, origin, terms, host);
        ledger.kind(kind).entered();
        open.add(stream);
        return stream;
    }

    /** Its relaying begins and its kind is known: the log gets its opening line. */
    public void relaying(StreamRecord stream) {
        stream.count();
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

    /** Whether it is in the registry; when it is not any more, its end is counted. */
    public boolean isOpen(StreamRecord stream) {
        return open.contains(stream);
    }

    public int active() {
        return open.size();
    }

    /** What compares each delivery with what was decided. */
    public StickinessAudit stickiness() {
        return stickiness;
    }

    public StreamLog log() {
        return log;
    }
}
