package io.sluice.config;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the appliance writes what happened.
 *
 * @param file null: standard output
 * @param audit null: where everything else goes
 * @param streams the stream events that get a line
 */
public record LogConfig(@Nullable Path file, @Nullable Path audit, Set<StreamEvent> streams) {
    public static final LogConfig DEFAULTS = new LogConfig(null, null, Set.of(StreamEvent.OPEN, StreamEvent.END));

    public LogConfig {
        streams = Set.copyOf(streams);
    }

    /** What can get a line. */
    public enum StreamEvent {
        OPEN,
        END,
        /** Each short request. */
        POLL
    }
}
