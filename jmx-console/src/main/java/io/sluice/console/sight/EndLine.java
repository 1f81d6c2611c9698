package io.sluice.console.sight;

import io.sluice.console.reach.Values;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of a Liberator's {@code Ends}: how many streams ended for a cause in a phase. What the appliance has between
 * the phase and the number, such as who closed first, is passed over.
 */
public record EndLine(String cause, String phase, long total) {
    /** Those of {@code liberator}, without the line of names. */
    public static List<EndLine> of(Values liberator) {
        List<EndLine> ends = new ArrayList<>();
        for (String line : liberator.lines("Ends")) {
            List<String> cells = List.of(line.strip().split("\\s+", -1));
            String last = cells.get(cells.size() - 1);
            if (cells.size() >= 3 && last.chars().allMatch(Character::isDigit)) {
                ends.add(new EndLine(cells.get(0), cells.get(1), Long.parseLong(last)));
            }
        }
        return ends;
    }
}
