package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Reasons;
import io.sluice.console.show.Table;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.Notification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl events}. */
@Command(
        name = "events",
        description = "The last changes of state of the Liberators; with --follow, every notification of the appliance"
                + " from now on, one a line: time, what, message.")
final class EventsVerb implements Callable<Integer> {
    private static final int CHECK_SECONDS = 5;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until interrupted.")
    private boolean follow;

    @Option(names = "--count", paramLabel = "N", description = "With --follow: end after so many.")
    private long count = Long.MAX_VALUE;

    @Override
    public Integer call() throws Failure, InterruptedException {
        if (!follow) {
            return console.show(EventsVerb::changes);
        }
        try (Appliance appliance = console.connect()) {
            BlockingQueue<Notification> told = new LinkedBlockingQueue<>();
            for (Bean each : appliance.beans("sluice:*")) {
                if (each.info().getNotifications().length > 0) {
                    each.listen((notification, handback) -> told.add(notification));
                }
            }
            for (long seen = 0; seen < count; ) {
                Notification next = told.poll(CHECK_SECONDS, TimeUnit.SECONDS);
                if (next != null) {
                    console.say(line(next));
                    seen++;
                } else {
                    appliance.bean("Appliance").read("TableVersion"); // says so when the connection is lost
                }
            }
        }
        return Exit.DONE.code();
    }

    private static Table changes(Appliance appliance) throws Failure {
        return LineTables.of(appliance, "StateChanges", "sluice:type=Liberator,*")
                .orSay("no changes of state");
    }

    private static String line(Notification notification) {
        Object data = notification.getUserData();
        return Instant.ofEpochMilli(notification.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS) + "  "
                + Reasons.printable(notification.getType()) + "  "
                + Reasons.printable(String.valueOf(notification.getMessage()))
                + (data == null ? "" : "  " + Reasons.printable(data.toString()));
    }
}
