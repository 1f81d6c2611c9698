package io.sluice;

import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import io.sluice.config.SluiceConfig;
import io.sluice.handover.ControlSocket;
import io.sluice.handover.Handover;
import io.sluice.handover.Succession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

    @Option(
            names = "--control",
            paramLabel = "FILE",
            description = "A socket by which `sluice handover` reaches this process; for its user and root only.")
    private @Nullable Path control;

    @Option(
            names = "--successor",
            hidden = true,
            description = "Takes the place of the process at --control, which has started this one.")
    private boolean successor;

    @Override
    public Integer call() throws InterruptedException {
        Logging.quiet();
        Succession succession = null;
        if (successor) {
            try {
                succession = Succession.begin(Objects.requireNonNull(control, "--successor needs --control"));
            } catch (IOException nobody) {
                System.err.println("not started: no process to succeed: " + nobody.getMessage());
                return 1;
            }
        }
        ConfigResult result = ConfigLoader.load(file);
        if (result instanceof ConfigResult.Refused refused) {
            CheckCommand.print(refused.problems());
            String reason = CheckCommand.count(refused.problems().size()) + " in " + file;
            System.err.println("not started: " + reason);
            giveUp(succession, reason + ": " + refused.problems().get(0));
            return CheckCommand.EXIT_BAD_CONFIG;
        }
        SluiceConfig config = ((ConfigResult.Loaded) result).config();
        Logging.start(config.log().file());
        try {
            return serve(Service.start(config, successor), succession);
        } catch (IOException failed) {
            giveUp(succession, String.valueOf(failed.getMessage()));
            LOG.error("appliance.start failed cause=\"{}\"", failed.getMessage());
            System.err.println("not started: " + failed.getMessage());
            Logging.stop();
            return 1;
        }
    }

    /** From the moment that all is open until it is stopped; returns the exit code. */
    private int serve(Service service, @Nullable Succession succession) throws InterruptedException {
        Supervisor supervisor = new Supervisor(System.getenv(), readyFile);
        service.onStop(supervisor::stopping);
        if (succession != null && !takePlace(succession, service)) {
            return 1;
        }
        supervisor.serving();
        ControlSocket socket = openControl(service, supervisor);
        Watchdog.start(service.appliance().loops().all(), supervisor);
        if (succession != null) {
            settled(succession);
        }
        int code = service.await();
        if (socket != null) {
            socket.close();
        }
        return code;
    }

    private static void giveUp(@Nullable Succession succession, String reason) {
        if (succession != null) {
            succession.giveUp(reason);
        }
    }

    /** The predecessor leaves; false: it does not, and this process has to. */
    private static boolean takePlace(Succession succession, Service service) {
        try {
            succession.takePlace();
            service.share(false);
            return true;
        } catch (IOException kept) {
            LOG.error("handover.failed cause=\"{}\" action=\"ends\"", kept.getMessage());
            System.err.println("not started: " + kept.getMessage());
            service.close();
            Logging.stop();
            return false;
        }
    }

    private static void settled(Succession succession) {
        try (succession) {
            LOG.info("handover.settled");
        } catch (IOException gone) {
            LOG.warn("handover.settled cause=\"the process before has ended: {}\"", gone.getMessage());
        }
    }

    /** Null when there is none; the appliance serves all the same. */
    private @Nullable ControlSocket openControl(Service service, Supervisor supervisor) {
        if (control == null) {
            return null;
        }
        try {
            return ControlSocket.open(
                    control, new Handover(new ServingProcess(service, supervisor), successorCommand()));
        } catch (IOException | RuntimeException failed) {
            LOG.warn(
                    "control.closed file={} cause=\"{}\" action=\"no handover is possible\"",
                    control,
                    failed.toString());
            return null;
        }
    }

    /** How the launcher that has started this process is told to start the next; empty when there was none. */
    private List<String> successorCommand() {
        String launcher = System.getenv("SLUICE_LAUNCHER");
        if (launcher == null || control == null) {
            return List.of();
        }
        List<String> command = new ArrayList<>(List.of(launcher, "run", "-c", file.toString()));
        if (readyFile != null) {
            command.addAll(List.of("--ready-file", readyFile.toString()));
        }
        command.addAll(List.of("--control", control.toString(), "--successor"));
        return command;
    }
}
