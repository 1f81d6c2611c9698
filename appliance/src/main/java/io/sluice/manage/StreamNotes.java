package io.sluice.manage;

import io.sluice.account.EndCause;
import io.sluice.account.Flow;
import io.sluice.account.Refusal;
import io.sluice.account.StreamListener;
import io.sluice.account.StreamLog;
import io.sluice.account.StreamRecord;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What happens to streams, as notifications: while somebody listens, and no more than a management client can take.
 *
 * <p>Loops only put a note into a short queue; a thread that exists while there are some sends them. What comes faster
 * than {@value #MOST_PER_SECOND} in a second, or finds the queue full, is dropped and counted: counters and the log
 * have all of it. Polls and other short requests are not told.
 *
 * <p><b>Threading:</b> any thread; never blocks.
 */
final class StreamNotes implements StreamListener, AutoCloseable {
    static final String OPEN = "sluice.stream.open";
    static final String END = "sluice.stream.end";
    static final String REFUSED = "sluice.refused";
    static final String BACKLOG = "sluice.stream.backlog";
    static final String STALL = "sluice.stream.stall";

    static final int MOST_PER_SECOND = 100;
    private static final int MOST_WAITING = 1000;

    /** One to be sent: its type, its short message, and the whole story. */
    record Note(String type, String message, String story) {}

    private final StreamLog log;
    private final AtomicLong dropped = new AtomicLong();
    private final ThreadPoolExecutor sender = new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            task -> {
                Thread thread = new Thread(task, "sluice-notes");
                thread.setDaemon(true);
                return thread;
            },
            (task, full) -> dropped.incrementAndGet());
    private volatile Consumer<Note> send = note -> {};
    private long second;
    private int sentInSecond;

    StreamNotes(StreamLog log) {
        this.log = log;
        sender.allowCoreThreadTimeOut(true);
    }

    /** Where notes go, on their own thread. */
    void sendThrough(Consumer<Note> way) {
        send = way;
    }

    /** Somebody listens now, or nobody any more. */
    void listened(boolean wanted) {
        log.listener(wanted ? this : null);
    }

    long dropped() {
        return dropped.get();
    }

    @Override
    public void opened(StreamRecord stream) {
        if (stream.kind().isStream()) {
            sender.execute(() -> tell(OPEN, "opened", stream, ""));
        }
    }

    @Override
    public void ended(StreamRecord stream, EndCause cause) {
        if (stream.kind().isStream()) {
            sender.execute(() -> tell(
                    END,
                    "ended",
                    stream,
                    " end=" + cause.label() + " phase=" + stream.phase().label() + " closed_by="
                            + cause.closer().label() + " from_client_bytes=" + stream.fromClientBytes()
                            + " to_client_bytes=" + stream.toClientBytes()));
        }
    }

    @Override
    public void refused(String listener, InetSocketAddress client, String host, Refusal refusal) {
        sender.execute(() -> tell(new Note(
                REFUSED,
                refusal.label(),
                "listener=" + listener + " host=" + (host.isEmpty() ? "-" : host) + " client="
                        + StreamLog.address(client) + " reason=" + refusal.label() + " status=" + refusal.status())));
    }

    @Override
    public void flows(StreamRecord stream, Flow flow) {
        String type = flow == Flow.SLOW ? BACKLOG : STALL;
        sender.execute(() -> tell(type, flow.label(), stream, ""));
    }

    private void tell(String type, String what, StreamRecord stream, String more) {
        String id = Long.toHexString(stream.id());
        tell(new Note(type, what + " " + id, StreamLog.identity(stream) + more));
    }

    /** On the thread of the notes. */
    private void tell(Note note) {
        long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        if (now != second) {
            second = now;
            sentInSecond = 0;
        }
        if (++sentInSecond > MOST_PER_SECOND) {
            dropped.incrementAndGet();
        } else {
            send.accept(note);
        }
    }

    @Override
    public void close() {
        log.listener(null);
        sender.shutdownNow();
    }
}
