package io.sluice;

import io.sluice.config.SluiceConfig;
import io.sluice.route.RoutingTable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
    private volatile Duration drainTime;
    private boolean stopping;

    private Service(Appliance appliance, Duration drainTime) {
        this.appliance = appliance;
        this.drainTime = drainTime;
    }

    /**
     * Starts the appliance and listens to signals.
     *
     * @throws IOException when it cannot start; the message says why
     */
    static Service start(SluiceConfig config) throws IOException {
        Appliance appliance = Appliance.start(config);
        Service service = new Service(appliance, config.management().drainTime());
        Signals.on("TERM", service::stop);
        Signals.on("INT", service::stop);
        LOG.info(
                "appliance.start version={} table={} routes={} java={}",
                Version.text(),
                appliance.router().table().version(),
                appliance.router().table().routes().size(),
                System.getProperty("java.version"));
        return service;
    }

    /** What HUP does from now on. Reloads come one at a time. */
    void onReload(Runnable reload) {
        Signals.on("HUP", () -> changes.execute(reload));
    }

    Appliance appliance() {
        return appliance;
    }

    /** Puts {@code config} in force, or says why the table stays as it is. */
    void change(SluiceConfig config) {
        try {
            appliance.change(config);
            drainTime = config.management().drainTime();
        } catch (IOException taken) {
            keptTable(String.valueOf(taken.getMessage()));
        }
    }

    /** Says that a change was refused. */
    void keptTable(String reason) {
        RoutingTable table = appliance.router().table();
        LOG.error(
                "table.kept version={} routes={} reason=\"{}\" detail=\"routing table not changed\"",
                table.version(),
                table.routes().size(),
                reason);
    }

    private synchronized void stop() {
        if (stopping) {
            Runtime.getRuntime().halt(EXIT_HURRIED);
        }
        stopping = true;
        Thread stopper = new Thread(
                () -> {
                    appliance.stop(drainTime);
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
