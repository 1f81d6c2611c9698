package io.sluice.console;

import io.sluice.console.reach.Keyboard;
import io.sluice.console.verb.Call;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code sluicectl} as an operator types it, with what it says and is told. */
public final class Ctl {
    private static final long MOST_SECONDS = 60;

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
        int code = new Call(environment, keyboard(), colours, new PrintWriter(out, true), new PrintWriter(err, true))
                .run(Stream.concat(always.stream(), Stream.of(arguments)).toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    /** The same in a process of its own, with an environment on top of ours and nobody at the keyboard. */
    public static Said inAProcess(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.sluice.console.Sluicectl"));
        command.addAll(List.of(arguments));
        Path err = Files.createTempFile("sluicectl", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("sluicectl goes on: " + out);
        }
        String errors = Files.readString(err);
        Files.delete(err);
        return new Said(process.exitValue(), out, errors);
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
