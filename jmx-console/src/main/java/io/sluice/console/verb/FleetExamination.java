package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.show.Form;
import io.sluice.console.show.Table;
import io.sluice.console.sight.Difference;
import io.sluice.console.sight.Difference.Subject;
import io.sluice.console.sight.Differences;
import io.sluice.console.sight.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** The doctor's round over all appliances: each of them, and then whether they are the same where they should be. */
final class FleetExamination implements Callable<Integer> {
    private static final String ALL = "all";

    private final Console console;
    private final Table table = new Table(
            column("appliance"),
            column("subject"),
            column("state", "state", Form.STATE),
            column("found"),
            column("advice", "what to do", Form.TEXT));
    private final Map<String, Reading> readings = new LinkedHashMap<>();
    private boolean bad;

    FleetExamination(Console console) {
        this.console = console;
    }

    private record Examined(List<Finding> findings, Reading reading) {
        static Examined of(Appliance appliance) throws Failure {
            return new Examined(new Examination(appliance).findings(), Reading.of(appliance, null));
        }
    }

    @Override
    public Integer call() throws Failure {
        console.ofAll(Examined::of).forEach(this::add);
        List<Difference> differences = Differences.between(readings);
        for (Subject each : readings.size() < 2 ? new Subject[0] : Subject.values()) {
            List<Difference> of = new ArrayList<>(differences);
            of.removeIf(difference -> difference.subject() != each);
            of.forEach(difference -> add(ALL, finding(difference)));
            if (of.isEmpty()) {
                add(ALL, Finding.ok(each.label(), "no difference"));
            }
        }
        console.printer().print(table);
        return (bad ? Exit.REFUSED : Exit.DONE).code();
    }

    private void add(String name, Console.Outcome<Examined> outcome) {
        Examined examined = outcome.value();
        if (examined == null) {
            Failure failure = Objects.requireNonNull(outcome.failure());
            String sentence = failure.getMessage().replace('\n', ' ');
            add(name, Finding.bad("connection", sentence, "nothing else of it is known"));
            return;
        }
        readings.put(name, examined.reading());
        examined.findings().forEach(each -> add(name, each));
    }

    private static Finding finding(Difference difference) {
        String subject = difference.subject().label();
        String advice = difference.subject().advice();
        return difference.grave()
                ? Finding.bad(subject, difference.sentence(), advice)
                : Finding.warning(subject, difference.sentence(), advice);
    }

    private void add(String name, Finding finding) {
        table.row(name, finding.subject(), finding.state(), finding.found(), finding.advice());
        bad |= finding.isBad();
    }
}
