package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import io.sluice.console.show.Form;
import io.sluice.console.show.Table;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl streams}. */
@Command(
        name = "streams",
        description = "The open streams that match a query, the oldest first unless it sorts.",
        footer = {
            "%nExamples:",
            "  sluicectl streams kind=websocket liberator=lib-a",
            "  sluicectl streams 'idle>5m' --limit 20",
            "  sluicectl streams client=10.1.0.0/16 --count",
            "  sluicectl streams sort=behind --limit 10     # the slowest clients",
            "  sluicectl streams --help-query"
        })
final class StreamsVerb implements Callable<Integer> {
    private static final int USUAL = 100;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Parameters(
            paramLabel = "TERM",
            arity = "0..*",
            description = "Terms such as kind=websocket, 'idle>5m', sort=behind; all must hold.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> terms = List.of();

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: ${DEFAULT-VALUE}).")
    private int limit = USUAL;

    @Option(names = "--offset", paramLabel = "N", description = "Skip so many first.")
    private int offset;

    @Option(names = "--count", description = "Only how many.")
    private boolean count;

    @Option(names = "--help-query", description = "What a query may say.")
    private boolean helpQuery;

    @Override
    public Integer call() throws Failure {
        if (helpQuery) {
            try (Appliance appliance = console.connect()) {
                console.printer().print(appliance.bean("Streams").say("queryHelp"));
            }
            return Exit.DONE.code();
        }
        String query = String.join(" ", terms);
        return console.show(appliance -> count ? counted(appliance, query) : listed(appliance, query));
    }

    private static Table counted(Appliance appliance, String query) throws Failure {
        return new Table(column("streams", "streams", Form.NUMBER))
                .row(appliance.bean("Streams").invoke("count", query))
                .oneThing();
    }

    private Table listed(Appliance appliance, String query) throws Failure {
        Object result = appliance.bean("Streams").invoke("list", query, offset, limit);
        Table table = new Table(
                        column("id"),
                        column("kind"),
                        column("protocol"),
                        column("liberator"),
                        column("client"),
                        column("listener"),
                        column("host"),
                        column("phase"),
                        column("openMillis", "age", Form.MILLIS),
                        column("quietMillis", "idle", Form.MILLIS),
                        column("fromClientBytes", "from client", Form.BYTES),
                        column("toClientBytes", "to client", Form.BYTES),
                        column("clientBehindBytes", "behind", Form.BYTES),
                        column("clientBehindMillis", "waiting", Form.MILLIS),
                        column("tableVersion", "table", Form.NUMBER))
                .orSay(query.isEmpty() ? "no stream is open" : "no open stream matches " + query);
        for (Values each : Values.records(result)) {
            table.row(
                    each.text("id"),
                    each.text("kind"),
                    each.text("protocol"),
                    each.text("liberator"),
                    each.text("client"),
                    each.text("listener"),
                    each.text("host"),
                    each.text("phase"),
                    each.raw("openMillis"),
                    Math.min(each.number("fromClientQuietMillis"), each.number("fromLiberatorQuietMillis")),
                    each.raw("fromClientBytes"),
                    each.raw("toClientBytes"),
                    each.raw("clientBehindBytes"),
                    each.raw("clientBehindMillis"),
                    each.raw("tableVersion"));
        }
        return table;
    }
}
