package io.sluice.route;

import io.sluice.account.AffinityFinding;
import io.sluice.account.AffinityOutcome;
import io.sluice.account.Refusal;
import io.sluice.config.AffinityConfig;
import io.sluice.config.AffinityConfig.Forged;
import io.sluice.config.AffinityKeys;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Each client carries the name of its Liberator in a signed cookie, set on the first response it gets.
 *
 * <p>A good cookie decides alone: its Liberator, or nobody. A client without one stays with the Liberator that its
 * connection leads to already; only one on a new connection is new. Cookies of ours that name different Liberators (one
 * was left over from another Path or Domain) are settled by the one set last, so that there is one reading.
 */
final class CookieAffinity implements Affinity {
    private final AffinityConfig.Cookie config;
    private final AffinityCookie cookie;

    CookieAffinity(AffinityConfig.Cookie config, String host) {
        this.config = config;
        this.cookie = new AffinityCookie(config, host);
    }

    void keys(AffinityKeys keys) {
        cookie.keys(keys);
    }

    List<AffinityKeys.Key> keys() {
        return cookie.keys();
    }

    @Override
    public Decision decide(Pool pool, Asked asked) {
        Instant now = Instant.now();
        AffinityCookie.Reading shown = null;
        for (String field : asked.cookieFields()) {
            for (String value : Cookies.values(field, config.name())) {
                AffinityCookie.Reading reading = cookie.read(value, now);
                if (shown == null || isBetter(reading, shown)) {
                    shown = reading;
                }
            }
        }
        if (shown != null && shown.finding() == AffinityFinding.GOOD) {
            return kept(pool, shown, now);
        }
        AffinityFinding finding = shown == null ? AffinityFinding.NONE : shown.finding();
        if (finding != AffinityFinding.NONE && config.forged() == Forged.REFUSE) {
            String evidence = "cookie "
                    + finding.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
            return refused(pool, finding, AffinityOutcome.REFUSED, Refusal.AFFINITY_FORGED, evidence);
        }
        return fresh(pool, asked, finding, now);
    }

    /** Of two good ones that were set in the same second, the name decides: never the order in which they came. */
    private static boolean isBetter(AffinityCookie.Reading reading, AffinityCookie.Reading than) {
        boolean good = reading.finding() == AffinityFinding.GOOD;
        if (!good || than.finding() != AffinityFinding.GOOD) {
            return good;
        }
        int later = reading.issuedAt().compareTo(than.issuedAt());
        return later > 0 || (later == 0 && reading.liberator().compareTo(than.liberator()) < 0);
    }

    private Decision kept(Pool pool, AffinityCookie.Reading shown, Instant now) {
        String evidence = "cookie of key " + shown.keyId() + ", set " + shown.issuedAt();
        Pool.Member member = pool.member(shown.liberator());
        if (member == null) {
            String gone = evidence + ", names " + shown.liberator() + ", not in the pool";
            return config.releaseRemoved()
                    ? refused(pool, shown.finding(), AffinityOutcome.RELEASED_REMOVED, Refusal.AFFINITY_RELEASED, gone)
                    : nobody(pool, shown.finding(), AffinityOutcome.GONE, gone);
        }
        if (isReleased(member.route().liberator())) {
            String down = evidence + ", names " + shown.liberator() + ", down or drained for long";
            return refused(pool, shown.finding(), AffinityOutcome.RELEASED_DOWN, Refusal.AFFINITY_RELEASED, down);
        }
        String renewed = cookie.isDueForRenewal(shown, now) ? cookie.set(member.name(), now) : null;
        return to(pool, member, shown.finding(), AffinityOutcome.KEPT, evidence, renewed);
    }

    private boolean isReleased(Liberator liberator) {
        return !config.releaseDownFor().isZero() && liberator.isGoneFor(config.releaseDownFor(), System.nanoTime());
    }

    private Decision fresh(Pool pool, Asked asked, AffinityFinding finding, Instant now) {
        Liberator connected = asked.connectedTo();
        Pool.Member member = connected == null ? null : pool.member(connected.name());
        if (member != null) {
            String evidence = "no cookie, connection leads there already";
            return to(pool, member, finding, AffinityOutcome.KEPT, evidence, cookie.set(member.name(), now));
        }
        Pool.Member chosen = pool.choose();
        if (chosen == null) {
            return nobody(pool, finding, AffinityOutcome.NO_LIBERATOR, "new client, and nobody takes new ones");
        }
        String evidence = "new client, fewest connections for its weight";
        return to(pool, chosen, finding, AffinityOutcome.ASSIGNED, evidence, cookie.set(chosen.name(), now));
    }

    private Decision to(
            Pool pool,
            Pool.Member member,
            AffinityFinding finding,
            AffinityOutcome outcome,
            String evidence,
            @Nullable String setCookie) {
        return new Decision(
                member.route(),
                null,
                new Assignment(pool.ledger(), finding, outcome, member.name(), evidence, setCookie, config.name(), 0));
    }

    /** Refused, and the cookie taken back: the client may start anew. */
    private Decision refused(
            Pool pool, AffinityFinding finding, AffinityOutcome outcome, Refusal refusal, String evidence) {
        return new Decision(
                null,
                refusal,
                new Assignment(pool.ledger(), finding, outcome, "", evidence, cookie.takenBack(), config.name(), 0));
    }

    /** Told as the route tells that a Liberator is down; a cookie stays with the client. */
    private Decision nobody(Pool pool, AffinityFinding finding, AffinityOutcome outcome, String evidence) {
        return new Decision(
                pool.members().get(0).route(),
                Refusal.LIBERATOR_DOWN,
                new Assignment(pool.ledger(), finding, outcome, "", evidence, null, config.name(), 0));
    }
}
