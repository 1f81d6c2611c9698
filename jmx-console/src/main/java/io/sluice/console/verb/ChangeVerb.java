package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** A command that changes one thing: it says what it would do, asks, does it, and says what came of it. */
abstract class ChangeVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Steering steering;

    /**
     * What is asked for.
     *
     * @param would what would be done, and to how many streams
     */
    record Change(String would, Doing doing) {}

    /** Does it, and returns what the appliance says. */
    interface Doing {
        List<String> run() throws Failure, InterruptedException;
    }

    @Override
    public final Integer call() throws Failure, InterruptedException {
        try (Appliance appliance = console.connect()) {
            Change change = change(appliance);
            if (steering.isWanted(console, change.would)) {
                change.doing.run().forEach(console::say);
            }
        }
        return Exit.DONE.code();
    }

    /** Looks, and changes nothing yet. */
    abstract Change change(Appliance appliance) throws Failure;

    Console console() {
        return console;
    }
}
