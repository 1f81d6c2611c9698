package io.sluice;

import io.sluice.config.HostAndPort;
import io.sluice.config.JmxConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.manage.ApplianceView;
import io.sluice.manage.Management;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An appliance as a process: answers HUP with a reload, TERM and INT with a drain and an end, a second TERM or
 * INT with an end at once.
 */
final class Service {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    private static final int EXIT_HURRIED = 143;

    private final Appliance appliance;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ExecutorService changes = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "sluice-changes");
        thread.setDaemon(true);
        return thread;
    });
    private final @Nullable HostAndPort metrics;
    private final @Nullable JmxConfig jmx;
    private final Management management;
    private volatile Duration drainTime;
    private volatile Runnable onStop = () -> {};
    private volatile boolean left;
    private boolean stopping;

    private Service(Appliance appliance, SluiceConfig config, boolean shared) throws IOException {
        this.appliance = appliance;
        this.drainTime = config.management().drainTime();
        this.jmx = config.management().jmx();
        this.management = Management.start(
                new ApplianceView(
                        Version.text(),
                        appliance.startedAt(),
                        appliance.accounts(),
                        appliance.router(),
                        appliance.listeners(),
                        appliance.certificates(),
                        appliance.drains(),
                        appliance.loops()),
                this::apply,
                jmx,
                config.log().audit(),
                shared);
        appliance.onChange(management::tableChanged);
        metrics = config.management().metrics();
        management.serveMetrics(metrics);
    }

    /**
     * Starts the appliance, then its management, and listens to signals.
     *
     * @throws IOException when it cannot start; the message says why
     */
    static Service start(SluiceConfig config) throws IOException {
        return start(config, false);
    }

    /**
     * As above.
     *
     * @param shared whether another process of the same user may listen at the same addresses
     */
    static Service start(SluiceConfig config, boolean shared) throws IOException {
        Management.requireFree(config.management().jmxBind(), shared);
        // Listeners are open before all else is ready: a HUP must not end the process then.
        Signals.on("HUP", () -> LOG.warn("signal.ignored name=HUP detail=\"still starting\""));
        Appliance appliance = Appliance.start(config, Runtime.getRuntime().availableProcessors(), shared);
        LOG.info(
                "appliance.start version={} table={} routes={} java={}",
                Version.text(),
                appliance.router().table().version(),
                appliance.router().table().routes().size(),
                System.getProperty("java.version"));
        try {
            Service service = new Service(appliance, config, shared);
            Signals.on("TERM", service::stop);
            Signals.on("INT", service::stop);
            Signals.on("HUP", () -> service.changes.execute(service::reloadForSignal));
            return service;
        } catch (IOException | RuntimeException failed) {
            appliance.close();
            throw failed;
        }
    }

    /** Who is told when the appliance begins to stop, before the drain; it must not throw. */
    void onStop(Runnable listener) {
        onStop = listener;
    }

    /** What came of it is in the log. */
    private void reloadForSignal() {
        var unused = management.reload("HUP");
    }

    Appliance appliance() {
        return appliance;
    }

    /** Closes everything at once. */
    void close() {
        appliance.close();
        management.close();
    }

    /**
     * Puts {@code config} in force.
     *
     * @return what waits for a restart; mostly empty
     * @throws IOException when it cannot be; everything is as it was then
     */
    private String apply(SluiceConfig config) throws IOException {
        if (left) {
            throw new IOException("another process has taken this one's place");
        }
        Runnable access = management.prepare(config.management().jmx());
        appliance.change(config);
        access.run();
        drainTime = config.management().drainTime();
        String stays = keptUntilRestart(config);
        if (!stays.isEmpty()) {
            LOG.warn("management.kept detail=\"{}\"", stays);
        }
        return stays;
    }

    /** Users and certificates of remote JMX change with the table; where it listens, and whether with TLS, does not. */
    private String keptUntilRestart(SluiceConfig config) {
        if (!Objects.equals(metrics, config.management().metrics())) {
            return "management.metrics.bind stays " + (metrics == null ? "off" : metrics) + " until a restart";
        }
        JmxConfig next = config.management().jmx();
        HostAndPort is = jmx == null ? null : jmx.bind();
        if (!Objects.equals(is, next == null ? null : next.bind())) {
            return "management.jmx.bind stays " + (is == null ? "off" : is) + " until a restart";
        }
        boolean same = jmx == null
                || next == null
                || ((jmx.tls() == null) == (next.tls() == null)
                        && jmx.hostname().equals(next.hostname()));
        return same ? "" : "management.jmx keeps its tls and hostname until a restart";
    }

    /** Lets another process of the same user listen at our addresses too, or does not any more. */
    void share(boolean sharing) throws IOException {
        appliance.listeners().share(sharing);
        management.share(sharing);
    }

    /** Leaves all addresses to a successor, for good; open streams go on. */
    void leave() {
        left = true;
        appliance.listeners().handOver();
        management.close();
    }

    /**
     * Drains and ends, without a word to the supervisor: a successor serves.
     *
     * @param drain how long streams may take; null: as long as for a stop
     * @return how many are open
     */
    int retire(@Nullable Duration drain) {
        int open = appliance.accounts().streams().active();
        Duration limit = drain == null ? drainTime : drain;
        end(() -> appliance.retire(limit));
        return open;
    }

    private void stop() {
        end(() -> {
            onStop.run();
            appliance.stop(drainTime);
        });
    }

    private synchronized void end(Runnable drain) {
        if (stopping) {
            Runtime.getRuntime().halt(EXIT_HURRIED);
        }
        stopping = true;
        Thread stopper = new Thread(
                () -> {
                    drain.run();
                    management.close();
                    LOG.info("appliance.end");
                    Logging.stop();
                    stopped.countDown();
                },
                "sluice-stop");
        stopper.start();
    }

    /** Waits for the end; returns the exit code. */
    int await() throws InterruptedException {
        stopped.await();
        return 0;
    }
}
