package io.sluice.console.sight;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Keyboard;
import io.sluice.console.reach.Reasons;
import io.sluice.console.reach.Way;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One appliance that is looked at for long: it may go and come back meanwhile.
 *
 * <p><b>Threading:</b> one thread reads, any thread asks for what was read or acts on the connection.
 */
public final class Sight implements AutoCloseable {
    private static final long SILENT_SECONDS = 10;

    private final Connecting connecting;
    private final History history;
    private volatile @Nullable Appliance appliance;
    private volatile String trouble = "";
    private volatile String name;
    private boolean connected;
    private volatile long sinceMillis = System.currentTimeMillis();
    /** When a reading began that is not over, of {@link System#nanoTime}; 0: none is under way. */
    private volatile long waitingSinceNanos;

    /** Makes a connection, again after one that is lost. */
    public interface Connecting {
        /**
         * A connection of now.
         *
         * @throws Failure when it does not come about
         */
        Appliance connect() throws Failure;
    }

    /**
     * Nothing is connected yet.
     *
     * @param readings how many are kept
     */
    public Sight(String name, Connecting connecting, int readings) {
        this.name = name;
        this.connecting = connecting;
        this.history = new History(readings);
    }

    /**
     * The same over connections of its own.
     *
     * @param readings how many are kept
     */
    public Sight(Way way, Keyboard keyboard, int timeoutMillis, int readings) {
        this(nameOf(way), connecting(way, remembering(keyboard), timeoutMillis), readings);
    }

    private static Connecting connecting(Way way, Keyboard keyboard, int timeoutMillis) {
        return () -> Appliance.at(way, keyboard, timeoutMillis);
    }

    private static String nameOf(Way way) {
        String url = way.url();
        return !way.name().isEmpty() ? way.name() : url != null ? url : "this host";
    }

    /** A password is asked for once, before the screen is taken. */
    private static Keyboard remembering(Keyboard keyboard) {
        Map<String, char[]> answers = new HashMap<>();
        return new Keyboard() {
            @Override
            public @Nullable String ask(String question) {
                return keyboard.ask(question);
            }

            @Override
            public char @Nullable [] askSecretly(String question) {
                char[] known = answers.get(question);
                if (known == null) {
                    known = keyboard.askSecretly(question);
                    if (known != null) {
                        answers.put(question, known);
                    }
                }
                return known == null ? null : known.clone();
            }

            @Override
            public boolean isThere() {
                return keyboard.isThere();
            }
        };
    }

    /**
     * Connects for the first time.
     *
     * @throws Failure when it does not come about
     */
    public void connect() throws Failure {
        Appliance connected = connecting.connect();
        appliance = connected;
        name = connected.name();
    }

    /** Reads once, over a new connection when the last one is lost; what went wrong is {@link #trouble}. */
    public void read() {
        waitingSinceNanos = System.nanoTime() | 1; // never 0
        try {
            if (appliance == null) {
                connect();
            }
            Appliance connected = appliance;
            if (connected != null) {
                history.add(Reading.of(connected, history.last()));
                trouble = "";
            }
        } catch (Failure failure) {
            trouble = failure.getMessage().lines().findFirst().orElse("");
            if (failure.exit() == Exit.NO_CONNECTION || failure.exit() == Exit.NOT_ALLOWED) {
                disconnect();
            }
        } catch (RuntimeException unexpected) {
            trouble = "what was read makes no sense: " + Reasons.of(unexpected);
        } finally {
            waitingSinceNanos = 0;
        }
        if (connected != trouble.isEmpty()) {
            connected = trouble.isEmpty();
            sinceMillis = System.currentTimeMillis();
        }
    }

    /** For how long the appliance has owed an answer, where that is longer than it ever takes; else 0. */
    private long silentSeconds() {
        long since = waitingSinceNanos;
        long seconds = since == 0 ? 0 : TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
        return seconds < SILENT_SECONDS ? 0 : seconds;
    }

    private void disconnect() {
        Appliance lost = appliance;
        appliance = null;
        if (lost != null) {
            lost.close();
        }
    }

    /**
     * The connection, to act on.
     *
     * @throws Failure while there is none
     */
    public Appliance appliance() throws Failure {
        Appliance connected = appliance;
        if (connected == null) {
            throw new Failure(Exit.NO_CONNECTION, "not connected: " + trouble);
        }
        return connected;
    }

    public History history() {
        return history;
    }

    /** Why nothing new was read; empty when it was. */
    public String trouble() {
        long silent = silentSeconds();
        return silent > 0 ? "no answer for " + silent + " s" : trouble;
    }

    /** Since when it is connected, or lost, by the console's clock; lost before the first reading. */
    public long sinceMillis() {
        long silent = silentSeconds();
        return silent > 0 ? System.currentTimeMillis() - TimeUnit.SECONDS.toMillis(silent) : sinceMillis;
    }

    public String name() {
        return name;
    }

    @Override
    public void close() {
        disconnect();
    }
}
