package io.sluice.console.verb;

import io.sluice.console.reach.Exit;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sluicectl completion}. */
@Command(
        name = "completion",
        description = "Prints the completion for bash and zsh.",
        footer = {"%nExample:", "  source <(sluicectl completion)"})
final class CompletionVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        console.say(AutoComplete.bash("sluicectl", spec.root().commandLine()));
        return Exit.DONE.code();
    }
}
