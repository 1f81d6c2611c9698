package io.sluice.agent;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How often and how long the JVM has stopped all threads, for whatever reason, collections included.
 *
 * <p>HotSpot counts it in a bean that it does not export; the agent exports it to itself. Where that fails the figures
 * are -1.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Safepoints {
    private final @Nullable Object bean;
    private final @Nullable Method count;
    private final @Nullable Method millis;

    /** Nothing known. */
    static final Safepoints UNKNOWN = new Safepoints(null, null, null);

    private Safepoints(@Nullable Object bean, @Nullable Method count, @Nullable Method millis) {
        this.bean = bean;
        this.count = count;
        this.millis = millis;
    }

    static Safepoints of(Instrumentation instrumentation) {
        try {
            Module management = java.lang.management.ManagementFactory.class.getModule();
            Set<Module> us = Set.of(Safepoints.class.getModule());
            instrumentation.redefineModule(
                    management, Set.of(), Map.of("sun.management", us), Map.of(), Set.of(), Map.of());
            Object bean = Class.forName("sun.management.ManagementFactoryHelper")
                    .getMethod("getHotspotRuntimeMBean")
                    .invoke(null);
            Class<?> type = Class.forName("sun.management.HotspotRuntimeMBean");
            return new Safepoints(bean, type.getMethod("getSafepointCount"), type.getMethod("getTotalSafepointTime"));
        } catch (ReflectiveOperationException | RuntimeException absent) {
            return UNKNOWN;
        }
    }

    long count() {
        return read(count);
    }

    long totalMillis() {
        return read(millis);
    }

    private long read(@Nullable Method getter) {
        if (getter == null) {
            return -1;
        }
        try {
            return (long) getter.invoke(bean);
        } catch (ReflectiveOperationException failed) {
            return -1;
        }
    }
}
