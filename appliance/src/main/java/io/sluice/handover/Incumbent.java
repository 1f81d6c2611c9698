package io.sluice.handover;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a process that serves does so that another can take its place. One call at a time, not on a loop. */
public interface Incumbent {
    /** Lets another process of the same user listen at our addresses too, or does not any more. */
    void share(boolean sharing) throws IOException;

    /**
     * Tells the supervisor that process {@code pid} is the service from now on.
     *
     * @throws IOException when there is a supervisor and it cannot be told; it would end both when we end
     */
    void announce(long pid) throws IOException;

    /** Leaves all addresses to the other, for good; open streams go on. */
    void leave();

    /**
     * Drains, then ends the process; returns at once.
     *
     * @param drain how long streams may take; null: as long as for a stop
     * @return how many streams are open
     */
    int retire(@Nullable Duration drain);
}
