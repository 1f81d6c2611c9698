package io.sluice.agent;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/**
 * When collectors stopped the process, and which of the measured times that explains.
 *
 * <p>The JVM tells of a collection when it is over, in whole milliseconds of a clock that began with the JVM. Where that
 * beginning lies on the agent's clock is known from the JVM, or else is learnt from the notifications themselves, of
 * which the fastest counts. Collections that run beside the application count only with the pauses that the JVM reports
 * for them.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Pauses implements NotificationListener {
    /**
     * What the JVM did in some time.
     *
     * @param pauses of a collector, and how many {@code nanos} of them lie in it
     * @param stoppedNanosAtMost for how much of it all threads were stopped, collections included
     */
    record Activity(int pauses, long nanos, long stoppedNanosAtMost) {}

    private record Pause(long startNanos, long endNanos) {}

    private record Question(Series series, long startNanos, long endNanos) {}

    /** Shorter times are not asked for: no pause of a length that the JVM can tell fits in. */
    static final long WORTH_ASKING_NANOS = 1_000_000;

    private static final int KEPT = 512;
    private static final int MOST_QUESTIONS = 10_000;
    private static final long SETTLING_NANOS = 300_000_000L;

    private final Safepoints safepoints;
    private final Deque<Pause> last = new ArrayDeque<>(KEPT);
    private final Queue<Question> questions = new ConcurrentLinkedQueue<>();
    private final AtomicInteger asked = new AtomicInteger();
    private long startOnOurClock = Long.MAX_VALUE;
    private volatile long count;
    private volatile long totalMillis;
    private volatile long longestMillis;

    Pauses(Safepoints safepoints) {
        this.safepoints = safepoints;
    }

    /** Listens from now on, if it does not already. */
    void start() {
        stop();
        clock(safepoints.collectionClockNanos());
        for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (stopsTheProcess(each.getName()) && each instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(this, null, null);
            }
        }
    }

    /** The clock that collections are timed by began at {@code nanos} of ours. */
    void clock(long nanos) {
        synchronized (last) {
            startOnOurClock = Math.min(startOnOurClock, nanos);
        }
    }

    void stop() {
        for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (each instanceof NotificationEmitter emitter) {
                try {
                    emitter.removeNotificationListener(this);
                } catch (ListenerNotFoundException never) {
                    // One that runs beside the application.
                }
            }
        }
    }

    private static boolean stopsTheProcess(String collector) {
        return !collector.endsWith("Cycles") && !collector.contains("Concurrent");
    }

    @Override
    public void handleNotification(Notification notification, @Nullable Object handback) {
        if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
            GcInfo info = GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData())
                    .getGcInfo();
            paused(info.getStartTime(), info.getEndTime(), info.getDuration(), System.nanoTime());
        }
    }

    /**
     * A pause was reported.
     *
     * @param startMillis since the JVM's start, as is {@code endMillis}
     * @param nowNanos a moment after its end
     */
    void paused(long startMillis, long endMillis, long durationMillis, long nowNanos) {
        synchronized (last) {
            startOnOurClock = Math.min(startOnOurClock, nowNanos - endMillis * 1_000_000);
            if (last.size() == KEPT) {
                last.removeFirst();
            }
            last.addLast(new Pause(startOnOurClock + startMillis * 1_000_000, startOnOurClock + endMillis * 1_000_000));
            count++;
            totalMillis += durationMillis;
            longestMillis = Math.max(longestMillis, durationMillis);
        }
    }

    /** What the JVM did between two moments of {@link System#nanoTime}. */
    Activity during(long startNanos, long endNanos) {
        int pauses = 0;
        long nanos = 0;
        synchronized (last) {
            for (Pause each : last) {
                long overlap = Math.min(endNanos, each.endNanos()) - Math.max(startNanos, each.startNanos());
                if (overlap > 0) {
                    pauses++;
                    nanos += overlap;
                }
            }
        }
        return new Activity(pauses, nanos, safepoints.nanosAtMost(startNanos, endNanos));
    }

    /** Has a time that was recorded in {@code series} looked at when the pauses in it are known. */
    void ask(Series series, long startNanos, long endNanos) {
        if (asked.get() < MOST_QUESTIONS) {
            asked.incrementAndGet();
            questions.add(new Question(series, startNanos, endNanos));
        }
    }

    /** Answers the questions that can be answered by now. */
    void answer() {
        long settled = System.nanoTime() - SETTLING_NANOS;
        Question next = questions.peek();
        while (next != null && next.endNanos() - settled < 0) {
            questions.remove();
            asked.decrementAndGet();
            Activity activity = during(next.startNanos(), next.endNanos());
            next.series().explained(activity.nanos(), activity.stoppedNanosAtMost());
            next = questions.peek();
        }
    }

    long count() {
        return count;
    }

    long totalMillis() {
        return totalMillis;
    }

    long longestMillis() {
        return longestMillis;
    }
}
