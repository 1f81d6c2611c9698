package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import javax.management.openmbean.CompositeData;

/**
 * What lives in the appliance's heap.
 *
 * @param usedBytes used now, what the next collection frees included
 * @param maxBytes the most it may grow to
 * @param livingBytes of the old generation, as the last collection left it; 0 before the first
 */
record Heap(long usedBytes, long maxBytes, long livingBytes) {
    private static final int HUNDRED = 100;

    static Heap of(Appliance appliance) throws Failure {
        Values memory = appliance.named("java.lang:type=Memory").read("HeapMemoryUsage");
        CompositeData usage = (CompositeData) memory.raw("HeapMemoryUsage");
        long living = 0;
        for (Bean each : appliance.beans("java.lang:type=MemoryPool,*")) {
            Values pool = each.read("Type", "CollectionUsage");
            boolean young = each.key("name").matches(".*(Eden|Survivor).*");
            if (pool.text("Type").equals("HEAP")
                    && !young
                    && pool.raw("CollectionUsage") instanceof CompositeData after) {
                living += (Long) after.get("used");
            }
        }
        return usage == null
                ? new Heap(0, 0, living)
                : new Heap((Long) usage.get("used"), (Long) usage.get("max"), living);
    }

    /** The living part of the most it may be. */
    double percentAfterCollection() {
        return maxBytes <= 0 ? 0 : HUNDRED * (double) livingBytes / maxBytes;
    }
}
