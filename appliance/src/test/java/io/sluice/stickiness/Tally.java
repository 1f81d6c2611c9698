package io.sluice.stickiness;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was seen: deliveries, what happened by name, violations.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Tally {
    private static final int MOST_KEPT = 20;

    private final LongAdder deliveries = new LongAdder();
    private final LongAdder violations = new LongAdder();
    private final List<String> first = new ArrayList<>();
    private final ConcurrentMap<String, LongAdder> events = new ConcurrentHashMap<>();

    /** A record or an answer came from the Liberator that it had to come from. */
    void delivered(long many) {
        deliveries.add(many);
    }

    void happened(String what) {
        events.computeIfAbsent(what, each -> new LongAdder()).increment();
    }

    /** Something that must never happen. */
    void violated(String sentence) {
        violations.increment();
        synchronized (first) {
            if (first.size() < MOST_KEPT) {
                first.add(sentence);
            }
        }
    }

    long deliveries() {
        return deliveries.sum();
    }

    long violations() {
        return violations.sum();
    }

    List<String> firstViolations() {
        synchronized (first) {
            return List.copyOf(first);
        }
    }

    long count(String event) {
        LongAdder found = events.get(event);
        return found == null ? 0 : found.sum();
    }

    Map<String, Long> events() {
        Map<String, Long> sorted = new TreeMap<>();
        events.forEach((name, count) -> sorted.put(name, count.sum()));
        return sorted;
    }
}
