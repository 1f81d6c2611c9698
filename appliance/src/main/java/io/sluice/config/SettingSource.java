package io.sluice.config;

import java.util.Locale;

/**
 * Where the value of a setting comes from.
 *
 * @param line in the file; 0 when it does not stand there
 */
public record SettingSource(Place place, int line) {
    /** From the narrowest to the widest. */
    public enum Place {
        ROUTE,
        LIBERATOR,
        LISTENER,
        DEFAULTS,
        BUILT_IN
    }

    static final SettingSource BUILT_IN = new SettingSource(Place.BUILT_IN, 0);

    /** As in {@code route, line 31}. */
    @Override
    public String toString() {
        String name = place.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return line == 0 ? name : name + ", line " + line;
    }
}
