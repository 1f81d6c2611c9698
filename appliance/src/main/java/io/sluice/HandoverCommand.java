package io.sluice;

import io.sluice.config.Quantity;
import io.sluice.handover.Conversation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice handover}: a new process takes the place of the one that serves, and no client is refused. */
@Command(
        name = "handover",
        description = "Starts the installed version beside the one that serves. The new process takes all new clients;"
                + " the old one drains its streams and ends. When the new one does not start, the old one goes on"
                + " serving.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:the new process serves; the old one drains",
            " 1:the new process did not start; the old one goes on serving",
            " 2:an option is wrong",
            " 3:there is no process to ask, or it may not be asked"
        })
final class HandoverCommand implements Callable<Integer> {
    private static final int EXIT_NOBODY = 3;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "INSTANCE",
            description = "The instance, as in sluice@INSTANCE.service. Default: sluice.service.")
    private @Nullable String instance;

    @Option(
            names = "--control",
            paramLabel = "FILE",
            description = "The control socket of the process that serves (default: /run/sluice/control, or"
                    + " /run/sluice-INSTANCE/control).")
    private @Nullable Path control;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            description = "How long the old process gives its streams to end, as in 30m; it ends them one after another"
                    + " in that time (default: management.drainTime).")
    private @Nullable String drain;

    @Override
    public Integer call() {
        Duration limit = drain == null ? null : Quantity.duration(drain);
        if (drain != null && limit == null) {
            throw new ParameterException(
                    spec.commandLine(), "--drain is '" + drain + "' (expected a number and a unit, as in 30m)");
        }
        Path socket = control != null
                ? control
                : Path.of(instance == null ? "/run/sluice/control" : "/run/sluice-" + instance + "/control");
        Conversation conversation;
        try {
            conversation = Conversation.with(socket);
        } catch (IOException nobody) {
            System.err.println("no handover: nobody answers at " + socket + ": " + nobody.getMessage()
                    + " (it must run with --control, and only its user and root may ask)");
            return EXIT_NOBODY;
        }
        try (conversation) {
            conversation.say(limit == null ? "handover" : "handover " + limit);
            return outcome(conversation);
        } catch (IOException gone) {
            System.err.println("no handover: " + gone.getMessage());
            return 1;
        }
    }

    private static int outcome(Conversation conversation) throws IOException {
        for (String line = conversation.hear(); line != null; line = conversation.hear()) {
            String[] words = line.split(" ", 3);
            switch (words[0]) {
                case "starting" -> System.out.println("starting process " + words[1]);
                case "serving" -> {
                    System.out.println(
                            "process " + words[1] + " serves; the one before drains " + words[2] + " streams");
                    return 0;
                }
                default -> {
                    System.err.println("no handover, the process goes on serving: "
                            + line.substring(words[0].length()).strip());
                    return 1;
                }
            }
        }
        System.err.println("no handover: the process has ended the conversation; its log says why");
        return 1;
    }
}
