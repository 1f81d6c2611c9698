package io.sluice.account;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counts of one pool: what its clients showed, what was done with them, who was given how many.
 *
 * <p><b>Threading:</b> written by the loops, read by anyone; no lock.
 */
public final class PoolLedger {
    private final String host;
    private final Map<AffinityFinding, LongAdder> findings = new EnumMap<>(AffinityFinding.class);
    private final Map<AffinityOutcome, LongAdder> outcomes = new EnumMap<>(AffinityOutcome.class);
    private final ConcurrentMap<String, LongAdder> assigned = new ConcurrentHashMap<>();

    PoolLedger(String host) {
        this.host = host;
        for (AffinityFinding each : AffinityFinding.values()) {
            findings.put(each, new LongAdder());
        }
        for (AffinityOutcome each : AffinityOutcome.values()) {
            outcomes.put(each, new LongAdder());
        }
    }

    /** The host of its route. */
    public String host() {
        return host;
    }

    /** Makes room for a Liberator of the pool, before it is given a client. */
    public void member(String liberator) {
        assigned.computeIfAbsent(liberator, each -> new LongAdder());
    }

    /** Counts one request; {@code liberator} is where it goes, empty when it goes nowhere. */
    public void decided(AffinityFinding finding, AffinityOutcome outcome, String liberator) {
        Objects.requireNonNull(findings.get(finding)).increment();
        Objects.requireNonNull(outcomes.get(outcome)).increment();
        LongAdder given = outcome == AffinityOutcome.ASSIGNED ? assigned.get(liberator) : null;
        if (given != null) {
            given.increment();
        }
    }

    public long count(AffinityFinding finding) {
        return Objects.requireNonNull(findings.get(finding)).sum();
    }

    public long count(AffinityOutcome outcome) {
        return Objects.requireNonNull(outcomes.get(outcome)).sum();
    }

    /** Every Liberator that is, or was, one of the pool. */
    public Collection<String> members() {
        return assigned.keySet();
    }

    /** New clients that {@code liberator} was given. */
    public long assigned(String liberator) {
        LongAdder given = assigned.get(liberator);
        return given == null ? 0 : given.sum();
    }
}
