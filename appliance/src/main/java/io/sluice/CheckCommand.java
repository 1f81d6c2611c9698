package io.sluice;

import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import io.sluice.config.Problem;
import io.sluice.config.SluiceConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice check}: says all that is wrong with a configuration file, and starts nothing. */
@Command(
        name = "check",
        description = "Checks a configuration file and prints every problem as FILE:LINE:COLUMN: what is wrong.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:the file is good", "78:the file is bad"})
final class CheckCommand implements Callable<Integer> {
    /** EX_CONFIG of sysexits.h; a supervisor does not restart after it. */
    static final int EXIT_BAD_CONFIG = 78;

    @Parameters(paramLabel = "FILE", description = "The configuration file.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    public Integer call() {
        Logging.quiet();
        ConfigResult result = ConfigLoader.load(file);
        if (result instanceof ConfigResult.Refused refused) {
            print(refused.problems());
            System.err.println(count(refused.problems().size()) + " in " + file);
            return EXIT_BAD_CONFIG;
        }
        SluiceConfig config = ((ConfigResult.Loaded) result).config();
        System.out.printf(
                "%s is good: %d listeners, %d Liberators, %d routes%n",
                file,
                config.listeners().size(),
                config.liberators().size(),
                config.routes().size());
        return 0;
    }

    static void print(List<Problem> problems) {
        problems.forEach(System.err::println);
    }

    static String count(int problems) {
        return problems == 1 ? "1 problem" : problems + " problems";
    }
}
