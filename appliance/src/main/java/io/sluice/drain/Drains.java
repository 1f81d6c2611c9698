package io.sluice.drain;

import io.sluice.account.Ledger;
import io.sluice.account.StreamRegistry;
import io.sluice.route.Liberator;
import io.sluice.route.Router;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drains of one appliance, at most one for a Liberator at a time, and who may have new streams at all.
 *
 * <p>A Liberator is DRAINING from the first moment of its drain until no connection to it is left, or its deadline
 * has passed, and DISABLED from then on, until it is told to serve again. Its last drain stays to be looked at.
 *
 * <p><b>Threading:</b> any thread. One thread looks after all drains; it exists only while there are some.
 */
public final class Drains implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Drains.class);
    private static final long LOOK_MILLIS = 50;

    private final StreamRegistry registry;
    private final Router router;
    private final Consumer<Liberator> onChange;
    private final Map<String, Drain> drains = new LinkedHashMap<>();
    private @Nullable ScheduledExecutorService looker;

    /**
     * @param onChange told after each change of a Liberator's state
     */
    public Drains(StreamRegistry registry, Router router, Consumer<Liberator> onChange) {
        this.registry = registry;
        this.router = router;
        this.onChange = onChange;
    }

    /**
     * Empties {@code liberators}, which get no new streams from now on. A drain of one of them that is under way ends.
     *
     * @param perSecond how many streams are asked in a second; {@link Drain#AT_ONCE}
     * @param limit after which what is left is ended
     * @param by who wants it
     */
    public synchronized Drain drain(Collection<Liberator> liberators, int perSecond, Duration limit, String by) {
        String rate = perSecond == Drain.AT_ONCE ? "at once" : perSecond + " a second";
        Set<Ledger> ledgers = liberators.stream().map(Liberator::ledger).collect(Collectors.toSet());
        Drain drain = new Drain(registry, ledgers, perSecond, limit, System.nanoTime());
        for (Liberator each : liberators) {
            callOff(each.name());
            each.draining(drain.departures(), by + ": drain, " + rate + ", deadline " + limit.toSeconds() + " s");
            changed(each);
            drains.put(each.name(), drain);
        }
        LOG.info(
                "drain.start liberators={} streams={} kept={} per_second={} deadline_ms={} by=\"{}\"",
                String.join(",", drain.liberators()),
                drain.remaining() - drain.kept(),
                drain.kept(),
                perSecond,
                limit.toMillis(),
                by);
        if (drain.remaining() > 0) {
            look(drain);
        }
        startLooking();
        return drain;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // look() catches everything itself
    private void startLooking() {
        if (looker == null) {
            looker = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "sluice-drain");
                thread.setDaemon(true);
                return thread;
            });
            looker.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void look() {
        try {
            for (Drain each : Set.copyOf(drains.values())) {
                look(each);
            }
            if (looker != null && drains.values().stream().allMatch(Drain::isOver)) {
                close();
            }
        } catch (RuntimeException failed) {
            LOG.error("drain.error cause=\"{}\" action=\"tried again\"", failed.toString(), failed);
        }
    }

    private void look(Drain drain) {
        boolean before = drain.isOver();
        drain.look(System.nanoTime());
        if (drain.isOver() && !before) {
            ended(drain);
        }
    }

    private void ended(Drain drain) {
        LOG.info(
                "drain.end liberators={} politely={} forced={} kept={}",
                String.join(",", drain.liberators()),
                drain.politely(),
                drain.forced(),
                drain.departures().taken());
        for (Liberator each : router.table().liberators()) {
            if (drain.liberators().contains(each.name())) {
                each.drained("drained: " + drain.outcome());
                changed(each);
            }
        }
    }

    /** No new streams for {@code liberator}; what is open stays, and a drain of it ends. */
    public synchronized void disable(Liberator liberator, String by) {
        callOff(liberator.name());
        liberator.disable(by + ": disabled");
        changed(liberator);
    }

    /** New streams for {@code liberator} again; a drain of it ends. */
    public synchronized void serve(Liberator liberator, String by) {
        callOff(liberator.name());
        liberator.serve(by + ": back in service");
        changed(liberator);
    }

    private void changed(Liberator liberator) {
        Liberator.Health now = liberator.state();
        LOG.info(
                "liberator.{} name={} reason=\"{}\"",
                now.state().name().toLowerCase(Locale.ROOT),
                liberator.name(),
                now.reason());
        onChange.accept(liberator);
    }

    /** A drain of several Liberators goes on for the others. */
    private void callOff(String name) {
        Drain drain = drains.get(name);
        if (drain != null && !drain.isOver()) {
            drain.spare(name);
            if (!drain.isOver()) {
                drains.remove(name);
            }
            LOG.info("drain.cancel liberator={}", name);
        }
    }

    /** Asks no more streams until {@link #resume}; the deadline stands. */
    public void pause(Drain drain) {
        drain.paused(true);
    }

    public void resume(Drain drain) {
        drain.paused(false);
    }

    /** The drain of a Liberator, under way or the last one; null when there was none. */
    public synchronized @Nullable Drain of(String liberator) {
        return drains.get(liberator);
    }

    /** All drains, those that are over too. */
    public synchronized List<Drain> all() {
        return drains.values().stream().distinct().toList();
    }

    /** Stops looking after drains. */
    @Override
    public synchronized void close() {
        if (looker != null) {
            looker.shutdownNow();
            looker = null;
        }
    }
}
