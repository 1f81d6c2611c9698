package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluicectl reload}. */
@Command(
        name = "reload",
        description = "Reads the configuration file again, as HUP does, or only the certificates. Open streams are not"
                + " touched; what is wrong changes nothing and is said line by line.")
final class ReloadVerb implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Console console;

    @Option(names = "--certificates", description = "Only certificates, keys and trust files.")
    private boolean certificates;

    @Override
    public Integer call() throws Failure {
        try (Appliance appliance = console.connect()) {
            String before = appliance.bean("Appliance").read("TableVersion").text("TableVersion");
            List<String> said =
                    appliance.bean(certificates ? "Certificates" : "Appliance").say("reload");
            console.printer().print(said);
            if (certificates) {
                boolean bad = !appliance
                        .bean("Certificates")
                        .read("LastError")
                        .text("LastError")
                        .isEmpty();
                return (bad ? Exit.REFUSED : Exit.DONE).code();
            }
            String after = appliance.bean("Appliance").read("TableVersion").text("TableVersion");
            return (before.equals(after) ? Exit.REFUSED : Exit.DONE).code();
        }
    }
}
