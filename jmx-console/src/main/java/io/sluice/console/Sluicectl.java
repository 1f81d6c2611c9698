package io.sluice.console;

import io.sluice.console.reach.Keyboard;
import io.sluice.console.reach.Terminals;
import io.sluice.console.verb.Call;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Map;

/** The command line {@code sluicectl}. */
public final class Sluicectl {
    private Sluicectl() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Charset charset = Charset.forName(
                System.getProperty("stdout.encoding", Charset.defaultCharset().name()));
        PrintWriter out = new PrintWriter(System.out, false, charset);
        PrintWriter err = new PrintWriter(System.err, true, charset);
        int code = new Call(environment, Keyboard.ofTerminal(), Terminals.wantsColours(environment), out, err)
                .run(arguments);
        out.flush();
        System.exit(code);
    }
}
