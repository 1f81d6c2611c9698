package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl stream}. */
@Command(
        name = "stream",
        description = "Everything known of one open stream.",
        footer = {"%nExample:", "  sluicectl stream 7f3a"})
final class StreamVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Parameters(paramLabel = "ID", description = "Its id, as in the log and in streams.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @Override
    public Integer call() throws Failure {
        try (Appliance appliance = console.connect()) {
            console.printer().print(appliance.bean("Streams").say("show", id));
        }
        return Exit.DONE.code();
    }
}
