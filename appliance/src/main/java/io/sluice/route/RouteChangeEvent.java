package io.sluice.route;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Another routing table came into force, for a flight recording. */
@Name("sluice.RouteChange")
@Label("Routing table changed")
@Category("Sluice")
@StackTrace(false)
final class RouteChangeEvent extends Event {
    @Label("Version")
    long version;

    @Label("Version before")
    long versionBefore;

    @Label("Routes")
    int routes;

    @Label("Liberators")
    int liberators;

    @Label("Listeners")
    int listeners;

    static void commit(RoutingTable before, RoutingTable now) {
        RouteChangeEvent event = new RouteChangeEvent();
        if (event.isEnabled()) {
            event.version = now.version();
            event.versionBefore = before.version();
            event.routes = now.routes().size();
            event.liberators = now.liberators().size();
            event.listeners = now.listeners().size();
            event.commit();
        }
    }
}
