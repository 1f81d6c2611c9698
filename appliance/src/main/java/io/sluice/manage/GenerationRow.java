package io.sluice.manage;

/** One configuration that is or was in force, for programs. */
public final class GenerationRow {
    private final long version;
    private final String at;
    private final String by;
    private final String comment;
    private final long streams;
    private final boolean current;

    GenerationRow(long version, String at, String by, String comment, long streams, boolean current) {
        this.version = version;
        this.at = at;
        this.by = by;
        this.comment = comment;
        this.streams = streams;
        this.current = current;
    }

    public long getVersion() {
        return version;
    }

    /** When it came into force, ISO 8601 in UTC. */
    public String getAt() {
        return at;
    }

    public String getBy() {
        return by;
    }

    public String getComment() {
        return comment;
    }

    /** Open streams that were opened under it. */
    public long getStreams() {
        return streams;
    }

    public boolean isCurrent() {
        return current;
    }
}
