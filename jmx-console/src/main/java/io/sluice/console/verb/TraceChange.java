package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** A change of the agent that is loaded; touches no stream. */
abstract class TraceChange implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private TraceVerb trace;

    @Override
    public final Integer call() throws Failure {
        Console console = trace.console();
        try (Appliance appliance = console.connect()) {
            Bean agent = TraceVerb.agent(appliance);
            change(agent).forEach(console::say);
        }
        return Exit.DONE.code();
    }

    abstract List<String> change(Bean agent) throws Failure;

    /** {@code sluicectl trace on}. */
    @Command(name = "on", description = "Switches it on.")
    static final class On extends TraceChange {
        @Option(
                names = "--level",
                paramLabel = "LEVEL",
                defaultValue = "metrics",
                description = "metrics, or trace for each stream's stages and samples (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String level;

        @Override
        List<String> change(Bean agent) throws Failure {
            return agent.say("level", level);
        }
    }

    /** {@code sluicectl trace off}. */
    @Command(name = "off", description = "Switches it off: the appliance runs its original classes again.")
    static final class Off extends TraceChange {
        @Override
        List<String> change(Bean agent) throws Failure {
            return agent.say("off");
        }
    }

    /** {@code sluicectl trace slow}. */
    @Command(name = "slow", description = "Changes what counts as slow.")
    static final class Slow extends TraceChange {
        @Parameters(paramLabel = "TIME", description = "As in 50ms or 800us; off: nothing is slow.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String time;

        @Override
        List<String> change(Bean agent) throws Failure {
            return agent.say("slow", time);
        }
    }
}
