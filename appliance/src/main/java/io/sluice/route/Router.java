package io.sluice.route;

/**
 * Holds the table in force. A change is one volatile write; whoever needs the table reads it once per request.
 *
 * <p><b>Threading:</b> any thread; {@link #publish} by one at a time.
 */
public final class Router {
    private volatile RoutingTable table;
    private volatile boolean leaving;

    public Router(RoutingTable table) {
        this.table = table;
    }

    public RoutingTable table() {
        return table;
    }

    /** Puts {@code next} in force for every request that is decided from now on; open streams keep their route. */
    public void publish(RoutingTable next) {
        RoutingTable before = table;
        table = next;
        RouteChangeEvent.commit(before, next);
    }

    /** From now on whoever is answered is told to send the next request on another connection; for good. */
    public void leave() {
        leaving = true;
    }

    public boolean isLeaving() {
        return leaving;
    }
}
