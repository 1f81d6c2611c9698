package io.sluice.agent;

import io.sluice.agent.flight.Flight;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The one agent of the process: its options, its switch, its thread.
 *
 * <p>Off means off: the appliance runs its original classes and the agent's thread sleeps. Figures and traces stay
 * until they are reset.
 *
 * <p><b>Threading:</b> any thread; changes come one at a time.
 */
final class Agent {
    private static final long BEAT_MILLIS = 100;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static @Nullable Agent running;

    private final Weaver weaver;
    private final Safepoints safepoints = new Safepoints();
    private final Pauses pauses = new Pauses(safepoints);
    private final Traces traces = new Traces(pauses);
    private final Figures figures = new Figures();
    private final Instrumentation instrumentation;
    private final Semaphore wake = new Semaphore(0);
    private volatile Options options;
    private volatile @Nullable Observer observer;
    private volatile @Nullable Spans spans;
    private volatile String offReason = "";
    private @Nullable Beans beans;
    private volatile boolean detached;
    private volatile @Nullable Thread worker;

    private Agent(Options options, Instrumentation instrumentation) {
        this.options = options;
        this.weaver = new Weaver(instrumentation, ClassLoader.getSystemClassLoader());
        this.instrumentation = instrumentation;
    }

    /**
     * Starts the agent, or changes the options of the one that runs.
     *
     * @param late whether the appliance runs already
     * @return a line that says how things are now
     * @throws IllegalArgumentException when an option is not valid; nothing has changed then
     */
    static synchronized String start(String text, Instrumentation instrumentation, boolean late) {
        Agent agent = running;
        if (agent == null) {
            agent = new Agent(Options.DEFAULTS.with(text), instrumentation);
            agent.apply(agent.options);
            agent.startThread();
            if (late) {
                agent.managementLoaded();
            } else {
                ManagementWatch.whenLoaded(instrumentation, agent::managementLoaded);
            }
            running = agent;
            return agent.line();
        }
        Options next = agent.optionsToStartFrom().with(text);
        agent.attachAgain();
        agent.change(each -> next);
        return agent.line();
    }

    // ---------------------------------------------------------------- the switch

    Options options() {
        return options;
    }

    /** Changes the options; the new ones hold when it returns. */
    synchronized void change(UnaryOperator<Options> change) {
        Options next = change.apply(options);
        apply(next);
        wake.release();
    }

    private synchronized void apply(Options next) {
        if (next.jfr() && !Flight.isPresent()) {
            throw new IllegalArgumentException("jfr is 'on', but this Java runtime has no module jdk.jfr");
        }
        Observer now = observer;
        if (next.level() == Level.OFF) {
            switchOff("");
        } else if (now == null) {
            switchOn(next);
        } else {
            now.options(next, spansTo(next.otlp()));
        }
        options = next;
    }

    private void switchOn(Options next) {
        Observer fresh = new Observer(figures, traces, pauses, next, spansTo(next.otlp()));
        Faults.forgive();
        observer = fresh;
        Probe.observer(fresh);
        try {
            weaver.weave();
        } catch (RuntimeException | LinkageError failed) {
            switchOff("could not be switched on: " + failed);
            throw failed;
        }
        if (beans != null) {
            pauses.start();
        }
        weaver.missing()
                .forEach((point, why) -> SluiceAgent.say("join point " + point.shortName() + " is not there (" + why
                        + "); without it: " + point.gives() + "; the others work"));
    }

    /** The spans that go to {@code collector}; those that went elsewhere go no more. */
    private @Nullable Spans spansTo(@Nullable URI collector) {
        Spans now = spans;
        if (now != null && !now.collector().equals(collector)) {
            spans = null;
            now.close();
        }
        if (spans == null && collector != null) {
            spans = new Spans(collector);
        }
        return spans;
    }

    private void switchOff(String reason) {
        offReason = reason;
        Probe.observer(null);
        if (observer != null) {
            observer = null;
            if (beans != null) {
                pauses.stop();
            }
            weaver.unweave();
        }
        spansTo(null);
    }

    /** Switches off and takes the MBeans away: nothing of the agent works any more until it is attached again. */
    synchronized void detach() {
        switchOff("detached");
        options = options.withLevel(Level.OFF.label());
        detached = true;
        Beans open = beans;
        beans = null;
        if (open != null) {
            open.close();
        }
        wake.release();
    }

    /** Detaching has set the level to off, which is not what attaching again asks for. */
    private synchronized Options optionsToStartFrom() {
        return detached ? options.withLevel(Level.METRICS.label()) : options;
    }

    private synchronized void attachAgain() {
        if (detached) {
            detached = false;
            startThread();
            managementLoaded();
        }
    }

    // ---------------------------------------------------------------- its thread

    private void startThread() {
        Thread thread = new Thread(this::work, "sluice-agent");
        thread.setDaemon(true);
        worker = thread;
        thread.start();
    }

    private void work() {
        long nextSecond = System.nanoTime() + SECOND_NANOS;
        long nextSlice = nextSecond;
        while (awaitBeat()) {
            try {
                safepoints.note();
                traces.write();
                makeSpans();
                long now = System.nanoTime();
                if (now - nextSecond >= 0) {
                    nextSecond = now + SECOND_NANOS;
                    everySecond();
                }
                if (now - nextSlice >= 0) {
                    nextSlice = now + options.windowSeconds() * SECOND_NANOS / Series.SLICES;
                    figures.turn();
                }
            } catch (RuntimeException | LinkageError fault) {
                Faults.caught(fault);
            }
        }
    }

    private void makeSpans() {
        Spans now = spans;
        if (now != null) {
            now.make();
        }
    }

    /** Waits until there is something to do; false when the agent was detached. */
    private boolean awaitBeat() {
        try {
            if (observer == null) {
                wake.acquire();
            } else if (wake.tryAcquire(BEAT_MILLIS, TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException stopped) {
            return false;
        }
        return !detached && worker == Thread.currentThread();
    }

    private void everySecond() {
        traces.refill();
        pauses.answer();
        Observer now = observer;
        if (now != null) {
            now.sweep();
        }
        follow();
        if (now != null && Faults.tooMany()) {
            disable();
        }
    }

    /** Has everybody see the figures of this moment. */
    void refresh() {
        figures.refresh();
        follow();
    }

    private void follow() {
        Beans open;
        synchronized (this) {
            open = beans;
        }
        if (open != null) {
            open.follow(figures);
        }
    }

    private synchronized void disable() {
        String reason = Faults.LIMIT + " faults of its own, the last: " + Faults.lastText();
        switchOff(reason);
        options = options.withLevel(Level.OFF.label());
        SluiceAgent.say("off by itself after " + reason);
    }

    // ---------------------------------------------------------------- what it shows

    /** The appliance has turned to JMX itself: from now on the agent may. */
    private synchronized void managementLoaded() {
        if (beans == null && !detached) {
            safepoints.open(instrumentation);
            beans = Beans.open(this);
            if (observer != null) {
                pauses.start();
            }
        }
    }

    private String line() {
        Map<JoinPoint, String> missing = weaver.missing();
        int all = JoinPoint.values().length;
        return options + (weaver.isWoven() ? ": " + (all - missing.size()) + " of " + all + " join points" : "");
    }

    /** {@code on}, or {@code off} and why. */
    String state() {
        if (observer != null) {
            return "on";
        }
        return offReason.isEmpty() ? "off" : "off: " + offReason;
    }

    Map<JoinPoint, String> missing() {
        return weaver.missing();
    }

    boolean isWoven() {
        return weaver.isWoven();
    }

    Figures figures() {
        return figures;
    }

    Traces traces() {
        return traces;
    }

    Pauses pauses() {
        return pauses;
    }

    Safepoints safepoints() {
        return safepoints;
    }

    @Nullable
    Spans spans() {
        return spans;
    }

    @Nullable
    Observer observer() {
        return observer;
    }

    /** Forgets all figures and traces. */
    void reset() {
        figures.reset();
        traces.clear();
    }
}
