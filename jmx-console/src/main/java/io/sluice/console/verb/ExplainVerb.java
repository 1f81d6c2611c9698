package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.sight.WhatIf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl explain}. */
@Command(
        name = "explain",
        description = "Says step by step what would happen to a request or connection, and changes nothing.",
        footer = {
            "%nExamples:",
            "  sluicectl explain fx.example.com /index.html",
            "  sluicectl explain fx.example.com --client 203.0.113.7",
            "  sluicectl explain fx.example.com --staged",
            "  sluicectl explain --listener direct-a"
        })
final class ExplainVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "HOST",
            defaultValue = "",
            description = "The host asked for; none on a direct listener.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String host;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PATH",
            defaultValue = "",
            description = "The path asked for (default: /).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String path;

    @Option(
            names = "--listener",
            paramLabel = "NAME",
            description = "The listener it comes through; not needed where there is only one of kind http.")
    private @Nullable String listener;

    @Option(
            names = "--sni",
            paramLabel = "NAME",
            defaultValue = "",
            description = "The TLS server name; none for plain HTTP.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String serverName;

    @Option(
            names = "--client",
            paramLabel = "ADDRESS",
            defaultValue = "",
            description = "Of a client of this address: whether it is let in as well, and where it belongs in a pool.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String client;

    @Option(
            names = "--cookie",
            paramLabel = "VALUE",
            defaultValue = "",
            description = "The pool's cookie, as that client has it; with --client.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String cookie;

    @Option(names = "--staged", description = "Ask what is staged, not what is in force.")
    private boolean staged;

    @Override
    public Integer call() throws Failure {
        if (!cookie.isEmpty() && client.isEmpty()) {
            throw new Failure(Exit.USAGE, "whose cookie? give --client ADDRESS");
        }
        try (Appliance appliance = console.connect()) {
            String through = listener != null ? listener : theOnlyOne(appliance);
            WhatIf asked = new WhatIf(through, serverName, host, path, client, cookie, staged);
            console.printer().print(asked.explained(appliance));
        }
        return Exit.DONE.code();
    }

    private static String theOnlyOne(Appliance appliance) throws Failure {
        List<String> routed = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Bean each : appliance.beans("sluice:type=Listener,*")) {
            names.add(each.key("name"));
            var now = each.read("Kind", "Liberator");
            if (now.text("Kind").equals("http") && now.text("Liberator").isEmpty()) {
                routed.add(each.key("name"));
            }
        }
        if (routed.size() != 1) {
            throw new Failure(
                    Exit.USAGE, "which listener? give --listener NAME (there are " + String.join(", ", names) + ")");
        }
        return routed.get(0);
    }
}
