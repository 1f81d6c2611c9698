package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Values;
import io.sluice.console.show.Form;
import io.sluice.console.show.Table;
import picocli.CommandLine.Command;

/** {@code sluicectl certificates}. */
@Command(name = "certificates", description = "The certificates that listeners show, and until when they are good.")
final class CertificatesVerb extends ReadVerb {
    private static final int WARNING_DAYS = 30;

    @Override
    Table read(Appliance appliance) throws Failure {
        Table table = new Table(
                        column("listener"),
                        column("state", "state", Form.STATE),
                        column("daysLeft", "days left", Form.NUMBER),
                        column("notAfter", "until", Form.TEXT),
                        column("names"),
                        column("keyType", "key", Form.TEXT),
                        column("connections", "conns", Form.NUMBER),
                        column("issuer"),
                        column("serial"),
                        column("file"))
                .orSay("no listener speaks TLS");
        Values certificates = appliance.bean("Certificates").read("Rows");
        for (Values each : certificates.records("Rows")) {
            table.row(
                    each.text("listener"),
                    state(each),
                    each.raw("daysLeft"),
                    each.text("notAfter"),
                    each.lines("names"),
                    each.text("keyType"),
                    each.raw("connections"),
                    each.text("issuer"),
                    each.text("serial"),
                    each.text("file"));
        }
        return table;
    }

    private static String state(Values row) {
        long days = row.number("daysLeft");
        if (days < 0) {
            return "expired";
        } else if (!row.is("shown")) {
            return "replaced";
        }
        return days < WARNING_DAYS ? "warning" : "ok";
    }
}
