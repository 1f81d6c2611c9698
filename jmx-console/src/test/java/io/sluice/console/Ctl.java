package io.sluice.console;

import io.sluice.console.reach.Keyboard;
import io.sluice.console.verb.Console;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code sluicectl} as an operator types it, with what it says and is told. */
public final class Ctl {
    private final List<String> always;
    private final Map<String, String> environment;
    private final Deque<String> answers = new ArrayDeque<>();
    private final List<String> questions = new ArrayList<>();
    private boolean terminal;
    private boolean colours;

    /** @param code the exit code; @param out standard output; @param err standard error */
    public record Said(int code, String out, String err) {
        public List<String> lines() {
            return out.lines().toList();
        }
    }

    private Ctl(Map<String, String> environment, String... always) {
        this.environment = environment;
        this.always = List.of(always);
    }

    public static Ctl of(RunningSluice sluice) {
        return new Ctl(Map.of(), "--url", sluice.url());
    }

    public static Ctl with(Map<String, String> environment, String... always) {
        return new Ctl(environment, always);
    }

    /** There is somebody at the keyboard, who answers so. */
    public Ctl answering(String... lines) {
        terminal = true;
        answers.addAll(List.of(lines));
        return this;
    }

    public Ctl coloured() {
        colours = true;
        return this;
    }

    public List<String> questions() {
        return questions;
    }

    public Said run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Console.commandLine(environment, keyboard(), colours);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        int code = line.execute(
                Stream.concat(always.stream(), Stream.of(arguments)).toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    private Keyboard keyboard() {
        return new Keyboard() {
            @Override
            public @Nullable String ask(String question) {
                questions.add(question);
                return answers.poll();
            }

            @Override
            public char @Nullable [] askSecretly(String question) {
                questions.add(question);
                String answer = answers.poll();
                return answer == null ? null : answer.toCharArray();
            }

            @Override
            public boolean isThere() {
                return terminal;
            }
        };
    }
}
