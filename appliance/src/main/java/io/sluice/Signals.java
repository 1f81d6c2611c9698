package io.sluice;

import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the signals of the operating system.
 *
 * <p>The JDK's only way is {@code sun.misc.Signal}, which the compiler may not name without a warning; hence
 * the reflection. Where it is missing, signals do what the JVM does with them. A process that was started with a signal
 * ignored ({@code nohup} does that with HUP) never hears it, and the log says so.
 */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private static final Set<String> UNHEARD = ConcurrentHashMap.newKeySet();

    private Signals() {}

    /** Runs {@code action}, on a thread of the JVM's, each time {@code name} (HUP, TERM, INT) arrives. */
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        switch (method.getName()) {
                            case "handle" -> action.run();
                            case "equals" -> {
                                return proxy == arguments[0];
                            }
                            case "hashCode" -> {
                                return System.identityHashCode(proxy);
                            }
                            default -> {}
                        }
                        return null;
                    });
            Object named = signal.getConstructor(String.class).newInstance(name);
            Object before = signal.getMethod("handle", signal, handlerType).invoke(null, named, handler);
            // Nobody misses INT, a terminal's Ctrl-C: a shell ignores it for all that it starts in the background.
            boolean ignored = handlerType.getField("SIG_IGN").get(null) == before;
            if (ignored && !name.equals("INT") && UNHEARD.add(name)) {
                LOG.warn(
                        "signal.unheard name={} cause=\"ignored since the start, as nohup starts what it runs\""
                                + " action=\"start it by the init script or systemd, or use sluicectl\"",
                        name);
            }
        } catch (ReflectiveOperationException | RuntimeException unavailable) {
            LOG.warn("signal.unheard name={} cause=\"{}\"", name, unavailable.toString());
        }
    }
}
