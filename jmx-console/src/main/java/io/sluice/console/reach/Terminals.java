package io.sluice.console.reach;

import java.util.Map;

/**
 * Whether input and output are a terminal. The launcher knows and says so, in the property {@code sluicectl.terminal}
 * with the words {@code in} and {@code out}; Java itself cannot tell the two apart, and before 22 says it of neither.
 */
public final class Terminals {
    private Terminals() {}

    public static boolean inIsTerminal() {
        return says("in");
    }

    public static boolean outIsTerminal() {
        return says("out");
    }

    /** Whether output may have colours: a terminal that knows them, and nobody has said no (no-color.org). */
    public static boolean wantsColours(Map<String, String> environment) {
        return outIsTerminal()
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    @SuppressWarnings("SystemConsoleNull") // asked only where no launcher has told
    private static boolean says(String which) {
        String told = System.getProperty("sluicectl.terminal");
        return told == null ? System.console() != null : told.contains(which);
    }
}
