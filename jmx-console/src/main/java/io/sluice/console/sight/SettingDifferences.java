package io.sluice.console.sight;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds settings that are not the same in the configurations of appliances, and says of each at which place and on
 * which appliance it has which value. A place that only some have is named when it is a listener; of routes and
 * Liberators the table tells.
 *
 * <p>Values are compared as they are written. Of appliances with the same table only those can do anything that its
 * fingerprint leaves out.
 */
final class SettingDifferences {
    private static final int MOST_SENTENCES = 8;
    private static final int MOST_PLACES = 3;
    private static final int MOST_CHARS = 60;
    private static final String NOT_SET = "not set";
    private static final String PRESENT = "present";
    private static final String MISSING = "missing";

    private final Map<String, Reading> readings;
    private final boolean sameTable;
    private final Set<String> toldRoutes;

    private SettingDifferences(Map<String, Reading> readings, boolean sameTable, Set<String> toldRoutes) {
        this.readings = readings;
        this.sameTable = sameTable;
        this.toldRoutes = toldRoutes;
    }

    /**
     * A sentence for each, the first ones; and how many more there are.
     *
     * @param sameTable whether all have the same fingerprint
     * @param toldRoutes those of which something was said already, as in {@code route fx.example.com}
     */
    static List<String> between(Map<String, Reading> readings, boolean sameTable, Set<String> toldRoutes) {
        List<String> sentences = new SettingDifferences(readings, sameTable, toldRoutes).sentences();
        int more = sentences.size() - MOST_SENTENCES;
        return more <= 0
                ? sentences
                : Stream.concat(
                                sentences.stream().limit(MOST_SENTENCES),
                                Stream.of("and " + more + " more settings differ"))
                        .toList();
    }

    private List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        Map<String, List<String>> placesOf = new LinkedHashMap<>();
        for (String place : union(readings.values().stream()
                .map(each -> each.particulars().settings().places())
                .toList())) {
            List<String> without =
                    Holders.of(readings, each -> presence(each, place)).getOrDefault(MISSING, List.of());
            if (without.isEmpty() && !isTold(place)) {
                differing(place)
                        .forEach(each -> placesOf.computeIfAbsent(each, same -> new ArrayList<>())
                                .add(place));
            } else if (!without.isEmpty() && place.startsWith(Settings.LISTENER)) {
                sentences.add(place + " is missing on " + Holders.and(without));
            }
        }
        placesOf.forEach((difference, at) -> sentences.add(some(at) + ": " + difference));
        return sentences;
    }

    /** A route of which the table has told more than this could. */
    private boolean isTold(String place) {
        return place.startsWith(Settings.ROUTE) && toldRoutes.contains(place.replaceFirst(" \\[.*", ""));
    }

    private static Set<String> union(Collection<? extends Map<String, ?>> maps) {
        Set<String> all = new LinkedHashSet<>();
        maps.forEach(each -> all.addAll(each.keySet()));
        return all;
    }

    /** Empty where the appliance shows no settings at all. */
    private static String presence(Reading reading, String place) {
        Map<String, ?> places = reading.particulars().settings().places();
        return places.isEmpty() ? "" : places.containsKey(place) ? PRESENT : MISSING;
    }

    /** As in {@code protocols [h2, http/1.1] on dmz-a, not set on dmz-b}. */
    private List<String> differing(String place) {
        List<String> found = new ArrayList<>();
        for (String key :
                union(readings.values().stream().map(each -> keys(each, place)).toList())) {
            if (!sameTable || Settings.isBesideTheTable(place, key)) {
                found.add(told(key, Holders.of(readings, each -> value(each, place, key))));
            }
        }
        if (place.startsWith(Settings.LISTENER)) {
            String listener = place.substring(Settings.LISTENER.length());
            found.add(told("names in certificates", Holders.of(readings, each -> names(each, listener))));
        }
        found.removeIf(String::isEmpty);
        return found;
    }

    private static Map<String, String> keys(Reading reading, String place) {
        return reading.particulars().settings().places().getOrDefault(place, Map.of());
    }

    private static String value(Reading reading, String place, String key) {
        return presence(reading, place).isEmpty() ? "" : keys(reading, place).getOrDefault(key, NOT_SET);
    }

    /** Empty without a certificate: that TLS is on here and off there is a setting. */
    private static String names(Reading reading, String listener) {
        return reading.particulars().certificateNames().getOrDefault(listener, "");
    }

    /** Empty where all have the same. */
    private static String told(String key, Map<String, List<String>> holders) {
        if (holders.size() < 2) {
            return "";
        }
        boolean isLong = holders.keySet().stream().anyMatch(each -> each.length() > MOST_CHARS);
        int same = isLong ? samePrefix(holders.keySet()) : 0;
        return key + " " + Holders.told(holders, each -> brief(each, same));
    }

    /** Long ones begin where they are not the same any more. */
    private static String brief(String value, int same) {
        String end = (same == 0 ? "" : "…") + value.substring(same);
        return end.length() <= MOST_CHARS ? end : end.substring(0, MOST_CHARS - 1) + "…";
    }

    /** How much all begin with, up to an entry of a list. */
    private static int samePrefix(Set<String> values) {
        String prefix = values.iterator().next();
        for (String each : values) {
            while (!each.startsWith(prefix)) {
                prefix = prefix.substring(0, prefix.length() - 1);
            }
        }
        int entry = prefix.lastIndexOf(", ");
        return entry < 0 ? prefix.length() : entry + 2;
    }

    private static String some(List<String> places) {
        return places.size() <= MOST_PLACES
                ? Holders.and(places)
                : String.join(", ", places.subList(0, MOST_PLACES - 1)) + " and " + (places.size() - MOST_PLACES + 1)
                        + " more";
    }
}
