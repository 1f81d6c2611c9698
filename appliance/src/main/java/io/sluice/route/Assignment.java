package io.sluice.route;

import io.sluice.account.AffinityFinding;
import io.sluice.account.AffinityOutcome;
import io.sluice.account.PoolLedger;
import org.jspecify.annotations.Nullable;

/**
 * How a client of a pool came to its Liberator, or why it came to none.
 *
 * @param liberator the name that the evidence gives, whatever is connected then; empty when the client goes nowhere
 * @param evidence in words for the operator; shows no value of a cookie
 * @param setCookie the value of a Set-Cookie field for the next response; null for none
 * @param ownCookie the name of the cookie that is ours and that the Liberator must not see; null for none
 * @param pathPrefix how many characters of the path are ours and are cut off before the request goes on
 */
public record Assignment(
        PoolLedger ledger,
        AffinityFinding finding,
        AffinityOutcome outcome,
        String liberator,
        String evidence,
        @Nullable String setCookie,
        @Nullable String ownCookie,
        int pathPrefix) {
    /** Of a client that belongs to {@code liberator} by what it is or asks for, and needs no cookie to show it. */
    static Assignment withoutCookie(PoolLedger ledger, String liberator, String evidence, int pathPrefix) {
        return new Assignment(
                ledger, AffinityFinding.NONE, AffinityOutcome.KEPT, liberator, evidence, null, null, pathPrefix);
    }

    /** Whether the cookie that it sets, or renews, names {@code decided}; the value says so to whoever reads it. */
    public boolean setsCookieFor(String decided) {
        return setCookie != null && AffinityCookie.names(setCookie, decided);
    }

    /** Whether the client has shown that it belongs to its Liberator and to no other. */
    public boolean isProven() {
        return finding == AffinityFinding.GOOD && outcome == AffinityOutcome.KEPT;
    }

    /** Counts it: once for each request that was really made. */
    public void count() {
        ledger.decided(finding, outcome, liberator);
    }
}
