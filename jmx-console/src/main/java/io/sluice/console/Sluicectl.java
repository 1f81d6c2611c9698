package io.sluice.console;

import io.sluice.console.reach.Keyboard;
import io.sluice.console.reach.Terminals;
import io.sluice.console.verb.Console;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;

/** The command line {@code sluicectl}. */
public final class Sluicectl {
    private Sluicectl() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] arguments) {
        CommandLine line =
                Console.commandLine(System.getenv(), Keyboard.ofTerminal(), Terminals.wantsColours(System.getenv()));
        Charset charset = Charset.forName(
                System.getProperty("stdout.encoding", Charset.defaultCharset().name()));
        line.setOut(new PrintWriter(System.out, false, charset));
        line.setErr(new PrintWriter(System.err, true, charset));
        int code = line.execute(arguments);
        line.getOut().flush();
        System.exit(code);
    }
}
