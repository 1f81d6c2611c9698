package io.sluice.loop;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few descriptors held back, so that management, the logs and open streams go on when connections have taken
 * all the others.
 *
 * <p>The reserve is held open on {@code /dev/null}. When a socket cannot be had, or a look four times a second finds
 * no descriptor left, the reserve is let go for whoever needs one and accepting pauses ({@link #isLow}); it is over
 * as soon as so many are free again. Holding them is exact: it sees what libraries, logs and the JVM open too, and
 * costs nothing per connection.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class DescriptorReserve {
    private static final Logger LOG = LoggerFactory.getLogger(DescriptorReserve.class);
    private static final Path HOLDER = Path.of("/dev/null");
    private static final long LOOK_MILLIS = 250;
    /** Free ones beyond the reserve before accepting goes on, so that it does not stop again at once. */
    private static final int HEADROOM = 8;
    /** What is opened after the loops have started: listening sockets, management and its sessions, logs. */
    private static final int OPENED_LATER = 32;

    private final Scheduler scheduler;
    private final Deque<FileChannel> held = new ArrayDeque<>();
    private int spareAtStart = Integer.MAX_VALUE;
    private volatile int size;
    private boolean running;
    private volatile boolean low;
    private volatile @Nullable Instant lowAt;
    private long lowTotal;

    DescriptorReserve(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** The most descriptors the process may have; {@link Integer#MAX_VALUE} where the system does not say. */
    public static int limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? (int) Math.min(Integer.MAX_VALUE, unix.getMaxFileDescriptorCount())
                : Integer.MAX_VALUE;
    }

    /** Descriptors open now, the reserve included; 0 where the system does not say. */
    public static int open() {
        try {
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? (int) Math.max(0, unix.getOpenFileDescriptorCount())
                    : 0;
        } catch (InternalError noneToCountWith) {
            return limit();
        }
    }

    /** How many client connections have room beside the reserve, each with one to its Liberator. */
    public int clientsThatFit() {
        return Math.max(1, (spareAtStart - size) / 2);
    }

    /** How many are held back from now on; 0: none. */
    public synchronized void size(int descriptors) {
        size = descriptors;
        if (running && !low) {
            fill();
        }
    }

    synchronized void start() {
        running = Files.exists(HOLDER);
        spareAtStart = limit() - open() - OPENED_LATER;
        if (running) {
            if (!fill()) {
                exhausted("fewer free than the reserve");
            }
            scheduler.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    synchronized void stop() {
        running = false;
        letGo();
    }

    /** Whether there are no descriptors to spare: nobody accepts a connection then. */
    public boolean isLow() {
        return low;
    }

    /** A socket could not be had: gives the reserve to those who need it more. */
    public synchronized void exhausted(String cause) {
        if (!low && running) {
            low = true;
            lowAt = Instant.now();
            lowTotal++;
            letGo();
            LOG.warn(
                    "descriptors.low limit={} reserve={} cause=\"{}\" action=\"accepting pauses; open streams go on\"",
                    limit(),
                    size,
                    cause);
        }
    }

    /** How often descriptors ran out. */
    public synchronized long lowTotal() {
        return lowTotal;
    }

    /** When they last did; null when they never have. */
    public @Nullable Instant lowAt() {
        return lowAt;
    }

    private synchronized void look() {
        if (!running) {
            return;
        }
        try {
            if (!low) {
                lookForOne();
            } else if (limit() - open() >= size + HEADROOM && fill()) {
                low = false;
                LOG.info("descriptors.back limit={} open={} action=\"accepting goes on\"", limit(), open());
            }
        } finally {
            scheduler.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Nobody may have asked for one since the last went: management is to find some all the same. */
    private void lookForOne() {
        try {
            openOne().close();
        } catch (IOException none) {
            exhausted(String.valueOf(none.getMessage()));
        }
    }

    /** Brings the reserve to its size; false when there are not so many. */
    private boolean fill() {
        try {
            while (held.size() > size) {
                held.pop().close();
            }
            while (held.size() < size) {
                held.push(openOne());
            }
            return true;
        } catch (IOException none) {
            LOG.debug("reserve not filled", none);
            letGo();
            return false;
        }
    }

    private static FileChannel openOne() throws IOException {
        return FileChannel.open(HOLDER, StandardOpenOption.READ);
    }

    private void letGo() {
        try {
            while (!held.isEmpty()) {
                held.pop().close();
            }
        } catch (IOException gone) {
            LOG.debug("close failed", gone);
        }
    }
}
