package io.sluice.handover;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The old process's side: starts a successor, waits until it serves, leaves it the addresses, drains and ends.
 *
 * <p><b>Threading:</b> any thread but a loop's; one handover at a time.
 */
public final class Handover {
    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
    private static final Duration START_TIME = Duration.ofSeconds(60);

    private final Incumbent incumbent;
    private final List<String> command;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private volatile @Nullable Start start;

    /**
     * @param command starts a successor; empty: there is no way to
     */
    public Handover(Incumbent incumbent, List<String> command) {
        this.incumbent = incumbent;
        this.command = List.copyOf(command);
    }

    /** A successor that was started and has not come forward yet. */
    private record Start(Process process, CompletableFuture<Conversation> arrival) {}

    /** The successor comes forward; whether it is the one that was started. It owns the conversation then. */
    boolean arrived(Conversation successor, String pid) {
        Start awaited = start;
        return awaited != null
                && pid.equals(Long.toString(awaited.process().pid()))
                && awaited.arrival().complete(successor);
    }

    /**
     * Does it all, and tells the operator of each step.
     *
     * @param drain how long streams may take to end, ISO 8601; empty: as long as for a stop
     */
    void begin(Conversation operator, String drain) {
        Duration limit;
        try {
            limit = drain.isEmpty() ? null : Duration.parse(drain);
        } catch (DateTimeParseException wrong) {
            tell(operator, "failed '" + drain + "' is no duration");
            return;
        }
        if (!underWay.compareAndSet(false, true)) {
            tell(operator, "failed a handover is under way or done: this process drains, ask its successor");
            return;
        }
        long pid;
        try {
            pid = takePlace(operator);
        } catch (IOException failed) {
            LOG.error("handover.failed cause=\"{}\" action=\"goes on serving\"", failed.getMessage());
            tell(operator, "failed " + failed.getMessage());
            underWay.set(false);
            return;
        }
        int streams = incumbent.retire(limit);
        LOG.info("handover.done successor={} streams={}", pid, streams);
        tell(operator, "serving " + pid + " " + streams);
    }

    private static void tell(Conversation operator, String line) {
        try {
            operator.say(line);
        } catch (IOException gone) {
            LOG.debug("the operator has left", gone);
        }
    }

    /** Until the successor has our place; its pid. An exception: everything is as before. */
    private long takePlace(Conversation operator) throws IOException {
        if (command.isEmpty()) {
            throw new IOException(
                    "this process was not started by the launcher and does not know how to start another");
        }
        incumbent.share(true);
        Start awaited = null;
        try {
            awaited = start(operator);
            Conversation successor = awaitServing(awaited);
            incumbent.announce(awaited.process().pid());
            incumbent.leave();
            settle(successor);
            return awaited.process().pid();
        } catch (IOException failed) {
            if (awaited != null) {
                awaited.process().destroyForcibly();
            }
            incumbent.share(false);
            throw failed;
        } finally {
            start = null;
        }
    }

    private Start start(Conversation operator) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        // It names us; without it the supervisor's watchdog is for whoever beats.
        builder.environment().remove("WATCHDOG_PID");
        Process process = builder.start();
        LOG.info("handover.start successor={}", process.pid());
        tell(operator, "starting " + process.pid());
        Start started = new Start(process, new CompletableFuture<>());
        start = started;
        var unused = process.onExit()
                .thenAccept(ended -> started.arrival()
                        .completeExceptionally(new IOException("it ended with exit code " + ended.exitValue())));
        return started;
    }

    /** Waits until the successor listens at all its addresses. */
    private static Conversation awaitServing(Start start) throws IOException {
        // Its death ends every wait below.
        var limit = CompletableFuture.delayedExecutor(START_TIME.toSeconds(), TimeUnit.SECONDS);
        AtomicBoolean late = new AtomicBoolean();
        CompletableFuture<Void> clock = CompletableFuture.runAsync(
                () -> {
                    late.set(true);
                    start.process().destroyForcibly();
                },
                limit);
        try {
            Conversation successor = start.arrival().get(START_TIME.toSeconds() * 2, TimeUnit.SECONDS);
            String said = successor.hear();
            if (!"serving".equals(said)) {
                throw new IOException(said == null ? "it ended before it served" : said);
            }
            return successor;
        } catch (InterruptedException | ExecutionException | TimeoutException | IOException failed) {
            if (failed instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            Throwable cause =
                    failed instanceof ExecutionException && failed.getCause() != null ? failed.getCause() : failed;
            String reason =
                    late.get() ? "it does not serve after " + START_TIME.toSeconds() + " s" : cause.getMessage();
            throw new IOException("the new process did not start: " + reason, failed);
        } finally {
            clock.cancel(false);
        }
    }

    /**
     * Tells the successor that the place is its own, and waits until it is at home there. Nothing is undone any more.
     */
    private static void settle(Conversation successor) {
        try (successor) {
            successor.say("yours");
            if (!"settled".equals(successor.hear())) {
                LOG.error("handover.lost cause=\"the new process ended\" action=\"start it by its supervisor\"");
            }
        } catch (IOException gone) {
            LOG.error("handover.lost cause=\"{}\" action=\"start it by its supervisor\"", gone.toString());
        }
    }
}
