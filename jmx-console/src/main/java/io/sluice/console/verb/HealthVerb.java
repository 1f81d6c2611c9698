package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import io.sluice.console.sight.Particulars;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl health}: a plugin for Nagios, Icinga and whatever speaks as they do. */
@Command(
        name = "health",
        description =
                "One line for a monitor, as the monitoring plugins print it: state, what is wrong, figures. Nobody"
                        + " there is CRITICAL.",
        footer = {
            "%nFigures and their ranges, warning and critical (a range such as 30: alarms below 30, 80 above 80):",
            "  liberators_down 0 -, liberators_up - 1:, stickiness_violations - 0, certificate_days 30: 7:,",
            "  descriptors_percent 80 90, heap_percent 85 95, log_failing 0 -, audit_dropped 0 -,",
            "  connect_p99_us, latency_p99_us (of the agent), streams, refused_total: none.",
            "",
            "Example:",
            "  sluicectl health --warn connect_p99_us=5000 --crit streams=1:"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:OK", "1:WARNING", "2:CRITICAL", "3:UNKNOWN"})
final class HealthVerb implements Callable<Integer> {
    private static final int HUNDRED = 100;
    private static final int UNKNOWN = 3;
    private static final String[] WORDS = {"OK", "WARNING", "CRITICAL"};

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Option(names = "--warn", paramLabel = "FIGURE=RANGE", description = "Another range for WARNING.")
    private Map<String, String> warn = new LinkedHashMap<>();

    @Option(names = "--crit", paramLabel = "FIGURE=RANGE", description = "Another range for CRITICAL.")
    private Map<String, String> critical = new LinkedHashMap<>();

    private final Map<String, Range> warnRanges = new LinkedHashMap<>();
    private final Map<String, Range> criticalRanges = new LinkedHashMap<>();

    private record Figure(String name, double value, String unit) {}

    @Override
    public Integer call() throws InterruptedException {
        try {
            ranges();
            try (Appliance appliance = console.connect()) {
                return judge(figures(appliance), downNames(appliance));
            }
        } catch (Failure failure) {
            boolean nobody = failure.exit() == Exit.NO_CONNECTION;
            console.say("SLUICE " + (nobody ? "CRITICAL" : "UNKNOWN") + " - "
                    + failure.getMessage().replace('\n', ' ').replace('|', '/'));
            return nobody ? 2 : UNKNOWN;
        }
    }

    private void ranges() throws Failure {
        Map<String, String> usualWarn = Map.of(
                "liberators_down", "0",
                "certificate_days", "30:",
                "descriptors_percent", "80",
                "heap_percent", "85",
                "log_failing", "0",
                "audit_dropped", "0");
        Map<String, String> usualCritical = Map.of(
                "liberators_up", "1:",
                "stickiness_violations", "0",
                "certificate_days", "7:",
                "descriptors_percent", "90",
                "heap_percent", "95");
        try {
            usualWarn.forEach((name, range) -> warnRanges.put(name, Range.of(range)));
            usualCritical.forEach((name, range) -> criticalRanges.put(name, Range.of(range)));
            warn.forEach((name, range) -> warnRanges.put(name, Range.of(range)));
            critical.forEach((name, range) -> criticalRanges.put(name, Range.of(range)));
        } catch (IllegalArgumentException bad) {
            throw new Failure(Exit.USAGE, String.valueOf(bad.getMessage()), bad);
        }
    }

    private static List<String> downNames(Appliance appliance) throws Failure {
        List<String> down = new ArrayList<>();
        for (Bean each : appliance.beans("sluice:type=Liberator,*")) {
            if (each.read("State").text("State").equals("DOWN")) {
                down.add(each.key("name"));
            }
        }
        return down;
    }

    private static List<Figure> figures(Appliance appliance) throws Failure {
        List<Figure> figures = new ArrayList<>();
        Values sluice = appliance
                .bean("Appliance")
                .read(
                        "StreamsActive",
                        "RefusedTotal",
                        "StickinessViolationsTotal",
                        "DescriptorsActive",
                        "DescriptorsLimit",
                        "LogFailing");
        int up = 0;
        int down = 0;
        double connect = 0;
        for (Bean each : appliance.beans("sluice:type=Liberator,*")) {
            Values now = each.read("State", "ConnectMicrosP99");
            String state = now.text("State");
            down += state.equals("DOWN") ? 1 : 0;
            up += state.equals("UP") || state.equals("UNKNOWN") ? 1 : 0;
            connect = Math.max(connect, now.decimal("ConnectMicrosP99"));
        }
        figures.add(new Figure("liberators_up", up, ""));
        figures.add(new Figure("liberators_down", down, ""));
        figures.add(new Figure("streams", sluice.number("StreamsActive"), ""));
        figures.add(new Figure("connect_p99_us", connect, "us"));
        double latency = latency(appliance);
        if (latency >= 0) {
            figures.add(new Figure("latency_p99_us", latency, "us"));
        }
        long days = appliance.bean("Certificates").read("LeftDays").number("LeftDays");
        if (days < Particulars.NO_CERTIFICATE) {
            figures.add(new Figure("certificate_days", days, ""));
        }
        figures.add(new Figure("stickiness_violations", sluice.number("StickinessViolationsTotal"), "c"));
        figures.add(new Figure("refused_total", sluice.number("RefusedTotal"), "c"));
        long limit = sluice.number("DescriptorsLimit");
        if (limit > 0) {
            figures.add(new Figure(
                    "descriptors_percent", rounded(HUNDRED * sluice.decimal("DescriptorsActive") / limit), "%"));
        }
        figures.add(new Figure("heap_percent", rounded(Heap.of(appliance).percentAfterCollection()), "%"));
        figures.add(new Figure("log_failing", sluice.is("LogFailing") ? 1 : 0, ""));
        figures.add(new Figure(
                "audit_dropped",
                appliance.bean("Management").read("AuditDroppedTotal").number("AuditDroppedTotal"),
                "c"));
        return figures;
    }

    /** The highest of the time from the Liberator's message to the client; -1 without the agent. */
    private static double latency(Appliance appliance) throws Failure {
        double highest = -1;
        for (Bean each : appliance.beans("sluice:type=Latency,stage=to-client,*")) {
            highest = Math.max(highest, each.read("P99Micros").decimal("P99Micros"));
        }
        return highest;
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private int judge(List<Figure> figures, List<String> down) throws Failure {
        int worst = 0;
        List<String> wrong = new ArrayList<>();
        for (Figure each : figures) {
            int level = level(each);
            worst = Math.max(worst, level);
            if (level > 0) {
                boolean named = each.name.equals("liberators_down");
                wrong.add(each.name + " is " + plain(each.value) + each.unit
                        + (named ? " (" + String.join(", ", down) + ")" : ""));
            }
        }
        requireKnown(figures);
        String text = wrong.isEmpty()
                ? plain(figures.get(0).value) + " Liberators in service, " + plain(figures.get(2).value) + " streams"
                : String.join(", ", wrong);
        console.say("SLUICE " + WORDS[worst] + " - " + text + " | "
                + figures.stream().map(this::performance).collect(Collectors.joining(" ")));
        return worst;
    }

    /** A misspelt threshold would never alarm. */
    private void requireKnown(List<Figure> figures) throws Failure {
        List<String> names = new ArrayList<>(figures.stream().map(Figure::name).toList());
        names.addAll(List.of("certificate_days", "latency_p99_us", "descriptors_percent"));
        for (Map<String, String> given : List.of(warn, critical)) {
            for (String name : given.keySet()) {
                if (!names.contains(name)) {
                    throw new Failure(
                            Exit.USAGE,
                            "there is no figure '" + name + "' (expected one of " + String.join(", ", names) + ")");
                }
            }
        }
    }

    private int level(Figure figure) {
        Range crit = criticalRanges.get(figure.name);
        if (crit != null && crit.alarms(figure.value)) {
            return 2;
        }
        Range warning = warnRanges.get(figure.name);
        return warning != null && warning.alarms(figure.value) ? 1 : 0;
    }

    private String performance(Figure figure) {
        Range warning = warnRanges.get(figure.name);
        Range crit = criticalRanges.get(figure.name);
        return figure.name + "=" + plain(figure.value) + figure.unit + ";" + (warning == null ? "" : warning.text())
                + ";" + (crit == null ? "" : crit.text()) + ";0;"
                + (figure.unit.equals("%") ? HUNDRED : "");
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString(Math.round(value)) : String.format(Locale.ROOT, "%.1f", value);
    }
}
