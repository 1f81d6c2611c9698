package io.sluice.route;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a Liberator is to have new streams, as an operator has decided.
 *
 * <p>Handed from table to table by the Liberator's name, so that no reload takes a decision back.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class Standing {
    private volatile Liberator.@Nullable Health decided;
    private volatile boolean emptied;

    Standing() {}

    /** Whether new streams may come; what is open is another matter. */
    public boolean isInService() {
        return decided == null;
    }

    /**
     * Whether requests may still come on connections that lead to it already: until it has been drained, so that the
     * commands and polls of those whose turn to leave has not come yet reach it.
     */
    public boolean servesOpenConnections() {
        return !emptied;
    }

    /** {@link LiberatorState#DRAINING} or {@link LiberatorState#DISABLED}; null while it is in service. */
    Liberator.@Nullable Health decided() {
        return decided;
    }

    void decide(LiberatorState state, boolean empty, String reason) {
        emptied = empty;
        decided = new Liberator.Health(state, Instant.now(), reason);
    }

    void serve() {
        emptied = false;
        decided = null;
    }
}
