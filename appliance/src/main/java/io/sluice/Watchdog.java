package io.sluice;

import io.sluice.loop.EdgeLoop;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says "alive" only after every event loop has done a task: a process whose loops hang is not alive, however well its
 * other threads feel.
 *
 * <p><b>Threading:</b> a thread of its own, interrupted at the end.
 */
final class Watchdog implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** So many beats fit in the supervisor's limit: one may come late. */
    private static final int BEATS = 3;

    private final List<EdgeLoop> loops;
    private final Runnable alive;
    private final long beatNanos;

    /**
     * @param limitNanos the supervisor's limit
     * @param alive tells the supervisor
     */
    Watchdog(List<EdgeLoop> loops, long limitNanos, Runnable alive) {
        this.loops = loops;
        this.alive = alive;
        this.beatNanos = limitNanos / BEATS;
    }

    /** Starts the watch when the supervisor wants one. */
    static void start(List<EdgeLoop> loops, Supervisor supervisor) {
        if (supervisor.watchdogNanos() > 0) {
            Thread watch =
                    new Thread(new Watchdog(loops, supervisor.watchdogNanos(), supervisor::alive), "sluice-watchdog");
            watch.setDaemon(true);
            watch.start();
        }
    }

    @Override
    public void run() {
        try {
            while (true) {
                CountDownLatch answers = new CountDownLatch(loops.size());
                loops.forEach(loop -> loop.execute(answers::countDown));
                if (answers.await(beatNanos, TimeUnit.NANOSECONDS)) {
                    alive.run();
                } else {
                    LOG.error("watchdog.silent loops={} of={}", answers.getCount(), loops.size());
                }
                TimeUnit.NANOSECONDS.sleep(beatNanos);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
