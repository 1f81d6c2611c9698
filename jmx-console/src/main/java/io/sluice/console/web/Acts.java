package io.sluice.console.web;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.List;

/** What the page may ask for: each act first only says what it would do. */
final class Acts {
    private static final int DRAIN_PER_SECOND = 50;
    private static final int DRAIN_SECONDS = 300;

    private Acts() {}

    /**
     * Does one, or only says what it would do.
     *
     * @param target a Liberator, a stream's id, or a client's address, as the act has it
     * @return what the appliance says
     */
    static List<String> run(Appliance appliance, String act, String target, boolean dryRun) throws Failure {
        return switch (act) {
            case "kill", "killClient", "killLiberator" ->
                appliance.bean("Streams").say(act, target, dryRun);
            case "drain", "undrain", "disable", "enable" -> steer(appliance, act, target, dryRun);
            default -> throw new Failure(Exit.USAGE, "there is no act '" + act + "'");
        };
    }

    private static List<String> steer(Appliance appliance, String act, String target, boolean dryRun) throws Failure {
        Bean bean = appliance.bean("Liberator", target);
        if (!bean.has(act)) {
            throw new Failure(Exit.REFUSED, "this appliance has no " + act + " for '" + target + "'");
        }
        if (dryRun) {
            Object open = appliance.bean("Streams").invoke("count", "liberator=" + target);
            return List.of(
                    switch (act) {
                        case "drain" ->
                            target + ": " + open + " streams would be ended, " + DRAIN_PER_SECOND
                                    + " a second, all within " + DRAIN_SECONDS + " s; new ones are refused";
                        case "disable" -> target + ": new streams would be refused; " + open + " that are open stay";
                        default -> target + ": new streams would come to it again";
                    });
        }
        return act.equals("drain") ? bean.say(act, DRAIN_PER_SECOND, DRAIN_SECONDS) : bean.say(act);
    }
}
