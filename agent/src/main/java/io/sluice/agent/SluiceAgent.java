package io.sluice.agent;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * What the JVM calls, with {@code -javaagent} before the appliance starts and on late attach while it runs.
 *
 * <p>Whatever goes wrong here is one line on standard error; the appliance never suffers from it. Neither a logging
 * framework nor JMX is touched before the appliance has done so itself.
 */
public final class SluiceAgent {
    private static final String APPLIANCE = "io/sluice/relay/Pump.class";

    private SluiceAgent() {}

    /** With {@code -javaagent:sluice-agent.jar=OPTIONS}. */
    public static void premain(@Nullable String options, Instrumentation instrumentation) {
        start(options, instrumentation, false);
    }

    /** With {@code VirtualMachine.loadAgent}; a second time changes the options that are given. */
    public static void agentmain(@Nullable String options, Instrumentation instrumentation) {
        start(options, instrumentation, true);
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private static void start(@Nullable String options, Instrumentation instrumentation, boolean late) {
        try {
            if (ClassLoader.getSystemClassLoader().getResource(APPLIANCE) == null) {
                say("this process is not Sluice: nothing is instrumented");
                return;
            }
            say(Agent.start(options == null ? "" : options, instrumentation, late));
        } catch (IllegalArgumentException refused) {
            say(refused.getMessage() + "; the agent stays as it was");
        } catch (Throwable failed) {
            say("not started, Sluice runs without it: " + failed);
        }
    }

    static void say(@Nullable String line) {
        System.err.println("sluice-agent: " + line);
    }
}
