package io.sluice.console.verb;

import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What commands that change something have in common: they say first what they touch, and ask. */
final class Steering {
    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    /**
     * Says what would be done, and asks whether it shall be.
     *
     * @param what a sentence, with how many streams it touches
     * @return whether to go on
     * @throws Failure when there is nobody to ask
     */
    boolean isWanted(Console console, String what) throws Failure {
        if (dryRun) {
            console.say(what);
            return false;
        }
        if (yes) {
            return true;
        }
        if (!console.keyboard().isThere()) {
            throw new Failure(
                    Exit.USAGE,
                    what + "\nnothing was changed: there is no terminal to ask at. Give --yes to do it, --dry-run to"
                            + " only look");
        }
        console.say(what);
        String answer = console.keyboard().ask("Do it? [y/N] ");
        boolean wanted = isYes(answer);
        if (!wanted) {
            console.say("nothing was changed");
        }
        return wanted;
    }

    private static boolean isYes(@Nullable String answer) {
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }
}
