package io.sluice.route;

import org.jspecify.annotations.Nullable;

/**
 * Whether a Liberator is to have new streams, as an operator has decided.
 *
 * <p>Handed from table to table by the Liberator's name, so that no reload takes a decision back.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class Standing {
    /**
     * @param emptied whether a drain is over
     * @param departures of the drain that is under way; null without one
     */
    private record Decision(
            Liberator.Health health,
            boolean emptied,
            @Nullable Departures departures) {}

    private volatile @Nullable Decision decided;

    Standing() {}

    /** Whether new streams of anybody may come; what is open is another matter. */
    public boolean isInService() {
        return decided == null;
    }

    /**
     * Whether a new stream may come. A client of a pool that is known to belong to it may, while it is only disabled.
     *
     * @param known whether the client has shown that it belongs to this Liberator and to no other
     */
    public boolean admits(boolean known) {
        Decision now = decided;
        return now == null || (known && !now.emptied && now.health.state() == LiberatorState.DISABLED);
    }

    /**
     * Whether requests may still come on connections that lead to it already: until it has been drained, so that the
     * commands and polls of those whose turn to leave has not come yet reach it.
     */
    public boolean servesOpenConnections() {
        return drained() == null;
    }

    /**
     * Whether a connection that leads to it and carries no stream should end now: while it is drained those whose turn
     * it is, which is taken, and all that are left when the drain is over.
     */
    public boolean letsGo() {
        Decision now = decided;
        return now != null && (now.emptied || (now.departures != null && now.departures.take()));
    }

    /** {@link LiberatorState#DRAINING} or {@link LiberatorState#DISABLED}; null while it is in service. */
    Liberator.@Nullable Health decided() {
        Decision now = decided;
        return now == null ? null : now.health;
    }

    /** Since when it is empty; null unless a drain of it is over. */
    Liberator.@Nullable Health drained() {
        Decision now = decided;
        return now == null || !now.emptied ? null : now.health;
    }

    void drain(Departures departures, String reason) {
        decided = new Decision(Liberator.Health.now(LiberatorState.DRAINING, reason), false, departures);
    }

    void disable(boolean emptied, String reason) {
        decided = new Decision(Liberator.Health.now(LiberatorState.DISABLED, reason), emptied, null);
    }

    void serve() {
        decided = null;
    }
}
