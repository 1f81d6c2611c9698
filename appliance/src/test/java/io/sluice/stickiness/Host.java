package io.sluice.stickiness;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An appliance in a process of its own, started as it is shipped.
 *
 * <p><b>Threading:</b> started and ended by one thread, signalled by any.
 */
final class Host {
    private static final int PATIENCE_SECONDS = 180;

    private final String name;
    private final Path launcher;
    private final Path folder;
    private final Map<String, String> environment;
    private volatile @Nullable Process process;
    private volatile boolean ready;

    /** @param environment added to that of this process */
    Host(String name, Path launcher, Path folder, Map<String, String> environment) {
        this.name = name;
        this.launcher = launcher;
        this.folder = folder;
        this.environment = environment;
    }

    String name() {
        return name;
    }

    Path file() {
        return folder.resolve(name + ".yaml");
    }

    /** Returns when it is ready. */
    void start() throws IOException, InterruptedException {
        Path sign = folder.resolve(name + ".ready");
        Files.deleteIfExists(sign);
        File log = folder.resolve(name + ".log").toFile();
        ProcessBuilder builder = new ProcessBuilder(
                        List.of(launcher.toString(), "run", "-c", file().toString(), "--ready-file", sign.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        builder.environment().putAll(environment);
        Process started = builder.start();
        ready = false;
        process = started;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(sign)) {
            if (!started.isAlive() || System.nanoTime() > end) {
                throw new IOException(name + " did not start; see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        this.ready = true;
    }

    boolean isAlive() {
        Process now = process;
        return now != null && now.isAlive();
    }

    /** Nothing while it starts: a JVM that has just begun dies of a HUP. */
    void signal(String signal) throws IOException, InterruptedException {
        Process now = process;
        if (now != null && ready && now.isAlive()) {
            new ProcessBuilder("kill", "-" + signal, String.valueOf(now.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        }
    }

    /** Ends it at once, as kill -9 does. */
    void kill() throws InterruptedException {
        Process now = process;
        if (now != null) {
            now.destroyForcibly().waitFor();
        }
    }
}
