package io.sluice.route;

import io.sluice.account.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What the table says of one request: a route, or the reason for refusing it.
 *
 * @param route the route; null when refused before one was found
 * @param refusal the reason; null when the request may pass
 * @param assignment how a client of a pool came to its Liberator, or why it came to none; null without a pool
 */
public record Decision(
        @Nullable Route route,
        @Nullable Refusal refusal,
        @Nullable Assignment assignment) {
    public static Decision refused(Refusal refusal) {
        return new Decision(null, refusal, null);
    }
}
