package io.sluice;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/**
 * The command line: {@code sluice init}, {@code check}, {@code run}, {@code handover}, {@code demo},
 * {@code hash-password}.
 */
@Command(
        name = "sluice",
        description = "A streaming reverse proxy for the DMZ in front of Caplin Liberator.",
        mixinStandardHelpOptions = true,
        versionProvider = Sluice.VersionText.class,
        subcommands = {
            DemoCommand.class,
            InitCommand.class,
            RunCommand.class,
            CheckCommand.class,
            HandoverCommand.class,
            HashPasswordCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Try it:   sluice demo",
            "Write it: sluice init",
            "Run it:   sluice run -c /etc/sluice/sluice.yaml",
            "Check it: sluice check /etc/sluice/sluice.yaml",
            "Faster start, by an archive of loaded classes (the packages do it): sluice prepare",
        })
public final class Sluice {
    private Sluice() {}

    /** Runs the command and exits with its code: 0 done, 1 failed, 2 usage, 78 bad configuration. */
    public static void main(String[] arguments) {
        int code = new CommandLine(new Sluice()).execute(arguments);
        if (code >= 0) {
            System.exit(code);
        }
    }

    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "Sluice " + Version.text(),
                "Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")",
            };
        }
    }
}
