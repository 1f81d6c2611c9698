package io.sluice.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file that passed every check: each name in it is defined, each host stands once on a listener.
 *
 * @param file where it was read, or would stand if it was handed in as text
 * @param text as it was read, comments and all
 * @param defaults the {@code defaults} section over the built-in {@link Settings#DEFAULTS}
 */
public record SluiceConfig(
        Path file,
        ProcessLimits limits,
        Settings defaults,
        List<ListenerConfig> listeners,
        List<LiberatorConfig> liberators,
        List<RouteConfig> routes,
        ManagementConfig management,
        LogConfig log,
        String text) {
    public SluiceConfig {
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
