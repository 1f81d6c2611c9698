package io.sluice.console.sight;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An appliance at one moment.
 *
 * @param atMillis when, by the console's clock
 * @param nanos the same for differences, of {@link System#nanoTime}
 * @param appliance figures of the whole
 * @param liberators figures of each Liberator, by name
 * @param listeners figures of each listener, by name
 * @param latencies for each Liberator the agent's figures of a message's way to the client; empty without the agent
 * @param particulars what it is told by among several
 */
public record Reading(
        long atMillis,
        long nanos,
        Values appliance,
        Map<String, Values> liberators,
        Map<String, Values> listeners,
        Map<String, Values> latencies,
        Particulars particulars) {

    private static final String[] APPLIANCE = {
        "Version",
        "StartedAt",
        "UptimeSeconds",
        "TableVersion",
        "StreamsActive",
        "StreamsTotal",
        "ConnectionsActive",
        "ConnectionsLimit",
        "RefusedTotal",
        "StickinessViolationsTotal",
        "DescriptorsActive",
        "DescriptorsLimit",
        "DescriptorsLow",
        "LogFailing"
    };
    private static final String[] LIBERATOR = {
        "State",
        "StateReason",
        "StateSince",
        "StateChanges",
        "Address",
        "StreamsActive",
        "StreamsTotal",
        "WebsocketActive",
        "SseActive",
        "HttpStreamActive",
        "ForeverFrameActive",
        "PollActive",
        "DirectActive",
        "OtherActive",
        "ConnectionsActive",
        "FromClientBytes",
        "ToClientBytes",
        "HeldForClientsBytes",
        "ConnectMicrosP50",
        "ConnectMicrosP99",
        "ConnectFailedTotal",
        "RefusedTotal",
        "DrainRemainingActive",
        "DrainEtaSeconds",
        "Ends"
    };
    private static final String[] LISTENER = {
        "Listening",
        "Bind",
        "Address",
        "Kind",
        "Liberator",
        "ConnectionsActive",
        "ConnectionsPeak",
        "ConnectionsLimit",
        "AcceptedTotal",
        "RefusedTotal",
        "LastRefusedAt"
    };

    /**
     * Reads one: a call for each Liberator, listener and pool, a few milliseconds in all.
     *
     * @param before the last one, of what changes seldom; null: there was none
     */
    public static Reading of(Appliance appliance, @Nullable Reading before) throws Failure {
        Map<String, Values> liberators = new LinkedHashMap<>();
        for (Bean each : appliance.beans("sluice:type=Liberator,*")) {
            liberators.put(each.key("name"), each.read(LIBERATOR));
        }
        Map<String, Values> listeners = new LinkedHashMap<>();
        for (Bean each : appliance.beans("sluice:type=Listener,*")) {
            listeners.put(each.key("name"), each.read(LISTENER));
        }
        Map<String, Values> latencies = new LinkedHashMap<>();
        for (Bean each : appliance.beans("sluice:type=Latency,stage=to-client,*")) {
            if (each.key("kind").isEmpty()) {
                latencies.put(each.key("liberator"), each.read("P50Micros", "P99Micros", "P999Micros", "MaxMicros"));
            }
        }
        Values whole = appliance.bean("Appliance").read(APPLIANCE);
        Particulars particulars = Particulars.of(appliance, before == null ? null : before.particulars);
        return new Reading(
                System.currentTimeMillis(), System.nanoTime(), whole, liberators, listeners, latencies, particulars);
    }

    /** A figure of all Liberators together. */
    public double sum(String attribute) {
        return liberators.values().stream()
                .mapToDouble(each -> each.decimal(attribute))
                .sum();
    }

    /** A figure of one Liberator; 0 when it is not there. */
    public double of(String liberator, String attribute) {
        Values values = liberators.get(liberator);
        return values == null ? 0 : values.decimal(attribute);
    }

    /** How many Liberators take new streams, as far as is known. */
    public long inService() {
        return liberators.values().stream()
                .map(each -> each.text("State"))
                .filter(each -> each.equals("UP") || each.equals("UNKNOWN"))
                .count();
    }
}
