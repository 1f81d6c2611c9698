package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Failure;
import io.sluice.console.show.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.ParentCommand;

/** A command that reads a table of one appliance or of each, and changes nothing. */
abstract class ReadVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Override
    public final Integer call() throws Failure {
        return console.show(this::read);
    }

    Console console() {
        return console;
    }

    abstract Table read(Appliance appliance) throws Failure;
}
