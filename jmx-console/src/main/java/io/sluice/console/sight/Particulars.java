package io.sluice.console.sight;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an appliance is told by: by whom it is read, which table it has with which settings, which keys, which
 * certificates and until when they are good.
 *
 * @param role of whoever reads: operator or viewer; empty where the appliance does not say
 * @param fingerprint of its table; empty where it shows none
 * @param routes the records of that table; empty where it shows no fingerprint
 * @param keys of each pool with cookies, the one that signs first
 * @param settings of its configuration
 * @param certificateNames for each listener that shows certificates the names in them
 * @param certificateDays left of the certificate that ends first; {@link #NO_CERTIFICATE} where there is none
 */
public record Particulars(
        String role,
        String fingerprint,
        List<Values> routes,
        Map<String, List<Key>> keys,
        Settings settings,
        Map<String, String> certificateNames,
        long certificateDays) {
    /** As the appliance says it. */
    public static final long NO_CERTIFICATE = 36_500;

    /** Below so many days of a certificate an operator should look. */
    public static final long WARNING_DAYS = 30;

    /** And below so many at once. */
    public static final long CRITICAL_DAYS = 7;

    /** A key of a pool: its id, and what the same secret shows on every appliance. */
    public record Key(String id, String fingerprint) {}

    /**
     * Reads them.
     *
     * @param before those of the last reading, from which routes and settings are taken while the table is the same
     */
    static Particulars of(Appliance appliance, @Nullable Particulars before) throws Failure {
        Bean table = appliance.bean("RoutingTable");
        String fingerprint = table.read("Fingerprint").text("Fingerprint");
        List<Values> routes = List.of();
        if (!fingerprint.isEmpty()) {
            routes = before != null && before.fingerprint.equals(fingerprint)
                    ? before.routes
                    : table.read("RouteTable").records("RouteTable");
        }
        Map<String, List<Key>> keys = new LinkedHashMap<>();
        for (Bean each : appliance.beans("sluice:type=Pool,*")) {
            List<Key> read = keys(each.read("KeyFingerprints").lines("KeyFingerprints"));
            if (!read.isEmpty()) {
                keys.put(each.key("name"), read);
            }
        }
        Values certificates = appliance.bean("Certificates").read("LeftDays", "Rows");
        return new Particulars(
                appliance.role(),
                fingerprint,
                routes,
                keys,
                Settings.of(table, before == null ? null : before.settings),
                names(certificates.records("Rows")),
                certificates.raw("LeftDays") == null ? NO_CERTIFICATE : certificates.number("LeftDays"));
    }

    private static List<Key> keys(List<String> lines) {
        List<Key> keys = new ArrayList<>();
        for (String each : lines) {
            List<String> parts = List.of(each.strip().split(" +", 2));
            if (parts.size() == 2) {
                keys.add(new Key(parts.get(0), parts.get(1)));
            }
        }
        return keys;
    }

    /** Of those that new handshakes are shown. */
    private static Map<String, String> names(List<Values> certificates) {
        Map<String, SortedSet<String>> names = new TreeMap<>();
        for (Values each : certificates) {
            if (each.is("shown")) {
                names.computeIfAbsent(each.text("listener"), listener -> new TreeSet<>())
                        .addAll(each.lines("names"));
            }
        }
        Map<String, String> texts = new LinkedHashMap<>();
        names.forEach((listener, each) -> texts.put(listener, each.toString()));
        return texts;
    }

    /** Whether its role only reads, by its own word. */
    public boolean onlyReads() {
        return role.equals("viewer");
    }
}
