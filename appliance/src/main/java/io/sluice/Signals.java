package io.sluice;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the signals of the operating system.
 *
 * <p>The JDK's only way is {@code sun.misc.Signal}, which the compiler may not name without a warning; hence
 * the reflection. Where it is missing, signals do what the JVM does with them.
 */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

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
            signal.getMethod("handle", signal, handlerType).invoke(null, named, handler);
        } catch (ReflectiveOperationException | RuntimeException unavailable) {
            LOG.warn("signal.unheard name={} cause=\"{}\"", name, unavailable.toString());
        }
    }
}
