package io.sluice.manage;

import io.sluice.account.AffinityFinding;
import io.sluice.account.AffinityOutcome;
import io.sluice.account.PoolLedger;
import io.sluice.account.Refusal;
import io.sluice.config.AffinityConfig;
import io.sluice.config.AffinityKeys;
import io.sluice.route.Asked;
import io.sluice.route.Assignment;
import io.sluice.route.Decision;
import io.sluice.route.Liberator;
import io.sluice.route.Pool;
import io.sluice.route.Route;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One pool, as long as a table has it; its ledger outlives it.
 *
 * <p><b>Threading:</b> {@link #inTable} comes one at a time; getters from any thread.
 */
final class PoolBean implements PoolMXBean {
    private final PoolLedger ledger;
    private volatile Pool pool;

    PoolBean(Pool pool) {
        this.pool = pool;
        this.ledger = pool.ledger();
    }

    void inTable(Pool now) {
        pool = now;
    }

    @Override
    public String getHost() {
        return ledger.host();
    }

    @Override
    public String getAffinity() {
        AffinityConfig affinity = pool.affinity();
        if (affinity instanceof AffinityConfig.Cookie) {
            return "cookie";
        }
        return affinity instanceof AffinityConfig.Address ? "address" : "path";
    }

    @Override
    public String[] getLiberators() {
        Pool now = pool;
        TextTable table = new TextTable("<><>>", "Liberator", "weight", "state", "conns", "given");
        for (Route each : now.routes()) {
            Liberator liberator = each.liberator();
            table.row(
                    liberator.name(),
                    now.weight(each),
                    liberator.health().state(),
                    liberator.ledger().connectionsActive(),
                    ledger.assigned(liberator.name()));
        }
        return table.lines();
    }

    @Override
    public String[] getKeyIds() {
        return pool.keys().stream().map(AffinityKeys.Key::id).toArray(String[]::new);
    }

    @Override
    public String[] getKeyFingerprints() {
        return pool.keys().stream()
                .map(each -> each.id() + ' ' + each.fingerprint())
                .toArray(String[]::new);
    }

    @Override
    public double getImbalance() {
        Pool now = pool;
        double sum = 0;
        double most = 0;
        for (Route each : now.routes()) {
            double load = (double) each.liberator().ledger().connectionsActive() / now.weight(each);
            sum += load;
            most = Math.max(most, load);
        }
        return sum == 0 ? 0 : most * now.routes().size() / sum;
    }

    @Override
    public long getAssignedTotal() {
        return ledger.count(AffinityOutcome.ASSIGNED);
    }

    @Override
    public long getKeptTotal() {
        return ledger.count(AffinityOutcome.KEPT);
    }

    @Override
    public long getReleasedDownTotal() {
        return ledger.count(AffinityOutcome.RELEASED_DOWN);
    }

    @Override
    public long getReleasedRemovedTotal() {
        return ledger.count(AffinityOutcome.RELEASED_REMOVED);
    }

    @Override
    public long getGoneTotal() {
        return ledger.count(AffinityOutcome.GONE);
    }

    @Override
    public long getNoLiberatorTotal() {
        return ledger.count(AffinityOutcome.NO_LIBERATOR);
    }

    @Override
    public long getRefusedTotal() {
        return ledger.count(AffinityOutcome.REFUSED);
    }

    @Override
    public long getForgedTotal() {
        return ledger.count(AffinityFinding.FORGED);
    }

    @Override
    public long getExpiredTotal() {
        return ledger.count(AffinityFinding.EXPIRED);
    }

    @Override
    public long getUnknownKeyTotal() {
        return ledger.count(AffinityFinding.UNKNOWN_KEY);
    }

    @Override
    public String[] explain(@Nullable String client, @Nullable String cookie, @Nullable String path) {
        String from = plain(client);
        InetAddress address = from.isEmpty() ? InetAddress.getLoopbackAddress() : Explanation.address(from);
        if (address == null) {
            return Explanation.noAddress(from);
        }
        Pool now = pool;
        List<String> cookies = cookieField(now, plain(cookie));
        String asked = plain(path).isEmpty() ? "/" : plain(path);
        Decision decision = now.decide(Asked.from(address, asked, cookies));
        List<String> lines = new ArrayList<>();
        lines.add("affinity   " + getAffinity());
        Assignment assignment = decision.assignment();
        if (assignment != null) {
            lines.add("evidence   " + assignment.evidence());
            lines.add("so         " + assignment.outcome().sentence());
            lines.add("cookie     " + cookieWord(assignment));
        }
        Route route = decision.route();
        if (decision.refusal() != null || route == null) {
            Refusal refusal = Objects.requireNonNull(decision.refusal());
            lines.add("result     refused: " + refusal.status() + ", " + refusal.label());
        } else {
            Liberator liberator = route.liberator();
            lines.add("result     Liberator '" + liberator.name() + "', "
                    + liberator.health().state());
        }
        return lines.toArray(String[]::new);
    }

    /** Never its value. */
    static String cookieWord(Assignment assignment) {
        if (assignment.setCookie() == null) {
            return "left as it is";
        }
        return assignment.liberator().isEmpty() ? "taken back: it may start anew" : "set anew";
    }

    /** The Cookie fields of a client that has {@code cookie}; none for an empty one, and where the pool wants none. */
    static List<String> cookieField(Pool pool, String cookie) {
        boolean none = cookie.isEmpty() || !(pool.affinity() instanceof AffinityConfig.Cookie);
        if (none) {
            return List.of();
        }
        String name = ((AffinityConfig.Cookie) pool.affinity()).name() + '=';
        return List.of(cookie.startsWith(name) ? cookie : name + cookie);
    }

    /** As {@link Explanation#plain}; empty also for what JConsole fills in. */
    static String plain(@Nullable String text) {
        return Described.isPrefilled(text) ? "" : Explanation.plain(text);
    }
}
