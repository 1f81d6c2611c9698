package io.sluice.account;

import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How often each {@link Refusal} was given, and when last.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class RefusalLedger {
    private final Map<Refusal, Occurrences> refusals = new EnumMap<>(Refusal.class);

    public RefusalLedger() {
        for (Refusal refusal : Refusal.values()) {
            refusals.put(refusal, new Occurrences());
        }
    }

    public void refused(Refusal refusal) {
        of(refusal).count();
    }

    public long count(Refusal refusal) {
        return of(refusal).total();
    }

    public long total() {
        return refusals.values().stream().mapToLong(Occurrences::total).sum();
    }

    /** The reasons given so far with their counts, in the order of the list. */
    public Map<Refusal, Long> given() {
        Map<Refusal, Long> given = new LinkedHashMap<>();
        refusals.forEach((refusal, occurrences) -> {
            long count = occurrences.total();
            if (count > 0) {
                given.put(refusal, count);
            }
        });
        return given;
    }

    /** When something was last refused; null when nothing was. */
    public @Nullable Instant lastAt() {
        Instant last = null;
        for (Occurrences each : refusals.values()) {
            Instant at = each.lastAt();
            if (at != null && (last == null || at.isAfter(last))) {
                last = at;
            }
        }
        return last;
    }

    /** When it was last given for this reason; null when it never was. */
    public @Nullable Instant lastAt(Refusal refusal) {
        return of(refusal).lastAt();
    }

    private Occurrences of(Refusal refusal) {
        return Objects.requireNonNull(refusals.get(refusal));
    }
}
