package io.sluice.config;

import io.sluice.config.SettingSource.Place;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file that passed every check: each name in it is defined, each host stands once on a listener.
 *
 * @param file where it was read, or would stand if it was handed in as text
 * @param text as it was read, comments and all
 * @param defaults the {@code defaults} section over the built-in {@link Settings#DEFAULTS}
 * @param defaultLines where in the file each of them stands that is given, by its key
 */
public record SluiceConfig(
        Path file,
        ProcessLimits limits,
        Settings defaults,
        Map<String, Integer> defaultLines,
        List<ListenerConfig> listeners,
        List<LiberatorConfig> liberators,
        List<RouteConfig> routes,
        ManagementConfig management,
        LogConfig log,
        String text) {
    public SluiceConfig {
        defaultLines = Map.copyOf(defaultLines);
        listeners = List.copyOf(listeners);
        liberators = List.copyOf(liberators);
        routes = List.copyOf(routes);
    }

    /** The narrowest place that says something wins: route, Liberator, listener, {@code defaults}, built-in. */
    public Settings settingsFor(
            @Nullable RouteConfig route, @Nullable LiberatorConfig liberator, @Nullable ListenerConfig listener) {
        Settings settings = defaults;
        settings = listener == null ? settings : listener.overrides().over(settings);
        settings = liberator == null ? settings : liberator.overrides().over(settings);
        return route == null ? settings : route.overrides().over(settings);
    }

    /**
     * Where {@link #settingsFor} finds a setting, asked for the same places.
     *
     * @param key one of {@link Settings#KEYS}
     */
    public SettingSource sourceOf(
            String key,
            @Nullable RouteConfig route,
            @Nullable LiberatorConfig liberator,
            @Nullable ListenerConfig listener) {
        if (route != null && route.overrides().lines().containsKey(key)) {
            return source(Place.ROUTE, route.overrides().lines(), key);
        }
        if (liberator != null && liberator.overrides().lines().containsKey(key)) {
            return source(Place.LIBERATOR, liberator.overrides().lines(), key);
        }
        if (listener != null && listener.overrides().lines().containsKey(key)) {
            return source(Place.LISTENER, listener.overrides().lines(), key);
        }
        return defaultLines.containsKey(key) ? source(Place.DEFAULTS, defaultLines, key) : SettingSource.BUILT_IN;
    }

    private static SettingSource source(Place place, Map<String, Integer> lines, String key) {
        return new SettingSource(place, Objects.requireNonNull(lines.get(key)));
    }

    /** Null if there is none of this name. */
    public @Nullable LiberatorConfig liberator(String name) {
        return liberators.stream()
                .filter(liberator -> liberator.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Null if there is none of this name. */
    public @Nullable ListenerConfig listener(String name) {
        return listeners.stream()
                .filter(listener -> listener.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
