package io.sluice.drain;

import io.sluice.account.Ledger;
import io.sluice.account.StreamRecord;
import io.sluice.account.StreamRegistry;
import io.sluice.route.Liberator;
import io.sluice.route.Router;
import java.time.Duration;
import java.util.ArrayList;
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
     * Empties {@code liberator}, which gets no new streams from now on. A drain of it that is under way ends.
     *
     * @param perSecond how many streams are asked in a second; {@link Drain#AT_ONCE}
     * @param limit after which what is left is ended
     * @param by who wants it
     */
    public Drain drain(Liberator liberator, int perSecond, Duration limit, String by) {
        return drain(List.of(liberator), perSecond, limit, by).get(0);
    }

    /**
     * Empties several Liberators, each with a drain of its own; {@code perSecond} is for all of them together. Whose
     * turn comes when is chance, so that none of them is emptied before another.
     */
    public synchronized List<Drain> drain(Collection<Liberator> liberators, int perSecond, Duration limit, String by) {
        String together = liberators.size() == 1 ? "" : " for all " + liberators.size() + " together";
        String rate = perSecond == Drain.AT_ONCE ? "at once" : perSecond + " a second" + together;
        long now = System.nanoTime();
        Rate shared = new Rate(perSecond, now);
        List<Drain> begun = new ArrayList<>();
        for (Liberator each : liberators) {
            callOff(each.name());
            Drain drain = new Drain(each.ledger(), shared, limit, now);
            shared.join(drain);
            each.draining(drain.departures(), by + ": drain, " + rate + ", deadline " + limit.toSeconds() + " s");
            changed(each);
            drains.put(each.name(), drain);
            begun.add(drain);
        }
        look(now);
        LOG.info(
                "drain.start liberators={} streams={} kept={} per_second={} deadline_ms={} by=\"{}\"",
                begun.stream().map(Drain::liberator).collect(Collectors.joining(",")),
                begun.stream().mapToInt(each -> each.remaining() - each.kept()).sum(),
                begun.stream().mapToInt(Drain::kept).sum(),
                perSecond,
                limit.toMillis(),
                by);
        startLooking();
        return begun;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // tick() catches everything itself
    private void startLooking() {
        if (looker == null) {
            looker = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "sluice-drain");
                thread.setDaemon(true);
                return thread;
            });
            looker.scheduleWithFixedDelay(this::tick, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void tick() {
        try {
            for (Drain each : look(System.nanoTime())) {
                if (each.isEmptied()) {
                    ended(each);
                }
            }
            if (looker != null && drains.values().stream().allMatch(Drain::isOver)) {
                close();
            }
        } catch (RuntimeException failed) {
            LOG.error("drain.error cause=\"{}\" action=\"tried again\"", failed.toString(), failed);
        }
    }

    /** The drains under way, which have looked at all open streams. */
    private List<Drain> look(long nowNanos) {
        List<Drain> underWay =
                drains.values().stream().filter(each -> !each.isOver()).toList();
        look(underWay, registry.streams(), nowNanos);
        return underWay;
    }

    /** Shows all {@code open} streams to {@code drains} in one walk, however many there are of either. */
    static void look(List<Drain> drains, Collection<StreamRecord> open, long nowNanos) {
        Map<Ledger, Drain> byLedger = drains.stream().collect(Collectors.toMap(Drain::ledger, each -> each));
        Set<Rate> rates = drains.stream().map(Drain::rate).collect(Collectors.toSet());
        rates.forEach(each -> each.begin(nowNanos));
        drains.forEach(each -> each.begin(nowNanos));
        for (StreamRecord stream : open) {
            Drain drain = byLedger.get(stream.ledger());
            if (drain != null && stream.end() == null) {
                drain.meet(stream);
            }
        }
        drains.forEach(Drain::settle);
        rates.forEach(Rate::letGo);
    }

    private void ended(Drain drain) {
        drain.end();
        LOG.info(
                "drain.end liberator={} politely={} forced={} kept={}",
                drain.liberator(),
                drain.politely(),
                drain.forced(),
                drain.departures().taken());
        for (Liberator each : router.table().liberators()) {
            if (each.name().equals(drain.liberator())) {
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

    /** What was begun with it goes on. */
    private void callOff(String name) {
        Drain drain = drains.get(name);
        if (drain != null && !drain.isOver()) {
            drain.callOff();
            LOG.info("drain.cancel liberator={}", name);
        }
    }

    /** Asks no more streams until {@link #resume}; the deadline stands, and what was begun with it goes on. */
    public synchronized void pause(Drain drain) {
        drain.pause(true);
    }

    public synchronized void resume(Drain drain) {
        drain.pause(false);
    }

    /** The drain of a Liberator, under way or the last one; null when there was none. */
    public synchronized @Nullable Drain of(String liberator) {
        return drains.get(liberator);
    }

    /** The last drain of each Liberator that had one, those that are over too. */
    public synchronized List<Drain> all() {
        return List.copyOf(drains.values());
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
