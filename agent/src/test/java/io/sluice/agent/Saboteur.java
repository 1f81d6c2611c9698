package io.sluice.agent;

import java.lang.reflect.Field;

/**
 * A second agent: makes everything that advice calls fail, by putting an observer into the probe that has no insides.
 */
public final class Saboteur {
    private Saboteur() {}

    public static void agentmain(String arguments) throws Exception {
        Field access = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
        access.setAccessible(true);
        Object unsafe = access.get(null);
        Object hollow = unsafe.getClass()
                .getMethod("allocateInstance", Class.class)
                .invoke(unsafe, Class.forName("io.sluice.agent.Observer"));
        Field observer = Class.forName("io.sluice.agent.Probe").getDeclaredField("observer");
        observer.setAccessible(true);
        observer.set(null, hollow);
    }
}
