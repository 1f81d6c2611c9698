package io.sluice.relay;

import io.sluice.account.StickinessAudit;
import io.sluice.account.StreamRecord;
import io.sluice.connect.Upstream;
import io.sluice.loop.Wire;
import io.sluice.route.Assignment;
import io.sluice.route.Route;
import org.jspecify.annotations.Nullable;

/**
 * Compares the connection that a stream has with the Liberator that was decided for it, by other means than those that
 * brought the two together: the name that stands in the configuration or in the client's evidence, the address that the
 * socket is connected to, and the client for which the connection was made.
 */
final class StickinessCheck {
    private StickinessCheck() {}

    /** Before a byte of the client goes out; only a violation is counted. */
    static boolean maySend(
            StickinessAudit audit,
            StreamRecord stream,
            Wire client,
            Upstream to,
            Route route,
            @Nullable Assignment assignment) {
        String decided = assignment == null ? route.liberatorName() : assignment.liberator();
        String difference = difference(client, to, decided, assignment);
        if (difference != null) {
            audit.violated(stream, decided, difference);
        }
        return difference == null;
    }

    /**
     * Before the first byte of a response, an upgrade or a Direct connection is delivered: the check that is counted.
     */
    static boolean mayDeliver(
            StickinessAudit audit,
            StreamRecord stream,
            Wire client,
            Upstream from,
            Route route,
            @Nullable Assignment assignment) {
        audit.checked(stream);
        return maySend(audit, stream, client, from, route, assignment);
    }

    private static @Nullable String difference(
            Wire client, Upstream upstream, String decided, @Nullable Assignment assignment) {
        String found = upstream.liberator().name();
        if (!found.equals(decided)) {
            return "connection made for " + found;
        }
        if (!upstream.leadsWhereDialled()) {
            return "socket connected to " + upstream.wire().remoteAddress();
        }
        if (!upstream.belongsTo(client)) {
            return "connection made for another client";
        }
        if (assignment != null && assignment.setCookie() != null && !assignment.setsCookieFor(decided)) {
            return "cookie that names another Liberator";
        }
        return null;
    }
}
