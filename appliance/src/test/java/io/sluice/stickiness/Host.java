package io.sluice.stickiness;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An appliance in a process of its own, started as it is shipped; after a handover in that of its successor.
 *
 * <p><b>Threading:</b> started, handed over and ended by one thread, signalled by any.
 */
final class Host {
    private static final int PATIENCE_SECONDS = 180;
    private static final long NOBODY = 0;

    private final String name;
    private final Path launcher;
    private final Path folder;
    private final int jmxPort;
    private final Map<String, String> environment;
    private volatile long pid = NOBODY;

    /** @param environment added to that of this process */
    Host(String name, Path launcher, Path folder, int jmxPort, Map<String, String> environment) {
        this.name = name;
        this.launcher = launcher;
        this.folder = folder;
        this.jmxPort = jmxPort;
        this.environment = environment;
    }

    String name() {
        return name;
    }

    int jmxPort() {
        return jmxPort;
    }

    Path file() {
        return folder.resolve(name + ".yaml");
    }

    private Path readyFile() {
        return folder.resolve(name + ".ready");
    }

    private Path control() {
        return folder.resolve(name + ".control");
    }

    private Process launch(String... arguments) throws IOException {
        File log = folder.resolve(name + ".log").toFile();
        ProcessBuilder builder = new ProcessBuilder(arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        builder.command().add(0, launcher.toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Returns when it is ready. */
    void start() throws IOException, InterruptedException {
        Files.deleteIfExists(readyFile());
        Process started = launch(
                "run",
                "-c",
                file().toString(),
                "--ready-file",
                readyFile().toString(),
                "--control",
                control().toString());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (readyPid() == NOBODY) {
            if (!started.isAlive() || System.nanoTime() > end) {
                throw new IOException(name + " did not start; see " + folder);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        pid = readyPid();
    }

    private long readyPid() throws IOException {
        try {
            String text = Files.readString(readyFile()).strip();
            return text.isEmpty() ? NOBODY : Long.parseLong(text);
        } catch (NoSuchFileException notYet) {
            return NOBODY;
        }
    }

    /** Another process takes its place, beside it; returns when that one serves. Whether it does. */
    boolean handOver() throws IOException, InterruptedException {
        long before = pid;
        pid = NOBODY;
        int exit = launch("handover", "--control", control().toString()).waitFor();
        pid = exit == 0 ? readyPid() : before;
        return exit == 0;
    }

    /** Nothing while it starts: a JVM that has just begun dies of a HUP. */
    void signal(String signal) throws IOException, InterruptedException {
        if (pid != NOBODY) {
            signal(pid, signal);
        }
    }

    private static void signal(long pid, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Ends it at once, as kill -9 does. */
    void kill() throws IOException, InterruptedException {
        signal("KILL");
        awaitEnd();
    }

    /** Ends it as an init script does. */
    void stop() throws IOException, InterruptedException {
        signal("TERM");
        awaitEnd();
    }

    private void awaitEnd() throws IOException, InterruptedException {
        long ending = pid;
        pid = NOBODY;
        while (ending != NOBODY && isAlive(ending)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** A successor is no child of ours: when it has ended it may stay a zombie until somebody looks. */
    private static boolean isAlive(long pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (NoSuchFileException ended) {
            return false;
        }
    }
}
