package io.sluice.console.sight;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which appliances have which value of something, and how that is said. */
final class Holders {
    private Holders() {}

    /** By value, in the order of the appliances; those whose value is empty do not show it and are left out. */
    static Map<String, List<String>> of(Map<String, Reading> readings, Function<Reading, String> value) {
        Map<String, List<String>> holders = new LinkedHashMap<>();
        readings.forEach((name, reading) -> {
            String has = value.apply(reading);
            if (!has.isEmpty()) {
                holders.computeIfAbsent(has, each -> new ArrayList<>()).add(name);
            }
        });
        return holders;
    }

    /** As in {@code UP on dmz-a and dmz-b, DOWN on dmz-c}. */
    static String told(Map<String, List<String>> holders) {
        return told(holders, Function.identity());
    }

    /** The same with each value in other words. */
    static String told(Map<String, List<String>> holders, Function<String, String> words) {
        return holders.entrySet().stream()
                .map(each -> words.apply(each.getKey()) + " on " + and(each.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** As in {@code dmz-a, dmz-b and dmz-c}. */
    static String and(List<String> names) {
        int last = names.size() - 1;
        return last == 0 ? names.get(0) : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}
