package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Reasons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl stage}. */
@Command(
        name = "stage",
        description =
                "Checks a whole configuration and keeps it at the appliance to be committed; changes nothing yet.",
        footer = {
            "%nExample:",
            "  sluicectl stage sluice.yaml && sluicectl diff && sluicectl commit --confirm-within 60"
        })
final class StageVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "A file on this host (default: the appliance's own file, as it is now).")
    private @Nullable Path file;

    @Option(names = "--forget", description = "Forget what is staged instead.")
    private boolean forget;

    @Override
    public Integer call() throws Failure {
        Path given = file;
        try (Appliance appliance = console.connect()) {
            Bean routing = appliance.bean("RoutingTable");
            if (forget) {
                console.printer().print(routing.say("unstage"));
                return Exit.DONE.code();
            }
            String before = routing.read("Staged").text("Staged");
            console.printer().print(given == null ? routing.say("stageFile") : routing.say("stage", text(given)));
            String after = routing.read("Staged").text("Staged");
            return (after.isEmpty() || after.equals(before) ? Exit.REFUSED : Exit.DONE).code();
        }
    }

    /** A configuration on this host. */
    static String text(Path file) throws Failure {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new Failure(Exit.USAGE, "cannot read " + file + ": " + Reasons.of(unreadable), unreadable);
        }
    }
}
