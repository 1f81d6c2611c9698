package io.sluice.console.sight;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Reasons;
import java.util.List;

/**
 * What the faces that stay open may do: {@code kill} a stream, {@code killClient}, {@code killLiberator};
 * {@code drain}, {@code undrain}, {@code disable} and {@code enable} a Liberator. Each is asked first what it would
 * do.
 */
public final class Acts {
    private static final String NOTHING_CHANGED = "; nothing was changed";

    private Acts() {}

    /**
     * How fast a drain goes.
     *
     * @param perSecond how many streams it ends in a second; 0: all at once
     * @param deadlineSeconds when what is left is ended
     */
    public record Pace(int perSecond, int deadlineSeconds) {
        public static final Pace USUAL = new Pace(50, 300);

        /** What an appliance takes. */
        public static final int MOST_PER_SECOND = 100_000;

        public static final int MOST_SECONDS = 86_400;

        /**
         * As somebody typed it.
         *
         * @throws Failure when no appliance takes it; the sentence says what it takes
         */
        public static Pace of(String perSecond, String deadlineSeconds) throws Failure {
            return new Pace(
                    number("streams a second", perSecond, 0, MOST_PER_SECOND),
                    number("seconds", deadlineSeconds, 1, MOST_SECONDS));
        }

        private static int number(String what, String text, int least, int most) throws Failure {
            int number = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : -1;
            if (number < least || number > most) {
                throw new Failure(
                        Exit.USAGE,
                        what + ": '" + Reasons.printable(text) + "' (expected " + least + " to " + most + ")");
            }
            return number;
        }

        @Override
        public String toString() {
            return (perSecond == 0 ? "all at once" : perSecond + " a second") + ", all within " + deadlineSeconds
                    + " s";
        }
    }

    /**
     * What an act would do, and to how many streams; changes nothing.
     *
     * @param target a Liberator, a stream's id, or a client's address, as the act has it
     * @param pace of a drain
     */
    public static String would(Appliance appliance, String act, String target, Pace pace) throws Failure {
        if (isKill(act)) {
            return text(appliance.bean("Streams").say(act, target, true)).replace(NOTHING_CHANGED, "");
        }
        able(appliance, act, target);
        Object open = appliance.bean("Streams").invoke("count", "liberator=" + target);
        return switch (act) {
            case "drain" -> target + ": " + open + " streams would be ended, " + pace + "; new ones are refused";
            case "disable" -> target + ": new streams would be refused; " + open + " that are open stay";
            default -> target + ": new streams would come to it again";
        };
    }

    /** Does it, and returns what the appliance says. */
    public static String run(Appliance appliance, String act, String target, Pace pace) throws Failure {
        if (isKill(act)) {
            return text(appliance.bean("Streams").say(act, target, false));
        }
        Bean liberator = able(appliance, act, target);
        return text(
                act.equals("drain")
                        ? liberator.say(act, pace.perSecond(), pace.deadlineSeconds())
                        : liberator.say(act));
    }

    private static boolean isKill(String act) throws Failure {
        return switch (act) {
            case "kill", "killClient", "killLiberator" -> true;
            case "drain", "undrain", "disable", "enable" -> false;
            default -> throw new Failure(Exit.USAGE, "there is no act '" + act + "'");
        };
    }

    private static Bean able(Appliance appliance, String act, String target) throws Failure {
        Bean liberator = appliance.bean("Liberator", target);
        if (!liberator.has(act)) {
            throw new Failure(Exit.REFUSED, "this appliance has no " + act + " for '" + target + "'");
        }
        return liberator;
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines);
    }
}
