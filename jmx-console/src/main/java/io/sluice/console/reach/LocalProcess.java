package io.sluice.console.reach;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The appliance as a process of this host, which whoever may attach to it manages without a password. */
public record LocalProcess(long pid, String command) {
    private static final Pattern SERVING = Pattern.compile("io\\.sluice\\.Sluice\\s+(run|demo)\\b.*");
    private static final Pattern SERVICE_NAME = Pattern.compile("[A-Za-z0-9:_.@-]+");
    private static final int SYSTEMCTL_SECONDS = 5;

    /** Where JVMs listen for those who attach, whatever {@code java.io.tmpdir} says. */
    private static final Path TEMPORARY = Path.of("/tmp");

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
     * The process that is meant: by its id, its service, or as the only one.
     *
     * @throws Failure when there is none, or when an address is given instead
     */
    public static LocalProcess of(Way way) throws Failure {
        if (way.url() != null) {
            throw new Failure(
                    Exit.USAGE, "this is done to a process of this host: give --pid or --service, no address");
        }
        Long pid = way.pid();
        String service = way.service();
        if (pid != null || service != null) {
            return new LocalProcess(pid != null ? pid : ofService(Objects.requireNonNull(service)), "");
        }
        return theOnlyOne()
                .orElseThrow(() -> new Failure(
                        Exit.NO_CONNECTION,
                        "no appliance runs here as this user. Of another user's: try sudo, and --pid or --service"));
    }

    /**
     * The appliance on this host where there is just one.
     *
     * @throws Failure when there are several; the sentence names them
     */
    static Optional<LocalProcess> theOnlyOne() throws Failure {
        List<LocalProcess> found = all();
        if (found.size() < 2) {
            return found.stream().findFirst();
        }
        StringBuilder sentence = new StringBuilder("several appliances run on this host, say which:");
        for (LocalProcess each : found) {
            sentence.append("\n  sluicectl --pid ")
                    .append(each.pid)
                    .append("   # ")
                    .append(each.command);
        }
        throw new Failure(Exit.USAGE, sentence.toString());
    }

    /** The way to it by attaching. */
    public Way way() {
        return new Way("", null, pid, null, null, null, null, null, null, false);
    }

    /**
     * The address of the process's own management, which is switched on when it is not: a port that takes connections
     * from this host alone.
     *
     * @throws Failure when there is no such process, or this user may not attach to it
     */
    static String managementUrl(long pid) throws Failure {
        return attached(pid, VirtualMachine::startLocalManagementAgent);
    }

    /**
     * Loads an agent into the process.
     *
     * @param jar which the process can read
     * @throws Failure when there is no such process, this user may not attach to it, or it does not take the agent
     */
    public void load(Path jar, String options) throws Failure {
        attached(pid, machine -> {
            try {
                machine.loadAgent(jar.toString(), options);
                return "";
            } catch (AgentLoadException | AgentInitializationException refused) {
                throw new Failure(
                        Exit.REFUSED,
                        "process " + pid + " did not take " + jar + ": " + Reasons.of(refused)
                                + ". Can its user read the file?",
                        refused);
            }
        });
    }

    private interface Work<T> {
        T with(VirtualMachine machine) throws IOException, Failure;
    }

    private static <T> T attached(long pid, Work<T> work) throws Failure {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                return work.with(machine);
            } finally {
                machine.detach();
            }
        } catch (NoClassDefFoundError none) {
            throw cannotAttach(none);
        } catch (AttachNotSupportedException | IOException refused) {
            throw notAttached(pid, refused);
        }
    }

    private static Failure notAttached(long pid, Exception refused) {
        if (ProcessHandle.of(pid).isEmpty()) {
            return new Failure(
                    Exit.NO_CONNECTION, "there is no process " + pid + " (try: sluicectl processes)", refused);
        }
        if (hasFilesOfItsOwn(pid)) {
            return new Failure(
                    Exit.NO_CONNECTION,
                    "cannot attach to process " + pid + ": it has a " + TEMPORARY + " of its own (PrivateTmp= of its"
                            + " unit, or a container), where Java "
                            + Runtime.version().feature()
                            + " does not look for it. Give --url with its JMX address (127.0.0.1:7199 if not"
                            + " configured), or start sluicectl with Java 25 or newer: JAVA_HOME=FOLDER sluicectl …",
                    refused);
        }
        return new Failure(
                Exit.NOT_ALLOWED,
                "cannot attach to process " + pid + ": " + refused.getMessage()
                        + ". Only its own user and root may: try sudo, or --url with the JMX address",
                refused);
    }

    /** Whether the meeting place of the two, {@code /tmp}, is not the same for it as for us; no if that cannot be seen. */
    private static boolean hasFilesOfItsOwn(long pid) {
        try {
            return !Files.isSameFile(TEMPORARY, Path.of("/proc/" + pid + "/root" + TEMPORARY));
        } catch (IOException hidden) {
            return false;
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
