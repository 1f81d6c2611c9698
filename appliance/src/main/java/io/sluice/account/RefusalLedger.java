package io.sluice.account;

import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How often each {@link Refusal} was given, and when last.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class RefusalLedger {
    private final Map<Refusal, LongAdder> counts = new EnumMap<>(Refusal.class);
    private volatile @Nullable Instant lastAt;

    public RefusalLedger() {
        for (Refusal refusal : Refusal.values()) {
            counts.put(refusal, new LongAdder());
        }
    }

    public void refused(Refusal refusal) {
        adder(refusal).increment();
        lastAt = Instant.now();
    }

    public long count(Refusal refusal) {
        return adder(refusal).sum();
    }

    public long total() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** The reasons given so far with their counts, in the order of the list. */
    public Map<Refusal, Long> given() {
        Map<Refusal, Long> given = new LinkedHashMap<>();
        counts.forEach((refusal, adder) -> {
            long count = adder.sum();
            if (count > 0) {
                given.put(refusal, count);
            }
        });
        return given;
    }

    /** When something was last refused; null when nothing was. */
    public @Nullable Instant lastAt() {
        return lastAt;
    }

    private LongAdder adder(Refusal refusal) {
        return Objects.requireNonNull(counts.get(refusal));
    }
}
