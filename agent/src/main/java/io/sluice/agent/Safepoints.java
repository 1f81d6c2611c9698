package io.sluice.agent;

import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How often and how long the JVM has stopped all threads, for whatever reason, collections included.
 *
 * <p>HotSpot counts it in a bean that it does not export; the agent exports it to itself. It tells a total only, in
 * whole milliseconds. So the total is noted several times a second, and of a measured time it is known how much of it
 * was stopped <em>at most</em>: what the total grew by between the last note before it and the first one after.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Safepoints {
    /** At ten notes a second those of a minute and a half; of a longer time the rest counts as not stopped. */
    private static final int NOTES = 1024;

    private record Source(Object bean, Method count, Method millis) {}

    private final long[] noteNanos = new long[NOTES];
    private final long[] noteMillis = new long[NOTES];
    private int notes;
    private volatile @Nullable Source source;

    /** Opens the JVM's figures; where that fails they stay -1. */
    void open(Instrumentation instrumentation) {
        if (source != null) {
            return;
        }
        try {
            Module management = ManagementFactory.class.getModule();
            Set<Module> us = Set.of(Safepoints.class.getModule());
            instrumentation.redefineModule(
                    management,
                    Set.of(),
                    Map.of("sun.management", us, "sun.management.counter", us),
                    Map.of(),
                    Set.of(),
                    Map.of());
            Object bean = Class.forName("sun.management.ManagementFactoryHelper")
                    .getMethod("getHotspotRuntimeMBean")
                    .invoke(null);
            Class<?> type = Class.forName("sun.management.HotspotRuntimeMBean");
            source = new Source(bean, type.getMethod("getSafepointCount"), type.getMethod("getTotalSafepointTime"));
        } catch (ReflectiveOperationException | RuntimeException absent) {
            source = null;
        }
    }

    /**
     * When the clock began by which the JVM times collections, as {@link System#nanoTime}, to a millisecond or two; {@link
     * Long#MAX_VALUE}: not known. It runs from the end of the JVM's own start, of which HotSpot keeps the time of day. A
     * time of day that was set since then is noticed when that is more than the JVM took to start.
     */
    long collectionClockNanos() {
        long now = System.nanoTime();
        long nanos = now - (System.currentTimeMillis() - startedAtMillis()) * 1_000_000;
        long earliest = now - ManagementFactory.getRuntimeMXBean().getUptime() * 1_000_000;
        return nanos - earliest >= 0 && nanos - now < 0 ? nanos : Long.MAX_VALUE;
    }

    private long startedAtMillis() {
        Source from = source;
        if (from == null) {
            return 0;
        }
        try {
            Class<?> counter = Class.forName("sun.management.counter.Counter");
            Method counters =
                    Class.forName("sun.management.HotspotRuntimeMBean").getMethod("getInternalRuntimeCounters");
            for (Object each : (List<?>) counters.invoke(from.bean())) {
                if (counter.getMethod("getName").invoke(each).equals("sun.rt.vmInitDoneTime")) {
                    return (long) counter.getMethod("getValue").invoke(each);
                }
            }
        } catch (ReflectiveOperationException | RuntimeException absent) {
            return 0;
        }
        return 0;
    }

    /** Notes the total of this moment. */
    void note() {
        long millis = totalMillis();
        if (millis >= 0) {
            noted(System.nanoTime(), millis);
        }
    }

    synchronized void noted(long nanos, long millis) {
        noteNanos[notes % NOTES] = nanos;
        noteMillis[notes % NOTES] = millis;
        notes++;
    }

    /** How much of the time between two moments of {@link System#nanoTime} all threads were stopped, at most. */
    synchronized long nanosAtMost(long startNanos, long endNanos) {
        int newest = notes - 1;
        int oldest = Math.max(0, notes - NOTES);
        if (newest <= oldest) {
            return 0;
        }
        int before = newest;
        int after = newest;
        while (before > oldest && noteNanos[before % NOTES] - startNanos > 0) {
            if (noteNanos[before % NOTES] - endNanos >= 0) {
                after = before;
            }
            before--;
        }
        long grown = (noteMillis[after % NOTES] - noteMillis[before % NOTES]) * 1_000_000;
        return Math.min(grown, endNanos - startNanos);
    }

    long count() {
        Source from = source;
        return from == null ? -1 : read(from.bean(), from.count());
    }

    long totalMillis() {
        Source from = source;
        return from == null ? -1 : read(from.bean(), from.millis());
    }

    private static long read(Object bean, Method getter) {
        try {
            return (long) getter.invoke(bean);
        } catch (ReflectiveOperationException failed) {
            return -1;
        }
    }
}
