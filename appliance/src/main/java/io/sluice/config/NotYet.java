package io.sluice.config;

import io.sluice.config.Yaml.Entry;
import io.sluice.config.Yaml.Mapping;
import io.sluice.config.Yaml.Scalar;
import io.sluice.config.Yaml.Sequence;
import java.util.List;
import java.util.Set;

/**
 * What the schema knows but the appliance cannot do yet: refused, so that nobody believes it is in force.
 *
 * <p>{@link #LIST} is the one list. When a feature arrives, its line goes; the tests then name the texts in the schema
 * and in docs/configuration.md that still say "not supported yet".
 *
 * @param path the key; {@code []} stands for every entry of a list
 * @param refused the values that are refused; empty: all but those that mean "not used" ({@code off}, 0, an empty list
 *     or a section of such)
 */
record NotYet(String path, Set<String> refused) {
    static final List<NotYet> LIST = List.of(new NotYet("management.metrics", Set.of()));

    static void check(Yaml file, Problems problems) {
        for (NotYet notYet : LIST) {
            notYet.check(
                    file, file.at(), List.of(notYet.path.replace("[]", ".[]").split("\\.")), problems);
        }
    }

    /** @param key where the key of the value stands: what is refused whole is refused there */
    private void check(Yaml value, Position key, List<String> steps, Problems problems) {
        if (steps.isEmpty()) {
            if (refuses(value)) {
                problems.refuse(value, refused.isEmpty() ? key : value.at(), sentence(value));
            }
            return;
        }
        String step = steps.get(0);
        List<String> rest = steps.subList(1, steps.size());
        if (value instanceof Sequence list && step.equals("[]")) {
            list.items().forEach(item -> check(item, item.at(), rest, problems));
        } else if (value instanceof Mapping section) {
            Entry inner = section.entries().get(step);
            if (inner != null) {
                check(inner.value(), inner.at(), rest, problems);
            }
        }
    }

    private boolean refuses(Yaml value) {
        return refused.isEmpty() ? !isUnused(value) : value instanceof Scalar scalar && refused.contains(scalar.text());
    }

    private static boolean isUnused(Yaml value) {
        if (value instanceof Scalar scalar) {
            return scalar.isOff() || scalar.text().equals("0");
        }
        if (value instanceof Sequence list) {
            return list.items().isEmpty();
        }
        return ((Mapping) value).entries().values().stream().allMatch(entry -> isUnused(entry.value()));
    }

    private String sentence(Yaml value) {
        String key = path.replace("[]", "");
        key = key.substring(key.indexOf('.') + 1);
        return key + (refused.isEmpty() ? "" : " " + Problems.quote(((Scalar) value).text())) + " is not supported yet";
    }
}
