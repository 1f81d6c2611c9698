package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.LocalProcess;
import io.sluice.console.reach.Values;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl trace attach}. */
@Command(
        name = "attach",
        description = "Loads the agent into a running appliance on this host; no stream notices. Its own user and root"
                + " may. An agent that is there already takes the options.",
        footer = {
            "%nExamples:",
            "  sluicectl --service sluice trace attach",
            "  sluicectl --pid 4711 trace attach --options level=trace,slow=20ms"
        })
final class TraceAttach implements Callable<Integer> {
    /** Where it lies, seen from the console's jar: as installed, and in a checkout. */
    private static final List<String> BESIDE =
            List.of("../agent/sluice-agent.jar", "../../agent/target/sluice-agent.jar");

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private TraceVerb trace;

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            description = "sluice-agent.jar, which the appliance's user can read (default: the one beside sluicectl).")
    private @Nullable Path jar;

    @Option(
            names = "--options",
            paramLabel = "OPTIONS",
            defaultValue = "level=metrics",
            description = "As for -javaagent (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String options;

    @Override
    public Integer call() throws Failure {
        Path agent = jar != null ? jar : beside();
        if (!Files.isReadable(agent)) {
            throw new Failure(Exit.USAGE, "cannot read " + agent + " (expected sluice-agent.jar)");
        }
        Console console = trace.console();
        LocalProcess process = console.process();
        process.load(agent.toAbsolutePath(), options);
        try (Appliance appliance = Appliance.at(process.way(), console.keyboard(), console.timeoutMillis())) {
            Values now = TraceVerb.agent(appliance).read("State", "Options");
            console.say("process " + process.pid() + ": agent is " + now.text("State") + ", " + now.text("Options"));
        }
        return Exit.DONE.code();
    }

    private static Path beside() throws Failure {
        try {
            Path own = Path.of(TraceAttach.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return BESIDE.stream()
                    .flatMap(each -> Stream.ofNullable(own.getParent()).map(folder -> folder.resolve(each)))
                    .map(Path::normalize)
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow(() -> new Failure(
                            Exit.USAGE, "there is no sluice-agent.jar beside " + own + ": give --jar FILE"));
        } catch (URISyntaxException odd) {
            throw new Failure(Exit.USAGE, "give --jar FILE: " + odd.getMessage(), odd);
        }
    }
}
