package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Failure;
import io.sluice.console.show.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tables that the MBeans of one or two types have as lines, joined. */
final class LineTables {
    private LineTables() {}

    /** The attribute of each MBean that matches one of the patterns, behind its type and name. */
    static Table of(Appliance appliance, String attribute, String... patterns) throws Failure {
        Map<String, Table> tables = new LinkedHashMap<>();
        for (String pattern : patterns) {
            for (Bean each : appliance.beans(pattern)) {
                List<String> lines = each.read(attribute).lines(attribute);
                if (lines.size() > 1) {
                    tables.put(each.key("name"), Table.ofLines(lines));
                }
            }
        }
        return Table.joined("of", tables);
    }
}
