package io.sluice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever started the process and wants to know how it is: systemd (sd_notify) when {@code NOTIFY_SOCKET} is set, an
 * init script by a file that exists while the appliance serves.
 *
 * <p>Java has no datagram sockets of the Unix domain, so {@code systemd-notify} speaks to systemd; the unit therefore
 * needs {@code NotifyAccess=all}. Nothing here can fail a start: what cannot be told is a warning.
 *
 * <p><b>Threading:</b> any thread but a loop's; waits for a process.
 */
final class Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final long NOTIFY_SECONDS = 10;

    private final boolean systemd;
    private final @Nullable Path readyFile;
    private final long watchdogNanos;
    private volatile boolean succeeded;

    /**
     * @param environment that of the process
     * @param readyFile the file that says "serving"; null = none
     */
    Supervisor(Map<String, String> environment, @Nullable Path readyFile) {
        this.systemd = environment.containsKey("NOTIFY_SOCKET");
        this.readyFile = readyFile;
        this.watchdogNanos = systemd ? watchdogNanos(environment) : 0;
    }

    private static long watchdogNanos(Map<String, String> environment) {
        String pid = environment.get("WATCHDOG_PID");
        if (pid != null && !pid.equals(Long.toString(ProcessHandle.current().pid()))) {
            return 0;
        }
        try {
            return TimeUnit.MICROSECONDS.toNanos(Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0")));
        } catch (NumberFormatException notOurs) {
            return 0;
        }
    }

    /** Without {@link #alive()} for so long, the process is killed and started again; 0 = no watchdog. */
    long watchdogNanos() {
        return watchdogNanos;
    }

    /** All listeners are open. */
    void serving() {
        if (readyFile != null) {
            try {
                Files.writeString(readyFile, ProcessHandle.current().pid() + "\n");
            } catch (IOException untold) {
                LOG.warn("supervisor.untold file={} cause=\"{}\"", readyFile, untold.toString());
            }
        }
        tell("READY=1");
    }

    /** The appliance drains and then ends. */
    void stopping() {
        if (readyFile != null) {
            try {
                Files.deleteIfExists(readyFile);
            } catch (IOException untold) {
                LOG.warn("supervisor.untold file={} cause=\"{}\"", readyFile, untold.toString());
            }
        }
        tell("STOPPING=1");
    }

    /** The appliance works. */
    void alive() {
        tell("WATCHDOG=1");
    }

    /**
     * Another process is the service from now on, and speaks for it: this one falls silent.
     *
     * @throws IOException when it cannot be told
     */
    void succeededBy(long pid) throws IOException {
        if (systemd) {
            notify("MAINPID=" + pid);
        }
        succeeded = true;
    }

    private void tell(String what) {
        if (!systemd || succeeded) {
            return;
        }
        try {
            notify(what);
        } catch (IOException untold) {
            LOG.warn("supervisor.untold message={} cause=\"{}\"", what, untold.getMessage());
        }
    }

    private static void notify(String what) throws IOException {
        Process notify = new ProcessBuilder("systemd-notify", what).inheritIO().start();
        try {
            if (!notify.waitFor(NOTIFY_SECONDS, TimeUnit.SECONDS)) {
                notify.destroyForcibly();
                throw new IOException("systemd-notify did not end");
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", hurried);
        }
        if (notify.exitValue() != 0) {
            throw new IOException("systemd-notify ended with exit code " + notify.exitValue());
        }
    }
}
