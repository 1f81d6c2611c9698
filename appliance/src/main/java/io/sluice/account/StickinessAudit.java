package io.sluice.account;

import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What came of comparing, before the first byte of each response, upgrade and Direct connection is delivered, the
 * connection that it comes from with what the configuration or the client's affinity decided.
 *
 * <p>Nothing but a defect of Sluice can make the two differ. The {@link Ledger} of the stream's Liberator counts what
 * was compared and what differed.
 *
 * <p><b>Threading:</b> written by the loops, read by anyone; no lock.
 */
public final class StickinessAudit {
    /**
     * A delivery that was stopped.
     *
     * @param stream its id
     * @param decided the name of the Liberator that was decided
     * @param found in words: what the connection was instead
     */
    public record Violation(Instant at, long stream, String decided, String found) {
        @Override
        public String toString() {
            return at + " stream " + Long.toHexString(stream) + " of " + decided + ": " + found;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(StickinessAudit.class);

    private volatile @Nullable Violation last;
    private volatile Consumer<Violation> listener = violation -> {};

    /** A delivery was compared. */
    public void checked(StreamRecord stream) {
        stream.ledger().stickinessChecked();
    }

    /** The two differed; the stream will be broken off. */
    public void violated(StreamRecord stream, String decided, String found) {
        stream.ledger().stickinessViolated();
        Violation violation = new Violation(Instant.now(), stream.id(), decided, found);
        last = violation;
        LOG.error(
                "stickiness.violation id={} liberator={} found=\"{}\" action=\"closed\"",
                Long.toHexString(stream.id()),
                decided,
                found);
        listener.accept(violation);
    }

    /** The latest one since the start; null when there was none. */
    public @Nullable Violation last() {
        return last;
    }

    /** Who is told of each violation, on the loop that found it: it must not block. */
    public void onViolation(Consumer<Violation> told) {
        listener = told;
    }
}
