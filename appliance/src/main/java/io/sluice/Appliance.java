package io.sluice;

import io.sluice.account.Accounts;
import io.sluice.account.EndCause;
import io.sluice.account.FlowWatch;
import io.sluice.account.StreamLog;
import io.sluice.account.StreamRecord;
import io.sluice.config.LogConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.connect.HealthMonitor;
import io.sluice.connect.LiberatorTrust;
import io.sluice.drain.Drains;
import io.sluice.listen.Certificates;
import io.sluice.listen.Listeners;
import io.sluice.loop.EdgeLoops;
import io.sluice.route.Router;
import io.sluice.route.RoutingTable;
import io.sluice.tls.WatchedFiles;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running appliance: puts the rooms together, changes the table, stops.
 *
 * <p><b>Threading:</b> any thread; changes come one at a time.
 */
public final class Appliance implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Appliance.class);
    private static final long POLL_MILLIS = 20;

    /** For what ended streams have left in sockets. */
    private static final Duration LAST_BYTES = Duration.ofMillis(500);

    private final Accounts accounts;
    private final Router router;
    private final Listeners listeners;
    private final LiberatorTrust trust = new LiberatorTrust();
    private final PoolKeys poolKeys = new PoolKeys();
    private final Certificates certificates;
    private final HealthMonitor health;
    private final Drains drains;
    private final FlowWatch flows;
    private final QueuedThreadPool threads;
    private final Scheduler timer = new ScheduledExecutorScheduler("sluice-timer", true);
    private final EdgeLoops loops;
    private final Instant startedAt = Instant.now();
    private volatile Runnable onChange = () -> {};

    private Appliance(SluiceConfig config, int loopCount) {
        accounts = new Accounts(new StreamLog(lines(config.log())));
        router = new Router(RoutingTable.of(config, accounts, null));
        threads = new QueuedThreadPool(loopCount + 8, loopCount + 2);
        threads.setName("sluice");
        threads.setReservedThreads(0);
        threads.setDaemon(true);
        loops = new EdgeLoops(threads, timer, loopCount);
        loops.reserve().size(config.limits().descriptorReserve());
        listeners = new Listeners(loops, router, accounts);
        certificates = new Certificates(listeners, this::otherFiles);
        health = new HealthMonitor(listeners::healthChanged);
        flows = new FlowWatch(accounts);
        drains = new Drains(accounts.streams(), router, listeners::healthChanged);
    }

    private Collection<WatchedFiles> otherFiles() {
        List<WatchedFiles> files = new ArrayList<>(trust.files());
        files.addAll(poolKeys.files());
        return files;
    }

    private static Set<StreamLog.Line> lines(LogConfig log) {
        Set<StreamLog.Line> lines = EnumSet.noneOf(StreamLog.Line.class);
        log.streams().forEach(each -> lines.add(StreamLog.Line.valueOf(each.name())));
        return lines;
    }

    /**
     * Starts an appliance that serves {@code config}.
     *
     * @throws IOException when an address cannot be bound; nothing is left running then
     */
    public static Appliance start(SluiceConfig config) throws IOException {
        return start(config, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Starts one on a number of loops of the caller's choice.
     *
     * @param loops how many event loops, at least 1
     */
    static Appliance start(SluiceConfig config, int loops) throws IOException {
        return start(config, loops, false);
    }

    /**
     * As above.
     *
     * @param shared whether another process of the same user may listen at the same addresses
     */
    static Appliance start(SluiceConfig config, int loops, boolean shared) throws IOException {
        Appliance appliance = new Appliance(config, loops);
        try {
            appliance.listeners.share(shared);
            appliance.threads.start();
            appliance.timer.start();
            appliance.loops.start();
            RoutingTable table = appliance.router.table();
            appliance.trust.commit(appliance.trust.prepare(table));
            appliance.listeners.commit(appliance.listeners.prepare(table));
            appliance.poolKeys.follow(table);
            appliance.health.watch(table);
            appliance.flows.start();
            appliance.certificates.look();
            appliance.certificates.start(appliance.timer);
            return appliance;
        } catch (IOException taken) {
            appliance.close();
            throw taken;
        } catch (Exception failed) {
            appliance.close();
            throw new IOException("the event loops did not start: " + failed.getMessage(), failed);
        }
    }

    /**
     * Puts a new configuration in force for every connection and request from now on; touches no open stream.
     *
     * @return the table now in force
     * @throws IOException when a new address cannot be bound or a certificate cannot be used; everything stays as it
     * was
     */
    public synchronized RoutingTable change(SluiceConfig config) throws IOException {
        RoutingTable before = router.table();
        RoutingTable next = RoutingTable.of(config, accounts, before);
        LiberatorTrust.Prepared trusted = trust.prepare(next);
        Listeners.Prepared prepared = listeners.prepare(next);
        trust.commit(trusted);
        router.publish(next);
        listeners.commit(prepared);
        poolKeys.follow(next);
        health.watch(next);
        loops.reserve().size(config.limits().descriptorReserve());
        LOG.info(
                "table.change version={} was={} routes={} liberators={} listeners={}",
                next.version(),
                before.version(),
                next.routes().size(),
                next.liberators().size(),
                next.listeners().size());
        onChange.run();
        return next;
    }

    /** Who is told after each change of the table; it must not throw. */
    public void onChange(Runnable listener) {
        onChange = listener;
    }

    /**
     * Stops listening, asks open streams to end politely, one after another over half of {@code drainTime}, and ends
     * at once what is left after it.
     */
    public void stop(Duration drainTime) {
        LOG.info("appliance.stop streams={} drain_ms={}", accounts.streams().active(), drainTime.toMillis());
        listeners.close();
        listeners.goAway();
        if (!drainTime.isZero()) {
            drains.drain(router.table().liberators(), stopRate(drainTime), drainTime, "stop");
            awaitNoStreams(drainTime);
            drains.close();
        }
        endWhatIsLeft(drainTime);
    }

    /** So that those who leave are spread over half of the time, and have the other half to do so. */
    private int stopRate(Duration drainTime) {
        return (int) Math.ceil(accounts.streams().active() * 2000.0 / drainTime.toMillis());
    }

    /**
     * Another process listens for new clients: asks the open streams to end politely, one after another over
     * {@code drainTime}, and ends all else when it is over. Whoever is connected is served until then, also with new
     * requests, and told with each answer that the next one belongs on another connection.
     */
    void retire(Duration drainTime) {
        List<StreamRecord> open = List.copyOf(accounts.streams().streams());
        LOG.info("appliance.retire streams={} drain_ms={}", open.size(), drainTime.toMillis());
        listeners.goAway();
        long begin = System.nanoTime();
        int asked = 0;
        for (double share = 0;
                share < 1 && hasClients();
                share = (System.nanoTime() - begin) / (double) drainTime.toNanos()) {
            while (asked < share * open.size()) {
                open.get(asked++).askToEndPolitely(EndCause.DRAINED);
            }
            if (!nap()) {
                break;
            }
        }
        // Those whose turn comes with the end are asked too: most stand where they can end politely at once.
        open.subList(asked, open.size()).forEach(each -> each.askToEndPolitely(EndCause.DRAINED));
        endWhatIsLeft(drainTime);
    }

    private void endWhatIsLeft(Duration drainTime) {
        EndCause cause = drainTime.isZero() ? EndCause.APPLIANCE : EndCause.DRAINED;
        cutOff(cause);
        if (!drainTime.isZero()) {
            await(this::hasClients, LAST_BYTES);
            cutOff(cause); // what was asked for on kept connections meanwhile
        }
        close();
    }

    /** Ends every stream, before the sockets are closed: one that is cut must not look complete. */
    private void cutOff(EndCause cause) {
        accounts.streams().streams().forEach(each -> each.askToEnd(cause));
        awaitNoStreams(Duration.ofSeconds(1));
    }

    private boolean hasClients() {
        return accounts.listeners().stream().anyMatch(each -> each.active() > 0);
    }

    /** Waits a moment; false when whoever asked for the end is in a hurry. */
    private static boolean nap() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            return true;
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void awaitNoStreams(Duration limit) {
        await(() -> accounts.streams().active() > 0, limit);
    }

    private static void await(BooleanSupplier isBusy, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean patient = true;
        while (patient && isBusy.getAsBoolean() && System.nanoTime() - deadline < 0) {
            patient = nap();
        }
    }

    /** Closes everything at once. */
    @Override
    public void close() {
        certificates.stop();
        drains.close();
        flows.close();
        health.close();
        listeners.close();
        try {
            timer.stop();
            loops.stop();
            threads.stop();
        } catch (Exception failed) {
            LOG.warn("appliance.stop cause=\"{}\"", failed.toString());
        }
    }

    public Accounts accounts() {
        return accounts;
    }

    public Router router() {
        return router;
    }

    public Drains drains() {
        return drains;
    }

    public Listeners listeners() {
        return listeners;
    }

    public Certificates certificates() {
        return certificates;
    }

    public EdgeLoops loops() {
        return loops;
    }

    public Instant startedAt() {
        return startedAt;
    }
}
