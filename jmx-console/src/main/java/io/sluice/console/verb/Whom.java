package io.sluice.console.verb;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which Liberator, or all of them together. */
final class Whom {
    @Parameters(paramLabel = "LIBERATOR", description = "Its name.")
    private @Nullable String liberator;

    @Option(names = "--all-liberators", description = "All of them together, as before the appliance is stopped.")
    private boolean all;

    /** Its name; null: all of them. */
    @Nullable
    String liberator() {
        return all ? null : liberator;
    }
}
