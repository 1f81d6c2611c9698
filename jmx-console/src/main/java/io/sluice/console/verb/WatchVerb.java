package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl watch}. */
@Command(
        name = "watch",
        description =
                "Attributes again and again, a line each time. Of what only grows (...Total, ...Bytes), the growth"
                        + " per second stands behind it.",
        footer = {
            "%nExamples:",
            "  sluicectl watch StreamsActive RefusedTotal",
            "  sluicectl watch Liberator,name=lib-a WebsocketActive ToClientBytes --interval 5"
        })
final class WatchVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Parameters(
            paramLabel = "MBEAN|ATTRIBUTE",
            arity = "1..*",
            description = "Attributes; those behind the name of an MBean are of that one, the others of Appliance.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> words;

    @Option(names = "--interval", paramLabel = "SECONDS", description = "Default: ${DEFAULT-VALUE}.")
    private double intervalSeconds = 1;

    @Option(names = "--count", paramLabel = "N", description = "End after so many lines.")
    private long count = Long.MAX_VALUE;

    private record Watched(Bean bean, String attribute) {}

    @Override
    public Integer call() throws Failure, InterruptedException {
        if (intervalSeconds < 0.1) {
            throw new Failure(Exit.USAGE, "--interval is " + intervalSeconds + " (expected 0.1 or more)");
        }
        try (Appliance appliance = console.connect()) {
            List<Watched> all = watched(appliance);
            Map<Watched, Long> before = new HashMap<>();
            long lastNanos = 0;
            for (long i = 0; i < count; i++) {
                if (i > 0) {
                    TimeUnit.MILLISECONDS.sleep(Math.round(intervalSeconds * 1000));
                }
                long now = System.nanoTime();
                StringBuilder line = new StringBuilder();
                line.append(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS));
                for (Watched each : all) {
                    line.append("  ").append(each.attribute).append('=').append(value(each, before, now - lastNanos));
                }
                lastNanos = now;
                console.say(line.toString());
            }
        }
        return Exit.DONE.code();
    }

    /** What names an MBean by its type or its whole name is one; everything else is an attribute of the last. */
    private List<Watched> watched(Appliance appliance) throws Failure {
        List<Watched> all = new ArrayList<>();
        Bean bean = appliance.bean("Appliance");
        List<String> known = Arrays.stream(bean.info().getAttributes())
                .map(each -> each.getName())
                .toList();
        for (String word : words) {
            if (known.contains(word)) {
                all.add(new Watched(bean, word));
                continue;
            }
            Bean named = word.matches("[A-Za-z]+") || word.contains("=") ? appliance.named(GetVerb.name(word)) : null;
            if (named == null || !named.isThere()) {
                throw new Failure(
                        Exit.USAGE,
                        "'" + word + "' is neither an MBean nor an attribute of " + bean.objectName()
                                + " (try: sluicectl get, sluicectl get Appliance)");
            }
            bean = named;
            known = Arrays.stream(bean.info().getAttributes())
                    .map(each -> each.getName())
                    .toList();
        }
        if (all.isEmpty()) {
            throw new Failure(Exit.USAGE, "which attribute? " + bean.objectName() + " has " + String.join(", ", known));
        }
        return all;
    }

    private static String value(Watched each, Map<Watched, Long> before, long nanos) throws Failure {
        Values values = each.bean.read(each.attribute);
        Object value = values.raw(each.attribute);
        if (!(value instanceof Number number)) {
            return String.join("; ", io.sluice.console.reach.Values.printable(value));
        }
        Long last = before.put(each, number.longValue());
        boolean grows = each.attribute.endsWith("Total") || each.attribute.endsWith("Bytes");
        if (last == null || !grows) {
            return number.toString();
        }
        return String.format(Locale.ROOT, "%s (%+.1f/s)", number, (number.longValue() - last) * 1e9 / nanos);
    }
}
