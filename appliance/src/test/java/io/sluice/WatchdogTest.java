package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.loop.EdgeLoops;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private final QueuedThreadPool threads = new QueuedThreadPool(8, 2);
    private final EdgeLoops loops = new EdgeLoops(threads, new ScheduledExecutorScheduler("timer", true), 2);
    private final AtomicInteger beats = new AtomicInteger();
    private Thread watch;

    @BeforeEach
    void start() throws Exception {
        threads.start();
        loops.start();
        watch = new Thread(new Watchdog(loops.all(), TimeUnit.MILLISECONDS.toNanos(60), beats::incrementAndGet));
    }

    @AfterEach
    void stop() throws Exception {
        watch.interrupt();
        watch.join();
        loops.stop();
        threads.stop();
    }

    @Test
    void it_beats_while_all_loops_answer() {
        watch.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> beats.get() >= 3);
    }

    @Test
    void one_loop_that_hangs_silences_it_until_the_loop_goes_on() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        loops.all().get(1).execute(() -> {
            hanging.countDown();
            try {
                release.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
        CountDownLatch otherAnswered = new CountDownLatch(1);
        watch.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> watch.getState() == Thread.State.TIMED_WAITING);
        loops.all().get(0).execute(otherAnswered::countDown);
        assertThat(otherAnswered.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(beats).hasValue(0);

        release.countDown();
        await().atMost(Duration.ofSeconds(10)).until(() -> beats.get() >= 1);
    }
}
