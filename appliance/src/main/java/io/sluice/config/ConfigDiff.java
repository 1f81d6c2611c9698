package io.sluice.config;

import io.sluice.config.Yaml.Mapping;
import io.sluice.config.Yaml.Scalar;
import io.sluice.config.Yaml.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What differs between two configurations, by their keys and entries; spacing, order and comments do not count. */
public final class ConfigDiff {
    private ConfigDiff() {}

    /** A line for each difference: {@code +} is new, {@code -} is gone, {@code ~} has another value. */
    public static List<String> between(String before, String after) {
        Map<String, String> old = flat(before);
        Map<String, String> now = flat(after);
        Set<String> keys = new LinkedHashSet<>(old.keySet());
        keys.addAll(now.keySet());
        List<String> lines = new ArrayList<>();
        for (String key : keys) {
            String was = old.get(key);
            String is = now.get(key);
            if (was == null) {
                lines.add("+ " + key + ": " + is);
            } else if (is == null) {
                lines.add("- " + key + ": " + was);
            } else if (!was.equals(is)) {
                lines.add("~ " + key + ": " + was + " -> " + is);
            }
        }
        return lines;
    }

    private static Map<String, String> flat(String text) {
        Map<String, String> flat = new LinkedHashMap<>();
        Yaml tree = YamlText.parse(text, new Problems("diff"));
        if (tree instanceof Mapping root) {
            root.entries().forEach((key, entry) -> flatten(key, key, entry.value(), flat));
        }
        return flat;
    }

    private static void flatten(String path, String key, Yaml value, Map<String, String> flat) {
        if (value instanceof Mapping section && !section.entries().isEmpty()) {
            section.entries().forEach((inner, entry) -> flatten(path + " " + inner, inner, entry.value(), flat));
        } else if (value instanceof Sequence list && isNamed(key)) {
            int ordinal = 0;
            for (Yaml item : list.items()) {
                ordinal++;
                String name = Shape.itemName(key, item, ordinal);
                String unique = name;
                for (int again = 2; contains(flat, unique); again++) {
                    unique = name + " (" + again + ")";
                }
                flatten(unique, "", item, flat);
            }
        } else {
            flat.put(path, text(value));
        }
    }

    private static boolean contains(Map<String, String> flat, String name) {
        return flat.keySet().stream().anyMatch(each -> each.startsWith(name + " "));
    }

    private static boolean isNamed(String key) {
        return key.equals("listeners") || key.equals("liberators") || key.equals("routes");
    }

    private static String text(Yaml value) {
        if (value instanceof Scalar scalar) {
            return scalar.text().isEmpty() ? "''" : scalar.text();
        }
        if (value instanceof Sequence list) {
            return list.items().stream().map(ConfigDiff::text).collect(Collectors.joining(", ", "[", "]"));
        }
        return ((Mapping) value)
                .entries().entrySet().stream()
                        .map(each -> each.getKey() + ": " + text(each.getValue().value()))
                        .collect(Collectors.joining(", ", "{ ", " }"));
    }
}
