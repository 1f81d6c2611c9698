package io.sluice.agent;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
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
            Module management = java.lang.management.ManagementFactory.class.getModule();
            Set<Module> us = Set.of(Safepoints.class.getModule());
            instrumentation.redefineModule(
                    management, Set.of(), Map.of("sun.management", us), Map.of(), Set.of(), Map.of());
            Object bean = Class.forName("sun.management.ManagementFactoryHelper")
                    .getMethod("getHotspotRuntimeMBean")
                    .invoke(null);
            Class<?> type = Class.forName("sun.management.HotspotRuntimeMBean");
            source = new Source(bean, type.getMethod("getSafepointCount"), type.getMethod("getTotalSafepointTime"));
        } catch (ReflectiveOperationException | RuntimeException absent) {
            source = null;
        }
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
