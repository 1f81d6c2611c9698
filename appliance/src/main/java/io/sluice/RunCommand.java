package io.sluice;

import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import io.sluice.config.SluiceConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice run}: serves until it is told to stop. */
@Command(
        name = "run",
        description = "Runs the appliance until TERM or INT. HUP reloads the configuration file; a bad file changes"
                + " nothing.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:stopped as asked",
            " 1:could not start, for example because an address is taken",
            "78:the configuration is bad; nothing was started"
        })
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The configuration file.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            description = "A file that is written when all listeners are open and removed when the appliance begins to"
                    + " stop. systemd needs none: it is told by itself.")
    private @Nullable Path readyFile;

    @Override
    public Integer call() throws InterruptedException {
        Logging.quiet();
        ConfigResult result = ConfigLoader.load(file);
        if (result instanceof ConfigResult.Refused refused) {
            CheckCommand.print(refused.problems());
            System.err.println(
                    "not started: " + CheckCommand.count(refused.problems().size()) + " in " + file);
            return CheckCommand.EXIT_BAD_CONFIG;
        }
        SluiceConfig config = ((ConfigResult.Loaded) result).config();
        Logging.start(config.log().file());
        Service service;
        try {
            service = Service.start(config);
        } catch (IOException failed) {
            LOG.error("appliance.start failed cause=\"{}\"", failed.getMessage());
            System.err.println("not started: " + failed.getMessage());
            Logging.stop();
            return 1;
        }
        Supervisor supervisor = new Supervisor(System.getenv(), readyFile);
        service.onStop(supervisor::stopping);
        supervisor.serving();
        Watchdog.start(service.appliance().loops().all(), supervisor);
        return service.await();
    }
}
