package io.sluice.console.reach;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The appliance as a process of this host, which whoever may attach to it manages without a password. */
public record LocalProcess(long pid, String command) {
    private static final Pattern SERVING = Pattern.compile("io\\.sluice\\.Sluice\\s+(run|demo)\\b.*");
    private static final Pattern SERVICE_NAME = Pattern.compile("[A-Za-z0-9:_.@-]+");
    private static final int SYSTEMCTL_SECONDS = 5;

    /** Those of this user; of all users for root. */
    public static List<LocalProcess> all() throws Failure {
        try {
            return VirtualMachine.list().stream()
                    .filter(each -> SERVING.matcher(each.displayName()).matches())
                    .map(LocalProcess::of)
                    .toList();
        } catch (NoClassDefFoundError none) {
            throw cannotAttach(none);
        }
    }

    private static LocalProcess of(VirtualMachineDescriptor found) {
        return new LocalProcess(
                Long.parseLong(found.id()), found.displayName().replaceFirst("io\\.sluice\\.Sluice\\s+", ""));
    }

    /**
     * The process of a systemd unit, or of a pid file below {@code /run}.
     *
     * @throws Failure when the service does not run here
     */
    static long ofService(String service) throws Failure {
        if (!SERVICE_NAME.matcher(service).matches()) {
            throw new Failure(Exit.USAGE, "'" + service + "' is no name of a service (expected one such as sluice)");
        }
        Optional<Long> pid = mainPid(service)
                .or(() -> Stream.of("/run/%1$s/%1$s.pid", "/run/%s.pid")
                        .map(each -> pidIn(Path.of(String.format(each, service))))
                        .flatMap(Optional::stream)
                        .findFirst());
        return pid.orElseThrow(() -> new Failure(
                Exit.NO_CONNECTION,
                "service " + service + " does not run here: systemd knows no process of it, and there is no"
                        + " /run/" + service + "/" + service + ".pid. Is it started? try: systemctl status "
                        + service));
    }

    private static Optional<Long> mainPid(String service) {
        try {
            Process systemctl = new ProcessBuilder("systemctl", "show", "--property=MainPID", "--value", "--", service)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(systemctl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            systemctl.waitFor(SYSTEMCTL_SECONDS, TimeUnit.SECONDS);
            return pid(answer);
        } catch (IOException noSystemd) {
            return Optional.empty();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<Long> pidIn(Path file) {
        try {
            return pid(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    private static Optional<Long> pid(String text) {
        String digits = text.strip();
        return digits.matches("[1-9][0-9]{0,9}") ? Optional.of(Long.parseLong(digits)) : Optional.empty();
    }

    /**
     * The address of the process's own management, which is switched on when it is not: a port that takes connections
     * from this host alone.
     *
     * @throws Failure when there is no such process, or this user may not attach to it
     */
    static String managementUrl(long pid) throws Failure {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                return machine.startLocalManagementAgent();
            } finally {
                machine.detach();
            }
        } catch (NoClassDefFoundError none) {
            throw cannotAttach(none);
        } catch (AttachNotSupportedException | IOException refused) {
            boolean there = ProcessHandle.of(pid).isPresent();
            throw new Failure(
                    there ? Exit.NOT_ALLOWED : Exit.NO_CONNECTION,
                    there
                            ? "cannot attach to process " + pid + ": " + refused.getMessage()
                                    + ". Only its own user and root may: try sudo, or --url with the JMX address"
                            : "there is no process " + pid + " (try: sluicectl processes)",
                    refused);
        }
    }

    private static Failure cannotAttach(NoClassDefFoundError cause) {
        return new Failure(
                Exit.NO_CONNECTION,
                "this Java cannot attach to processes (" + System.getProperty("java.home")
                        + " lacks the module jdk.attach): give --url HOST:PORT, or use a full JDK",
                cause);
    }
}
