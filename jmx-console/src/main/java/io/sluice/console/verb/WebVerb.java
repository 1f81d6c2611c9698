package io.sluice.console.verb;

import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Reasons;
import io.sluice.console.reach.Way;
import io.sluice.console.sight.Sight;
import io.sluice.console.web.Web;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl web}. */
@Command(
        name = "web",
        description = "A page on loopback: routing picture, charts over time, streams, explain, drain and kill with"
                + " confirmation, audit; with --all, several appliances side by side. Prints its address, which is good once; runs until interrupted. From another"
                + " machine, tunnel the port.",
        footer = {"%nExamples:", "  sluicectl web", "  sluicectl --all web --read-only"})
final class WebVerb implements Callable<Integer> {
    private static final int READINGS = 1800;
    private static final int MILLIS = 1000;
    private static final double SHORTEST_SECONDS = 0.2;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Option(names = "--port", paramLabel = "PORT", description = "Where to listen on 127.0.0.1 (default: a free one).")
    private int port;

    @Option(names = "--read-only", description = "The page changes nothing, whatever the role.")
    private boolean readOnly;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            description = "Between two readings (default: ${DEFAULT-VALUE}).")
    private double intervalSeconds = 1;

    @Override
    public Integer call() throws Failure, InterruptedException {
        if (intervalSeconds < SHORTEST_SECONDS) {
            throw new Failure(
                    Exit.USAGE, "--interval is " + intervalSeconds + " (expected " + SHORTEST_SECONDS + " or more)");
        }
        List<Sight> sights = new ArrayList<>();
        List<Way> ways = console.ways();
        for (Way each : ways) {
            Sight sight = new Sight(each, console.keyboard(), console.timeoutMillis(), READINGS);
            sights.add(sight);
            if (ways.size() == 1) {
                sight.connect();
            } else if (each.user() != null && each.passwordFile() == null) {
                askFirst(sight);
            }
        }
        try (Web web = Web.start(sights, port, readOnly, (int) Math.round(intervalSeconds * MILLIS))) {
            console.say(web.address().toString());
            console.say("good for the first who opens it; Ctrl-C ends it");
            new CountDownLatch(1).await();
        } catch (IOException taken) {
            throw new Failure(Exit.REFUSED, "cannot listen on 127.0.0.1:" + port + ": " + Reasons.of(taken), taken);
        }
        return Exit.DONE.code();
    }

    /** Passwords are asked for one after the other, before the page runs; one that is not there is lost to begin with. */
    private static void askFirst(Sight sight) {
        try {
            sight.connect();
        } catch (Failure lost) {
            // Its row says so, and it is tried again.
        }
    }
}
