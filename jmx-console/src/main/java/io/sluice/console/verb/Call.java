package io.sluice.console.verb;

import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Keyboard;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IParameterExceptionHandler;

/**
 * A call of {@code sluicectl}: arguments in, words and an exit code out.
 *
 * <p>What picocli knows of a verb is read from its annotations, and for all verbs together that takes longer than most
 * of them run. So the line has only those that the arguments name, which makes no difference to what the arguments
 * mean: a word that names no verb is none on the whole line either. Wherever the others are shown or looked through, in
 * the help, in the completion and for a word that cannot be placed, the whole line is made.
 */
public final class Call {
    private static final Set<Class<?>> SHOW_ALL = Set.of(HelpCommand.class, CompletionVerb.class);
    private static final List<String> VERSION = List.of("-V", "--version");

    private final Map<String, String> environment;
    private final Keyboard keyboard;
    private final boolean colours;
    private final PrintWriter out;
    private final PrintWriter err;

    /**
     * Runs nothing yet.
     *
     * @param colours whether {@code out} and {@code err} may have them
     */
    public Call(Map<String, String> environment, Keyboard keyboard, boolean colours, PrintWriter out, PrintWriter err) {
        this.environment = environment;
        this.keyboard = keyboard;
        this.colours = colours;
        this.out = out;
        this.err = err;
    }

    /** Runs what the arguments ask for, and returns the code of {@link Exit} to end with; throws nothing. */
    public int run(String... arguments) {
        Set<Class<?>> named = verbs(arguments);
        boolean enough = named.isEmpty() ? isVersion(arguments) : named.stream().noneMatch(SHOW_ALL::contains);
        return enough && !hasFile(arguments) ? runWith(named, arguments) : runWithAll(arguments);
    }

    private static boolean isVersion(String[] arguments) {
        return arguments.length == 1 && VERSION.contains(arguments[0]);
    }

    /** A file of arguments ({@code @FILE}) may name verbs too. */
    private static boolean hasFile(String[] arguments) {
        for (String each : arguments) {
            if (each.startsWith("@")) {
                return true;
            }
        }
        return false;
    }

    /** Those that any of the arguments names, also one that will turn out to be the value of an option. */
    private static Set<Class<?>> verbs(String[] arguments) {
        Set<String> words = Set.copyOf(List.of(arguments));
        Set<Class<?>> verbs = new LinkedHashSet<>();
        for (Class<?> each : command(AllVerbs.class).subcommands()) {
            if (words.contains(command(each).name())) {
                verbs.add(each);
            }
        }
        return verbs;
    }

    private static Command command(Class<?> verb) {
        return Objects.requireNonNull(verb.getAnnotation(Command.class));
    }

    private int runWithAll(String[] arguments) {
        return prepared(new CommandLine(new AllVerbs(environment, keyboard, colours)))
                .execute(arguments);
    }

    private int runWith(Set<Class<?>> verbs, String[] arguments) {
        CommandLine line = new CommandLine(new Console(environment, keyboard, colours));
        verbs.forEach(line::addSubcommand);
        prepared(line);
        // What is wrong before a verb, and help instead of one, speak of all the others.
        IParameterExceptionHandler usual = line.getParameterExceptionHandler();
        line.setParameterExceptionHandler((wrong, given) ->
                wrong.getCommandLine() == line ? runWithAll(arguments) : usual.handleParseException(wrong, given));
        line.setExecutionStrategy(parsed ->
                parsed.isUsageHelpRequested() ? runWithAll(arguments) : new CommandLine.RunLast().execute(parsed));
        return line.execute(arguments);
    }

    private CommandLine prepared(CommandLine line) {
        helpEverywhere(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setColorScheme(
                CommandLine.Help.defaultColorScheme(colours ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setExecutionExceptionHandler((failed, command, parsed) -> {
            if (failed instanceof Failure failure) {
                command.getErr().println("sluicectl: " + failure.getMessage());
                return failure.exit().code();
            }
            throw failed;
        });
        line.setOut(out);
        line.setErr(err);
        return line;
    }

    /** Every command takes {@code --help}, beside {@code sluicectl help COMMAND}. */
    private static void helpEverywhere(CommandLine line) {
        for (CommandLine each : line.getSubcommands().values()) {
            if (!each.getCommandSpec().helpCommand()) {
                each.getCommandSpec().versionProvider(new Console.VersionText()).mixinStandardHelpOptions(true);
                helpEverywhere(each);
            }
        }
    }
}
