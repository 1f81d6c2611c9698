package io.sluice.console.sight;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Keyboard;
import io.sluice.console.reach.Reasons;
import io.sluice.console.reach.Way;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One appliance that is looked at for long: it may go and come back meanwhile.
 *
 * <p><b>Threading:</b> one thread reads, any thread asks for what was read or acts on the connection.
 */
public final class Sight implements AutoCloseable {
    private final Connecting connecting;
    private final History history;
    private volatile @Nullable Appliance appliance;
    private volatile String trouble = "";
    private volatile String name;

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
        try {
            if (appliance == null) {
                connect();
            }
            Appliance connected = appliance;
            if (connected != null) {
                history.add(Reading.of(connected));
                trouble = "";
            }
        } catch (Failure failure) {
            trouble = failure.getMessage().lines().findFirst().orElse("");
            if (failure.exit() == Exit.NO_CONNECTION || failure.exit() == Exit.NOT_ALLOWED) {
                disconnect();
            }
        } catch (RuntimeException unexpected) {
            trouble = "what was read makes no sense: " + Reasons.of(unexpected);
        }
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
        return trouble;
    }

    public String name() {
        return name;
    }

    @Override
    public void close() {
        disconnect();
    }
}
