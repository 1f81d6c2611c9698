package io.sluice.connect;

import io.sluice.route.Liberator;
import io.sluice.route.RoutingTable;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The probes of all Liberators of the table in force.
 *
 * <p><b>Threading:</b> any thread, one at a time.
 */
public final class HealthMonitor implements AutoCloseable {
    private final Map<String, HealthProbe> probes = new HashMap<>();
    private final Consumer<Liberator> onChange;

    /**
     * @param onChange told after each change of a Liberator's state, on the probe's thread
     */
    public HealthMonitor(Consumer<Liberator> onChange) {
        this.onChange = onChange;
    }

    /** Probes the Liberators of {@code table} from now on, and no others. */
    public synchronized void watch(RoutingTable table) {
        close();
        for (Liberator liberator : table.liberators()) {
            HealthProbe probe = new HealthProbe(liberator, onChange);
            probes.put(liberator.name(), probe);
            probe.start();
        }
    }

    @Override
    public synchronized void close() {
        probes.values().forEach(HealthProbe::stop);
        probes.clear();
    }
}
