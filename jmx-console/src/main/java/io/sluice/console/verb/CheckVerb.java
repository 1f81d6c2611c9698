package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl check}. */
@Command(
        name = "check",
        description = "Has the appliance check a whole configuration, with its own version and files, and say every"
                + " problem with line and column. Changes nothing and stages nothing; 1 when there is a problem.",
        footer = {"%nExample:", "  sluicectl --profile dmz-a check sluice.yaml"})
final class CheckVerb implements Callable<Integer> {
    private static final String GOOD = "good";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Parameters(paramLabel = "FILE", description = "A file on this host.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    public Integer call() throws Failure {
        String text = StageVerb.text(file);
        try (Appliance appliance = console.connect()) {
            List<String> said = appliance.bean("RoutingTable").say("validate", text);
            console.printer().print(said);
            return (said.equals(List.of(GOOD)) ? Exit.DONE : Exit.REFUSED).code();
        }
    }
}
