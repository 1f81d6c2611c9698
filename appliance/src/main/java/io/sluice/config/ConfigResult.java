package io.sluice.config;

import java.util.List;

/** What came of reading a configuration file. */
public sealed interface ConfigResult {
    /** It may be used as it is. */
    record Loaded(SluiceConfig config) implements ConfigResult {}

    /**
     * It must not be used.
     *
     * @param problems all of them, at least one, in the order of the file
     */
    record Refused(List<Problem> problems) implements ConfigResult {
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
