package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.show.Form;
import io.sluice.console.sight.Acts.Pace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluicectl drain}. */
@Command(
        name = "drain",
        description = "Takes a Liberator, or all of them, out of service and empties it: new streams get the onDown of"
                + " their route, those that are open are ended at a rate and between two messages. What is left at the"
                + " deadline is ended at once.",
        footer = {
            "%nExamples:",
            "  sluicectl drain lib-a --rate 50 --deadline 600 --wait",
            "  sluicectl drain --all-liberators --yes"
        })
final class DrainVerb extends ChangeVerb {
    private static final int POLL_MILLIS = 1000;

    @ArgGroup(exclusive = true, multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Whom whom;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Streams to end in a second, 0 for all at once (default: ${DEFAULT-VALUE}).")
    private int perSecond = Pace.USUAL.perSecond();

    @Option(
            names = "--deadline",
            paramLabel = "SECONDS",
            description = "When what is left is ended (default: ${DEFAULT-VALUE}).")
    private int deadlineSeconds = Pace.USUAL.deadlineSeconds();

    @Option(names = "--wait", description = "Return only when it is empty, saying how far it is.")
    private boolean wait;

    @Override
    Change change(Appliance appliance) throws Failure {
        Service service = Service.of(appliance, whom.liberator(), "drain");
        String would = "drain of " + service.who() + ": " + service.streams(appliance) + " streams would be ended, "
                + (perSecond == 0 ? "all at once" : perSecond + " in a second") + ", all within "
                + Form.time(Duration.ofSeconds(deadlineSeconds)) + "; new ones are refused";
        return new Change(would, () -> {
            service.bean().say("drain", perSecond, deadlineSeconds).forEach(console()::say);
            if (wait) {
                await(appliance, service);
            }
            return List.of();
        });
    }

    private void await(Appliance appliance, Service service) throws Failure, InterruptedException {
        long told = -1;
        while (true) {
            boolean draining =
                    isDraining(appliance); // before its streams: kept connections may leave after the last one
            long left = service.streams(appliance);
            if (left != told) {
                console().say(service.who() + ": " + left + " streams open");
                told = left;
            }
            if (!draining && left == 0) {
                return;
            }
            if (!draining) {
                throw new Failure(
                        Exit.REFUSED,
                        "the drain of " + service.who() + " was called off; " + left + " streams are open");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private boolean isDraining(Appliance appliance) throws Failure {
        String liberator = whom.liberator();
        for (Bean each : appliance.beans("sluice:type=Liberator,*")) {
            boolean meant = liberator == null || liberator.equals(each.key("name"));
            if (meant && each.read("State").text("State").equals("DRAINING")) {
                return true;
            }
        }
        return false;
    }
}
