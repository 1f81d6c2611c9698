package io.sluice.console.sight;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Several appliances side by side at one moment. Sums and differences are those of the connected ones: what a lost one
 * showed last is no figure of now.
 */
public record Fleet(List<Sight> sights) {
    /** Those whose last reading came about. */
    public List<Sight> connected() {
        return sights.stream().filter(each -> now(each) != null).toList();
    }

    /** What a connected one shows; null of one that is lost. */
    public @Nullable Reading now(Sight sight) {
        return sight.trouble().isEmpty() ? sight.history().last() : null;
    }

    /** A figure of all connected ones together. */
    public double sum(ToDoubleFunction<Reading> figure) {
        return sights.stream()
                .map(this::now)
                .filter(Objects::nonNull)
                .mapToDouble(figure)
                .sum();
    }

    /** How fast a figure that only grows grows on all connected ones together. */
    public double perSecond(ToDoubleFunction<Reading> figure) {
        return connected().stream()
                .mapToDouble(each -> each.history().perSecond(figure))
                .sum();
    }

    /** In words; empty where all are the same. */
    public List<Difference> differences() {
        Map<String, Reading> readings = new LinkedHashMap<>();
        for (Sight each : sights) {
            Reading now = now(each);
            if (now != null) {
                readings.put(each.name(), now);
            }
        }
        return Differences.between(readings);
    }
}
