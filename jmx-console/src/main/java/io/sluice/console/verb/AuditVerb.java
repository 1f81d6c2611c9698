package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Failure;
import io.sluice.console.show.Form;
import io.sluice.console.show.JsonText;
import io.sluice.console.show.Table;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code sluicectl audit}. */
@Command(
        name = "audit",
        description = "The last attempts to change something: when, who, from where, what, what came of it.")
final class AuditVerb extends ReadVerb {
    @Override
    Table read(Appliance appliance) throws Failure {
        Table table = new Table(
                        column("at"),
                        column("user"),
                        column("role"),
                        column("from"),
                        column("mbean"),
                        column("operation"),
                        column("arguments"),
                        column("result"),
                        column("ms", "took", Form.MILLIS))
                .orSay("nobody has changed anything since the start");
        for (String line : appliance.bean("Management").say("audit")) {
            Map<String, Object> write = JsonText.object(line);
            table.row(
                    write.get("at"),
                    write.get("user"),
                    write.get("role"),
                    write.get("from"),
                    String.valueOf(write.get("mbean")).replaceFirst("sluice:type=", ""),
                    write.get("operation"),
                    write.get("arguments"),
                    write.get("result"),
                    write.get("ms"));
        }
        return table;
    }
}
