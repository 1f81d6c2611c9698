package io.sluice.manage;

import io.sluice.listen.Listener;
import io.sluice.route.Liberator;
import io.sluice.route.LiberatorState;
import io.sluice.route.RoutingTable;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether an address that several appliances share should lead to this one: what {@code /health} says.
 *
 * @param sentence why, in one line
 */
record Readiness(boolean serves, String sentence) {
    static Readiness of(ApplianceView appliance) {
        RoutingTable table = appliance.router().table();
        Collection<Liberator> all = table.liberators();
        long serving = all.stream().filter(Readiness::serves).count();
        if (serving == 0) {
            return new Readiness(false, "no Liberator is up (" + states(all) + ")");
        }
        if (appliance.listeners().all().stream().map(Listener::address).noneMatch(address -> address != null)) {
            return new Readiness(false, "no listener listens");
        }
        return new Readiness(true, "serving, " + serving + " of " + all.size() + " Liberators up");
    }

    /** One that is not probed is taken to be up. */
    private static boolean serves(Liberator liberator) {
        LiberatorState state = liberator.state().state();
        return state == LiberatorState.UP || state == LiberatorState.UNKNOWN;
    }

    /** How many are in which state, as in {@code 2 down}. */
    private static String states(Collection<Liberator> liberators) {
        Map<LiberatorState, Long> counts = new TreeMap<>(liberators.stream()
                .collect(Collectors.groupingBy(each -> each.state().state(), Collectors.counting())));
        return counts.isEmpty()
                ? "none configured"
                : counts.entrySet().stream()
                        .map(each ->
                                each.getValue() + " " + each.getKey().name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
    }
}
