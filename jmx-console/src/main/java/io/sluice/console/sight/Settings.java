package io.sluice.console.sight;

import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Reasons;
import io.sluice.console.reach.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What the configuration in force says, by place and by key as the file has them, to be held against that of another
 * appliance.
 *
 * <p>What is each host's own is not in it: the addresses to listen on, but for their ports; files, and so all secrets,
 * which stand in files of their own; management and log.
 *
 * @param of of which table: its version, and since when it is in force
 * @param places keys and values of each place, as of {@code listener public} or {@code defaults}; none where the
 *     appliance shows no configuration
 */
public record Settings(String of, Map<String, Map<String, String>> places) {
    public static final Settings NONE = new Settings("", Map.of());

    static final String LISTENER = "listener ";
    static final String ROUTE = "route ";

    private static final String LIMITS = "limits";
    private static final List<String> SECTIONS = List.of(LIMITS, "defaults");
    /** Keys that name the place, and those that are each host's own. */
    private static final Set<String> NOT_COMPARED =
            Set.of("name", "host", "listeners", "bind", "tls.certificates", "tls.trust", "pool.affinity.keys");

    /** Of a listener, what the fingerprint of a table leaves out: who is let in, and how it is spoken to. */
    private static final Set<String> BESIDE_THE_TABLE = Set.of("limits", "tls", "proxyProtocol", "port");

    /**
     * Reads them.
     *
     * @param before those of the last reading, which are returned while the table is the same
     */
    static Settings of(Bean table, @Nullable Settings before) throws Failure {
        Values now = table.read("Version", "Since");
        String of = now.text("Version") + " since " + now.text("Since");
        return before != null && before.of.equals(of)
                ? before
                : parsed(of, configuration(table, now.number("Version")));
    }

    /** Empty where it is not shown: by an older appliance, or not to this role. */
    private static String configuration(Bean table, long version) throws Failure {
        try {
            return String.join("\n", table.say("generation", version));
        } catch (Failure refused) {
            if (refused.exit() == Exit.NO_CONNECTION) {
                throw refused;
            }
            return "";
        }
    }

    /** Those of a configuration file; none where it is no such file. */
    static Settings parsed(String of, String text) {
        try {
            Object read = new Load(LoadSettings.builder().build()).loadFromString(text);
            return new Settings(of, read instanceof Map<?, ?> file ? places(file) : Map.of());
        } catch (YamlEngineException unreadable) {
            return new Settings(of, Map.of());
        }
    }

    /** Whether it can differ where the fingerprints of the tables do not. */
    static boolean isBesideTheTable(String place, String key) {
        int deeper = key.indexOf('.');
        String section = deeper < 0 ? key : key.substring(0, deeper);
        return place.equals(LIMITS) || (place.startsWith(LISTENER) && BESIDE_THE_TABLE.contains(section));
    }

    private static Map<String, Map<String, String>> places(Map<?, ?> file) {
        Map<String, Map<String, String>> places = new LinkedHashMap<>();
        SECTIONS.forEach(each -> places.put(each, keys(file.get(each))));
        for (Map<?, ?> each : entries(file.get("listeners"))) {
            places.put(LISTENER + text(each.get("name")), listener(each));
        }
        for (Map<?, ?> each : entries(file.get("liberators"))) {
            places.put("Liberator " + text(each.get("name")), keys(each));
        }
        for (Map<?, ?> each : entries(file.get("routes"))) {
            places.put(route(each), keys(each));
        }
        return places;
    }

    private static List<Map<?, ?>> entries(@Nullable Object list) {
        List<Map<?, ?>> entries = new ArrayList<>();
        if (list instanceof List<?> all) {
            for (Object each : all) {
                if (each instanceof Map<?, ?> entry) {
                    entries.add(entry);
                }
            }
        }
        return entries;
    }

    private static Map<String, String> listener(Map<?, ?> entry) {
        Map<String, String> keys = keys(entry);
        String bind = text(entry.get("bind"));
        keys.put("port", bind.substring(bind.lastIndexOf(':') + 1));
        return keys;
    }

    /** A host may stand once on each listener. */
    private static String route(Map<?, ?> entry) {
        Object listeners = entry.get("listeners");
        return ROUTE + text(entry.get("host")) + (listeners == null ? "" : " " + text(listeners));
    }

    private static Map<String, String> keys(@Nullable Object section) {
        Map<String, String> keys = new LinkedHashMap<>();
        if (section instanceof Map<?, ?> map) {
            flatten("", map, keys);
        }
        keys.keySet().removeAll(NOT_COMPARED);
        return keys;
    }

    private static void flatten(String path, Map<?, ?> section, Map<String, String> keys) {
        section.forEach((key, value) -> {
            String name = Reasons.printable(path + key);
            if (value instanceof Map<?, ?> inner) {
                if (name.equals("tls")) {
                    keys.put(name, "on"); // all that is in it may be each host's own
                }
                flatten(name + ".", inner, keys);
            } else if (value != null) {
                keys.put(name, text(value));
            }
        });
    }

    private static String text(@Nullable Object value) {
        if (value instanceof Boolean truth) {
            return truth ? "on" : "off";
        } else if (value instanceof List<?> list) {
            return list.stream().map(Settings::text).collect(Collectors.joining(", ", "[", "]"));
        } else if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(each -> text(each.getKey()) + ": " + text(each.getValue()))
                    .collect(Collectors.joining(", ", "{ ", " }"));
        }
        String text = value == null ? "" : Reasons.printable(value.toString());
        return text.isEmpty() ? "''" : text;
    }
}
