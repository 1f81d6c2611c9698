package io.sluice.console.reach;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The appliances that this user knows by name, from a YAML file:
 *
 * <pre>
 * dmz-a: { url: "10.0.0.5:7199", user: alice, passwordFile: alice.pw, trust: jmx-ca.pem }
 * dmz-b: { url: "10.0.0.6:7199", trust: jmx-ca.pem, certificate: alice.pem, key: alice.key }
 * here: { service: sluice }
 * </pre>
 *
 * <p>Files are relative to it. What stands in {@code /etc/sluice/sluicectl.yaml} is for all users; the user's own file
 * comes first.
 */
public final class Profiles {
    private static final Set<String> KEYS =
            Set.of("url", "pid", "service", "user", "passwordFile", "trust", "certificate", "key", "tls");

    private final Map<String, Way> ways;
    private final Path file;

    private Profiles(Map<String, Way> ways, Path file) {
        this.ways = ways;
        this.file = file;
    }

    /**
     * The user's own, or those for all.
     *
     * @throws Failure when the file is wrong; the sentence names profile and key
     */
    public static Profiles find(Map<String, String> environment) throws Failure {
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        String given = environment.get("SLUICECTL_PROFILES");
        Path own = given != null
                ? Path.of(given)
                : Path.of(environment.getOrDefault("XDG_CONFIG_HOME", home + "/.config"), "sluice", "sluicectl.yaml");
        Path all = Path.of("/etc/sluice/sluicectl.yaml");
        return in(Files.exists(own) || !Files.exists(all) ? own : all);
    }

    /** None when there is no such file. */
    static Profiles in(Path file) throws Failure {
        if (!Files.exists(file)) {
            return new Profiles(Map.of(), file);
        }
        try {
            Object read = new Load(
                            LoadSettings.builder().setLabel(file.toString()).build())
                    .loadFromString(Files.readString(file, StandardCharsets.UTF_8));
            return new Profiles(ways(read, file), file);
        } catch (IOException unreadable) {
            throw new Failure(Exit.USAGE, "cannot read " + file + ": " + Reasons.of(unreadable), unreadable);
        } catch (YamlEngineException broken) {
            throw new Failure(Exit.USAGE, file + " is no YAML: " + broken.getMessage(), broken);
        }
    }

    private static Map<String, Way> ways(@Nullable Object read, Path file) throws Failure {
        Map<String, Way> ways = new LinkedHashMap<>();
        if (read == null) {
            return ways;
        }
        if (!(read instanceof Map<?, ?> profiles)) {
            throw wrong(file, "expected a name and, in braces, how to get there, for each appliance");
        }
        for (Map.Entry<?, ?> each : profiles.entrySet()) {
            String name = String.valueOf(each.getKey());
            if (!(each.getValue() instanceof Map<?, ?> keys)) {
                throw wrong(
                        file, "'" + name + "' says nothing (expected url, pid or service, as in { url: HOST:PORT })");
            }
            ways.put(name, way(name, keys, file));
        }
        return ways;
    }

    private static Way way(String name, Map<?, ?> keys, Path file) throws Failure {
        for (Object key : keys.keySet()) {
            if (!KEYS.contains(String.valueOf(key))) {
                throw wrong(
                        file,
                        "'" + name + "' has the unknown key '" + key + "' (expected one of "
                                + String.join(", ", KEYS.stream().sorted().toList()) + ")");
            }
        }
        if (!keys.containsKey("url") && !keys.containsKey("pid") && !keys.containsKey("service")) {
            throw wrong(file, "'" + name + "' has neither url nor pid nor service");
        }
        Object pid = keys.get("pid");
        if (pid != null && !(pid instanceof Integer)) {
            throw wrong(file, "pid of '" + name + "' is '" + pid + "' (expected a number)");
        }
        return new Way(
                name,
                text(keys, "url"),
                pid == null ? null : ((Integer) pid).longValue(),
                text(keys, "service"),
                text(keys, "user"),
                path(keys, "passwordFile", file),
                path(keys, "trust", file),
                path(keys, "certificate", file),
                path(keys, "key", file),
                Boolean.TRUE.equals(keys.get("tls")));
    }

    private static @Nullable String text(Map<?, ?> keys, String key) {
        Object value = keys.get(key);
        return value == null ? null : value.toString();
    }

    private static @Nullable Path path(Map<?, ?> keys, String key, Path file) {
        String value = text(keys, key);
        return value == null ? null : file.toAbsolutePath().resolveSibling(value);
    }

    private static Failure wrong(Path file, String sentence) {
        return new Failure(Exit.USAGE, file + ": " + sentence);
    }

    /**
     * One of them.
     *
     * @throws Failure when there is no such profile
     */
    public Way named(String name) throws Failure {
        Way way = ways.get(name);
        if (way == null) {
            throw new Failure(
                    Exit.USAGE,
                    "there is no profile '" + name + "' in " + file
                            + (ways.isEmpty()
                                    ? ", which is empty or not there (expected lines such as " + name
                                            + ": { url: HOST:7199 })"
                                    : " (defined: " + String.join(", ", ways.keySet()) + ")"));
        }
        return way;
    }

    /**
     * All of them, in the order of the file.
     *
     * @throws Failure when there is none
     */
    public List<Way> all() throws Failure {
        if (ways.isEmpty()) {
            throw new Failure(Exit.USAGE, "--all needs profiles, and there are none in " + file);
        }
        return new ArrayList<>(ways.values());
    }
}
