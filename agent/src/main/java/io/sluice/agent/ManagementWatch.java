package io.sluice.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the appliance itself turns to JMX, so that the agent never starts JMX before {@code main}.
 *
 * <p>It sees the class that does so being loaded; what then has to be done, a thread of its own does.
 */
final class ManagementWatch implements ClassFileTransformer {
    private static final String MANAGEMENT = "io/sluice/manage/Management";

    private final Instrumentation instrumentation;
    private final Runnable then;

    private ManagementWatch(Instrumentation instrumentation, Runnable then) {
        this.instrumentation = instrumentation;
        this.then = then;
    }

    static void whenLoaded(Instrumentation instrumentation, Runnable then) {
        instrumentation.addTransformer(new ManagementWatch(instrumentation, then));
    }

    /** Changes nothing, ever. */
    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] classFile) {
        if (MANAGEMENT.equals(className)) {
            Thread thread = new Thread(this::loaded, "sluice-agent-beans");
            thread.setDaemon(true);
            thread.start();
        }
        return null;
    }

    private void loaded() {
        instrumentation.removeTransformer(this);
        try {
            then.run();
        } catch (RuntimeException failed) {
            SluiceAgent.say("no MBeans: " + failed);
        }
    }
}
