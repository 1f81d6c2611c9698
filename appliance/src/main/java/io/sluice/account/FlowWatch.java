package io.sluice.account;

import java.time.Instant;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all open streams each second: which are slow, which are stalled, and which slow ones their route wants
 * ended. Also keeps the history of ends, minute by minute.
 *
 * <p>It reads what the streams count anyway, on a thread of its own, so that a message costs nothing and a stream that
 * flows no memory.
 *
 * <p><b>Threading:</b> its own thread.
 */
public final class FlowWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlowWatch.class);
    private static final int LOOKS_PER_MINUTE = 60;

    private final Accounts accounts;
    private final IdentityHashMap<StreamRecord, Flow> noticed = new IdentityHashMap<>();
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "sluice-flow");
        thread.setDaemon(true);
        return thread;
    });
    private int looks;

    public FlowWatch(Accounts accounts) {
        this.accounts = accounts;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // tick() catches everything itself
    public void start() {
        looker.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    private void tick() {
        try {
            look(accounts.streams().streams(), System.nanoTime());
            if (++looks % LOOKS_PER_MINUTE == 0) {
                Instant now = Instant.now();
                accounts.liberators().forEach(each -> each.lookAtEnds(now));
            }
        } catch (RuntimeException failed) {
            LOG.error("flow.error cause=\"{}\" action=\"tried again\"", failed.toString(), failed);
        }
    }

    /**
     * Notices what has changed since the last look.
     *
     * @param nowNanos as {@link System#nanoTime}
     */
    void look(Collection<StreamRecord> open, long nowNanos) {
        for (StreamRecord stream : open) {
            Flow flow = stream.end() == null ? Flow.of(stream, nowNanos) : Flow.FLOWING;
            Flow before = noticed.getOrDefault(stream, Flow.FLOWING);
            if (flow != before) {
                change(stream, before, flow, nowNanos);
            }
            if (flow == Flow.SLOW && isOverdue(stream, nowNanos)) {
                stream.askToEnd(EndCause.CLIENT_SLOW);
            }
        }
        Iterator<Map.Entry<StreamRecord, Flow>> left = noticed.entrySet().iterator();
        while (left.hasNext()) {
            Map.Entry<StreamRecord, Flow> each = left.next();
            if (each.getKey().end() != null) {
                each.getKey().ledger().flow(each.getValue()).left();
                left.remove();
            }
        }
    }

    private static boolean isOverdue(StreamRecord stream, long nowNanos) {
        long limit = stream.terms().patience().slowTimeoutNanos();
        return limit > 0 && stream.kind().isStream() && Flow.behindNanos(stream, nowNanos) >= limit;
    }

    private void change(StreamRecord stream, Flow before, Flow now, long nowNanos) {
        accounts.streams().log().flows(stream, now, nowNanos);
        if (before != Flow.FLOWING) {
            stream.ledger().flow(before).left();
        }
        if (now == Flow.FLOWING) {
            noticed.remove(stream);
        } else {
            noticed.put(stream, now);
            stream.ledger().flow(now).entered();
        }
    }

    @Override
    public void close() {
        looker.shutdownNow();
    }
}
