package io.sluice.console.sight;

import io.sluice.console.reach.Values;
import io.sluice.console.sight.Difference.Subject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds what differs between appliances that stand side by side for the same clients, and says it in words.
 *
 * <p>Tables are compared by their fingerprints and not by their versions, which each appliance counts for itself; keys
 * by theirs and not by their ids alone. What an appliance does not show is not compared.
 */
public final class Differences {
    private static final int MOST_ROUTES = 5;
    private static final int FINGERPRINT_CHARS = 8;
    private static final String IN_SERVICE = "in service";
    private static final String MISSING = "missing";
    /** How a route is told, the fewest words first: as many as it takes to tell two apart. */
    private static final List<Function<Values, String>> ROUTE_WORDS = List.of(
            each -> each.text("liberator") + (each.is("disabled") ? " (disabled)" : ""),
            each -> each.text("liberator") + " at " + each.text("address"),
            each -> each.text("liberator") + " through " + String.join(", ", each.lines("listeners")) + ", when down "
                    + each.text("onDown") + ", denied " + String.join(" ", each.lines("deniedPaths")));

    private final Map<String, Reading> readings;
    private final List<Difference> found = new ArrayList<>();

    private Differences(Map<String, Reading> readings) {
        this.readings = readings;
    }

    /** Between those that were read, by their names; the gravest first. */
    public static List<Difference> between(Map<String, Reading> readings) {
        Differences differences = new Differences(readings);
        differences.keys();
        differences.table();
        differences.liberators();
        differences.software();
        return differences.found;
    }

    private void add(Subject subject, boolean grave, String sentence) {
        found.add(new Difference(subject, grave, sentence));
    }

    private Map<String, List<String>> groups(Function<Reading, String> value) {
        return Holders.of(readings, value);
    }

    private void software() {
        Map<String, List<String>> versions =
                groups(reading -> reading.appliance().text("Version"));
        if (versions.size() > 1) {
            add(Subject.SOFTWARE, false, "software version differs: " + Holders.told(versions));
        }
    }

    // ---------------------------------------------------------------- the table and its settings

    private void table() {
        boolean differs = groups(reading -> reading.particulars().fingerprint()).size() > 1;
        Set<String> toldRoutes = new HashSet<>();
        int told = found.size();
        if (differs) {
            add(Subject.TABLE, false, "routing table differs: " + Holders.told(groups(this::tableWords)));
            told = found.size();
            routes(toldRoutes);
            liberatorsOfOnlySome();
        }
        List<String> settings = SettingDifferences.between(readings, !differs, toldRoutes);
        if (differs && found.size() == told && settings.isEmpty()) {
            add(Subject.TABLE, false, "routing table: the same routes, but their settings, pools or Liberators differ");
        }
        settings.forEach(each -> add(Subject.SETTINGS, false, each));
    }

    private String tableWords(Reading reading) {
        String fingerprint = reading.particulars().fingerprint();
        String start = fingerprint.substring(0, Math.min(fingerprint.length(), FINGERPRINT_CHARS));
        return start.isEmpty() ? "" : "version " + reading.appliance().text("TableVersion") + " (" + start + ")";
    }

    /** @param told takes the names of those that differ */
    private void routes(Set<String> told) {
        Set<String> names = new LinkedHashSet<>();
        readings.values().forEach(each -> each.particulars().routes().forEach(route -> names.add(routeName(route))));
        for (String name : names) {
            Map<String, List<String>> groups = routeGroups(name);
            if (groups.size() > 1 && told.add(name) && told.size() <= MOST_ROUTES) {
                add(Subject.TABLE, false, name + ": " + Holders.told(groups));
            }
        }
        if (told.size() > MOST_ROUTES) {
            add(Subject.TABLE, false, "and " + (told.size() - MOST_ROUTES) + " more routes differ");
        }
    }

    private static String routeName(Values route) {
        String host = route.text("host");
        return host.equals("*") ? "listener " + String.join(", ", route.lines("listeners")) : "route " + host;
    }

    private Map<String, List<String>> routeGroups(String name) {
        Map<String, List<String>> groups = Map.of();
        for (Function<Values, String> words : ROUTE_WORDS) {
            groups =
                    groups(reading -> reading.particulars().fingerprint().isEmpty() ? "" : route(reading, name, words));
            if (groups.size() > 1) {
                break;
            }
        }
        return groups;
    }

    private static String route(Reading reading, String name, Function<Values, String> words) {
        String text = reading.particulars().routes().stream()
                .filter(each -> routeName(each).equals(name))
                .map(words)
                .sorted()
                .collect(Collectors.joining(" or "));
        return text.isEmpty() ? MISSING : text;
    }

    private void liberatorsOfOnlySome() {
        for (String liberator : liberatorNames()) {
            List<String> without = groups(each -> each.liberators().containsKey(liberator) ? "" : MISSING)
                    .getOrDefault(MISSING, List.of());
            if (!without.isEmpty()) {
                add(Subject.TABLE, false, "Liberator " + liberator + " is missing on " + Holders.and(without));
            }
        }
    }

    private Set<String> liberatorNames() {
        Set<String> names = new LinkedHashSet<>();
        readings.values().forEach(each -> names.addAll(each.liberators().keySet()));
        return names;
    }

    // ---------------------------------------------------------------- Liberators

    private void liberators() {
        for (String name : liberatorNames()) {
            Map<String, List<String>> states = groups(reading -> state(reading, name));
            Map<String, List<String>> out = new LinkedHashMap<>(states);
            out.remove(IN_SERVICE);
            if (states.size() > 1) {
                boolean one = out.size() == 1;
                add(
                        Subject.LIBERATORS,
                        false,
                        "Liberator " + name + " is " + Holders.told(one ? out : states) + (one ? " only" : ""));
            }
        }
    }

    private static String state(Reading reading, String liberator) {
        Values values = reading.liberators().get(liberator);
        String state = values == null ? "" : values.text("State");
        return state.equals("UP") || state.equals("UNKNOWN") ? IN_SERVICE : state;
    }

    // ---------------------------------------------------------------- keys

    private void keys() {
        Set<String> pools = new LinkedHashSet<>();
        readings.values().forEach(each -> pools.addAll(each.particulars().keys().keySet()));
        for (String pool : pools) {
            Map<String, List<Particulars.Key>> rings = new LinkedHashMap<>();
            readings.forEach((name, reading) -> {
                List<Particulars.Key> ring = reading.particulars().keys().get(pool);
                if (ring != null) {
                    rings.put(name, ring);
                }
            });
            rings.forEach((name, ring) -> believing(pool, name, ring, rings));
            signing(pool, rings);
        }
    }

    /** Which cookies of the others {@code name} does not accept. */
    private void believing(
            String pool, String name, List<Particulars.Key> ring, Map<String, List<Particulars.Key>> rings) {
        Map<Particulars.Key, List<String>> signed = new LinkedHashMap<>();
        Map<Particulars.Key, List<String>> older = new LinkedHashMap<>();
        rings.forEach((other, keys) -> {
            for (Particulars.Key each : keys) {
                if (!ring.contains(each)) {
                    (each.equals(keys.get(0)) ? signed : older)
                            .computeIfAbsent(each, key -> new ArrayList<>())
                            .add(other);
                }
            }
        });
        String start = "sticky keys of pool " + pool + " differ: " + name + " does not accept ";
        signed.forEach((key, others) ->
                add(Subject.KEYS, true, start + "cookies of " + Holders.and(others) + " (" + lack(key, ring) + ")"));
        older.forEach((key, others) -> {
            if (!signed.containsKey(key)) {
                add(
                        Subject.KEYS,
                        true,
                        start + "older cookies that " + Holders.and(others) + " accepts (" + lack(key, ring) + ")");
            }
        });
    }

    private static String lack(Particulars.Key key, List<Particulars.Key> ring) {
        boolean sameId = ring.stream().anyMatch(each -> each.id().equals(key.id()));
        return "key " + key.id() + (sameId ? " has another secret there" : " is missing there");
    }

    /** Harmless, but half of a change of keys: all accept all cookies, and do not sign with the same key. */
    private void signing(String pool, Map<String, List<Particulars.Key>> rings) {
        boolean allAccepted = rings.values().stream()
                .allMatch(each -> Set.copyOf(each)
                        .equals(Set.copyOf(rings.values().iterator().next())));
        Map<String, List<String>> signers = new LinkedHashMap<>();
        rings.forEach((name, ring) -> signers.computeIfAbsent(ring.get(0).id(), each -> new ArrayList<>())
                .add(name));
        if (allAccepted && signers.size() > 1) {
            add(
                    Subject.KEYS,
                    false,
                    "sticky keys of pool " + pool + ": signed with " + Holders.told(signers)
                            + "; each accepts the cookies of all");
        }
    }
}
