package io.sluice.route;

import io.sluice.account.PoolLedger;
import io.sluice.account.Refusal;
import io.sluice.config.AffinityConfig;
import io.sluice.config.AffinityKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Several Liberators behind one host, of which each client has one (layout C).
 *
 * <p>Immutable, like the table it stands in. It remembers no client: what a client shows (a signed cookie, its
 * address, its path) says where it belongs, to this appliance and to any other with the same configuration.
 */
public final class Pool implements Destination {
    /**
     * One Liberator of the pool.
     *
     * @param weight its share of new clients
     * @param path the prefix of its paths; empty unless clients are told apart by path
     */
    record Member(Route route, int weight, String path) {
        String name() {
            return route.liberator().name();
        }

        private boolean isLike(Member other) {
            return weight == other.weight && path.equals(other.path) && route.isLike(other.route);
        }
    }

    private final String host;
    private final List<Member> members;
    private final AffinityConfig affinityConfig;
    private final Affinity affinity;
    private final boolean disabled;
    private final PoolLedger ledger;

    Pool(String host, List<Member> members, AffinityConfig affinity, boolean disabled, PoolLedger ledger) {
        this.host = host;
        this.members = List.copyOf(members);
        this.disabled = disabled;
        this.ledger = ledger;
        this.affinityConfig = affinity;
        this.affinity = affinity instanceof AffinityConfig.Cookie cookie
                ? new CookieAffinity(cookie, host)
                : affinity instanceof AffinityConfig.Address address
                        ? new AddressAffinity(address)
                        : new PathAffinity();
        members.forEach(member -> ledger.member(member.name()));
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public Decision decide(Asked asked) {
        if (disabled) {
            return members.get(0).route().disabled();
        }
        Decision decision = affinity.decide(this, asked);
        Route route = decision.route();
        boolean denied = route != null
                && decision.refusal() == null
                && (route.denies(asked.path()) || route.denies(affinity.innerPath(decision, asked.path())));
        return denied ? new Decision(route, Refusal.DENIED_PATH, null) : decision;
    }

    /** How its clients are told apart. */
    public AffinityConfig affinity() {
        return affinityConfig;
    }

    /** Where the keys of its cookies are read; null without cookies. */
    public @Nullable Path keyFile() {
        return affinityConfig instanceof AffinityConfig.Cookie cookie
                ? cookie.keys().file()
                : null;
    }

    /** Cookies are signed and believed by other keys from now on. */
    public void keys(AffinityKeys keys) {
        if (affinity instanceof CookieAffinity cookies) {
            cookies.keys(keys);
        }
    }

    /** The keys in use, the one that signs first; empty without cookies. */
    public List<AffinityKeys.Key> keys() {
        return affinity instanceof CookieAffinity cookies ? cookies.keys() : List.of();
    }

    /** The share of new clients of {@code route}, one of {@link #routes}. */
    public int weight(Route route) {
        for (Member each : members) {
            if (each.route() == route) {
                return each.weight();
            }
        }
        throw new IllegalArgumentException(route.host() + " is none of this pool's");
    }

    @Override
    public boolean isLike(Destination other) {
        if (!(other instanceof Pool pool)
                || disabled != pool.disabled
                || !affinityConfig.equals(pool.affinityConfig)
                || members.size() != pool.members.size()) {
            return false;
        }
        for (int i = 0; i < members.size(); i++) {
            if (!members.get(i).isLike(pool.members.get(i))) {
                return false;
            }
        }
        return true;
    }

    List<Member> members() {
        return members;
    }

    /** Each of its Liberators as a route of its own, in the order of the configuration. */
    public List<Route> routes() {
        return members.stream().map(Member::route).toList();
    }

    public PoolLedger ledger() {
        return ledger;
    }

    @Nullable
    Member member(String liberator) {
        for (Member each : members) {
            if (each.name().equals(liberator)) {
                return each;
            }
        }
        return null;
    }

    /**
     * The Liberator for a new client: of those that take new ones, that with the fewest connections for its weight.
     * Equals are drawn by lot, so that appliances beside each other do not all choose the first.
     *
     * @return null when none takes new clients
     */
    @Nullable
    Member choose() {
        Member best = null;
        double least = Double.MAX_VALUE;
        int equals = 0;
        for (Member each : members) {
            if (!each.route().liberator().takesNewClients()) {
                continue;
            }
            double load = (double) each.route().liberator().ledger().connectionsActive() / each.weight();
            equals = load == least ? equals + 1 : 1;
            boolean lot = load == least && ThreadLocalRandom.current().nextInt(equals) == 0;
            if (load < least || lot) {
                best = each;
                least = load;
            }
        }
        return best;
    }
}
