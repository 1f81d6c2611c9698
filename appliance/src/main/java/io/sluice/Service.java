package io.sluice;

import io.sluice.config.HostAndPort;
import io.sluice.config.JmxConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.manage.ApplianceView;
import io.sluice.manage.Management;
import io.sluice.route.RoutingTable;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
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
    private final @Nullable JmxConfig jmx;
    private final Management management;
    private volatile Duration drainTime;
    private volatile Supplier<String> reload = () -> "routing table not changed: there is no configuration file";
    private volatile Runnable onStop = () -> {};
    private boolean stopping;

    private Service(Appliance appliance, SluiceConfig config) throws IOException {
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
                        appliance.loops()),
                this::reload,
                jmx,
                config.log().audit());
        appliance.onChange(management::tableChanged);
    }

    /**
     * Starts the appliance, then its management, and listens to signals.
     *
     * @throws IOException when it cannot start; the message says why
     */
    static Service start(SluiceConfig config) throws IOException {
        Management.requireFree(config.management().jmxBind());
        // Listeners are open before all else is ready: a HUP must not end the process then.
        Signals.on("HUP", () -> LOG.warn("signal.ignored name=HUP detail=\"still starting\""));
        Appliance appliance = Appliance.start(config);
        LOG.info(
                "appliance.start version={} table={} routes={} java={}",
                Version.text(),
                appliance.router().table().version(),
                appliance.router().table().routes().size(),
                System.getProperty("java.version"));
        try {
            Service service = new Service(appliance, config);
            Signals.on("TERM", service::stop);
            Signals.on("INT", service::stop);
            Signals.on("HUP", () -> service.changes.execute(service::reloadForSignal));
            return service;
        } catch (IOException | RuntimeException failed) {
            appliance.close();
            throw failed;
        }
    }

    /**
     * What HUP and the operation {@code reload} do from now on. Reloads come one at a time.
     *
     * @param reload says in a sentence what came of it
     */
    void onReload(Supplier<String> reload) {
        this.reload = reload;
    }

    /** Who is told when the appliance begins to stop, before the drain; it must not throw. */
    void onStop(Runnable listener) {
        onStop = listener;
    }

    /** What came of it is in the log. */
    private void reloadForSignal() {
        var unused = reload.get();
    }

    private String reload() {
        try {
            return changes.submit(() -> reload.get()).get();
        } catch (ExecutionException | RejectedExecutionException failed) {
            return keptTable(String.valueOf(failed.getMessage()));
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            return "reload was asked for; its outcome is in the log";
        }
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
     * Puts {@code config} in force, or says why the table stays as it is.
     *
     * @return a sentence that says what came of it
     */
    String change(SluiceConfig config) {
        try {
            Runnable access = management.prepare(config.management().jmx());
            RoutingTable table = appliance.change(config);
            access.run();
            drainTime = config.management().drainTime();
            String sentence = "table version " + table.version() + " in force: "
                    + count(table.routes().size(), "route") + ", "
                    + count(table.liberators().size(), "Liberator") + ", "
                    + count(table.listeners().size(), "listener");
            String stays = keptUntilRestart(config.management().jmx());
            if (stays.isEmpty()) {
                return sentence;
            }
            LOG.warn("management.kept detail=\"{}\"", stays);
            return sentence + "; " + stays;
        } catch (IOException taken) {
            return keptTable(String.valueOf(taken.getMessage()));
        }
    }

    /** Users and certificates of remote JMX change with the table; where it listens, and whether with TLS, does not. */
    private String keptUntilRestart(@Nullable JmxConfig next) {
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

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /**
     * Says that a change was refused.
     *
     * @return the same, as a sentence
     */
    String keptTable(String reason) {
        RoutingTable table = appliance.router().table();
        LOG.error(
                "table.kept version={} routes={} reason=\"{}\" detail=\"routing table not changed\"",
                table.version(),
                table.routes().size(),
                reason);
        return "routing table not changed, still serving version " + table.version() + ": " + reason;
    }

    private synchronized void stop() {
        if (stopping) {
            Runtime.getRuntime().halt(EXIT_HURRIED);
        }
        stopping = true;
        Thread stopper = new Thread(
                () -> {
                    onStop.run();
                    appliance.stop(drainTime);
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
