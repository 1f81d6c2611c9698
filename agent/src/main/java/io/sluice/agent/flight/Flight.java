package io.sluice.agent.flight;

import io.sluice.account.StreamRecord;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The door to Flight Recorder. Knows no class of it, so that a runtime without the module {@code jdk.jfr} can load it.
 *
 * <p><b>Threading:</b> any thread. An event is made only while a recording has it enabled.
 */
public final class Flight {
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private volatile boolean on;

    /** Whether this runtime can record at all. */
    public static boolean isPresent() {
        return PRESENT;
    }

    public void on(boolean wanted) {
        on = wanted && PRESENT;
    }

    public @Nullable Object transitBegins() {
        return on ? Events.transitBegins() : null;
    }

    /** Ends what {@link #transitBegins} gave; recorded when it took longer than the threshold. */
    public void transitEnds(Object event, StreamRecord stream, boolean toClient, int bytes) {
        Events.transitEnds(event, stream, toClient, bytes);
    }

    public @Nullable Object waitBegins() {
        return on ? Events.waitBegins() : null;
    }

    /** Ends what {@link #waitBegins} gave. */
    public void waitEnds(Object event, StreamRecord stream, boolean toClient, int pendingBytes) {
        Events.waitEnds(event, stream, toClient, pendingBytes);
    }

    public @Nullable Object streamBegins() {
        return on ? Events.streamBegins() : null;
    }

    /**
     * Ends what {@link #streamBegins} gave.
     *
     * @param nanos how long each stage took; -1 for one that was not reached
     */
    public void streamEnds(Object event, StreamRecord stream, ToLongFunction<String> nanos) {
        Events.streamEnds(event, stream, nanos);
    }
}
