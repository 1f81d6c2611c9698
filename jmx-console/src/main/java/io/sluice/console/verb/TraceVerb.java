package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Reasons;
import io.sluice.console.show.Form;
import io.sluice.console.show.JsonText;
import io.sluice.console.show.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluicectl trace}. */
@Command(
        name = "trace",
        description =
                "What the latency agent found slow, the latest first: openings of streams and messages, where their"
                        + " time went. Its subcommands load the agent into a running appliance, switch it on and off,"
                        + " and say what counts as slow. The figures are in latency.",
        subcommands = {
            TraceAttach.class,
            TraceChange.On.class,
            TraceChange.Off.class,
            TraceChange.Slow.class,
        },
        footer = {
            "%nExamples:",
            "  sluicectl --service sluice trace attach",
            "  sluicectl trace slow 20ms && sluicectl trace",
            "  sluicectl trace --liberator lib-a -o json",
            "  sluicectl trace off"
        })
final class TraceVerb extends ReadVerb {
    /** What every trace has; what else it has is the time of each stage that it went through. */
    private static final List<String> COMMON = List.of(
            "at",
            "what",
            "why",
            "id",
            "liberator",
            "kind",
            "direction",
            "bytes",
            "thread",
            "total_us",
            "collector_pauses",
            "collector_us",
            "stopped_us_at_most");

    @Option(names = "--liberator", paramLabel = "NAME", defaultValue = "", description = "Only of this Liberator.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String liberator;

    @Override
    Table read(Appliance appliance) throws Failure {
        Bean agent = agent(appliance);
        Table table = new Table(
                        column("at"),
                        column("what"),
                        column("id"),
                        column("liberator"),
                        column("kind"),
                        column("direction"),
                        column("bytes", "bytes", Form.BYTES),
                        column("totalMicros", "took", Form.MICROS),
                        column("stages", "where", Form.TEXT),
                        column("collectorMicros", "collector", Form.MICROS),
                        column("why"))
                .orSay("nothing was slow; what counts as slow: "
                        + agent.read("SlowMillis").text("SlowMillis") + " ms");
        for (String line : agent.read("Traces").lines("Traces")) {
            Map<String, Object> trace = JsonText.object(line);
            if (liberator.isEmpty() || liberator.equals(trace.get("liberator"))) {
                table.row(
                        word(trace, "at"),
                        word(trace, "what"),
                        word(trace, "id"),
                        word(trace, "liberator"),
                        word(trace, "kind"),
                        word(trace, "direction"),
                        trace.get("bytes"),
                        trace.get("total_us"),
                        stages(trace),
                        trace.get("collector_us"),
                        word(trace, "why"));
            }
        }
        return table;
    }

    private static List<String> stages(Map<String, Object> trace) {
        List<String> stages = new ArrayList<>();
        trace.forEach((key, value) -> {
            if (key.endsWith("_us") && !COMMON.contains(key) && value instanceof Number micros) {
                stages.add(Reasons.printable(key.substring(0, key.length() - 3).replace('_', '-')) + "="
                        + Form.MICROS.write(micros));
            }
        });
        return stages;
    }

    private static String word(Map<String, Object> trace, String key) {
        return Reasons.printable(String.valueOf(trace.getOrDefault(key, "")));
    }

    /**
     * The agent's MBean.
     *
     * @throws Failure when the agent is not there
     */
    static Bean agent(Appliance appliance) throws Failure {
        Bean agent = appliance.bean("Agent");
        if (!agent.isThere()) {
            throw new Failure(
                    Exit.REFUSED,
                    "the latency agent is not loaded there. On its host: sluicectl trace attach; from the start:"
                            + " SLUICE_AGENT=on");
        }
        return agent;
    }
}
