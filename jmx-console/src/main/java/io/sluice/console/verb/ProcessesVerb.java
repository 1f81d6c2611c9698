package io.sluice.console.verb;

import static io.sluice.console.show.Table.column;

import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.LocalProcess;
import io.sluice.console.show.Form;
import io.sluice.console.show.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl processes}. */
@Command(name = "processes", description = "The appliances on this host that this user may attach to; for root, all.")
final class ProcessesVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Override
    public Integer call() throws Failure {
        Table table = new Table(column("pid", "pid", Form.TEXT), column("command"))
                .orSay("no appliance of this user runs here (as root, those of all users are seen)");
        LocalProcess.all().forEach(each -> table.row(each.pid(), each.command()));
        console.printer().print(table);
        return Exit.DONE.code();
    }
}
