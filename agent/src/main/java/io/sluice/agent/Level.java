package io.sluice.agent;

import java.util.Locale;

/** How much is measured. */
enum Level {
    /** Nothing: the appliance runs its original classes. */
    OFF,
    /** Figures for each Liberator, stage and kind, and a line for whatever is slow. */
    METRICS,
    /** The same; samples leave a line too, and each stream's stages are kept as long as it lives. */
    TRACE;

    /** As in the options: {@code metrics}. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
