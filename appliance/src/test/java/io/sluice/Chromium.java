package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A headless Chromium with one page, driven over its DevTools protocol. */
public final class Chromium implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern ENDPOINT = Pattern.compile("ws://(127\\.0\\.0\\.1:\\d+)/");
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private int lastId;

    private Chromium(Process process, Path profile, URI page) {
        this.process = process;
        this.profile = profile;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(page, new Answers())
                .join();
    }

    /** Where Chromium is installed; empty when it is not. */
    public static Optional<Path> installed() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts it and opens {@code page}.
     *
     * @param flags more of its command line
     */
    public static Chromium open(Path binary, URI page, String... flags) throws Exception {
        Path profile = Files.createTempDirectory("chromium");
        List<String> command = new ArrayList<>(List.of(
                binary.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--window-size=1400,1200",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank"));
        command.addAll(1, List.of(flags));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String host = debuggingHost(process);
        HttpResponse<String> tab = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + host + "/json/new?" + page))
                                .PUT(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        String debugger = JSON.readTree(tab.body()).get("webSocketDebuggerUrl").asString();
        return new Chromium(process, profile, URI.create(debugger));
    }

    private static String debuggingHost(Process process) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder seen = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher endpoint = ENDPOINT.matcher(line);
            if (endpoint.find()) {
                Thread drain = new Thread(() -> lines.lines().forEach(ignored -> {}), "chromium-output");
                drain.setDaemon(true);
                drain.start();
                return endpoint.group(1);
            }
            seen.append(line).append('\n');
        }
        throw new IOException("Chromium ended before it could be driven:\n" + seen);
    }

    /** The value of a JavaScript expression in the page, as text. */
    public String evaluate(String expression) throws Exception {
        JsonNode answer =
                command("Runtime.evaluate", Map.of("expression", "String(" + expression + ")", "returnByValue", true));
        return answer.path("result").path("value").asString("");
    }

    /** Presses the left button of the mouse on the first element of {@code selector}, until {@link #release}. */
    public void hold(String selector) throws Exception {
        mouse("mousePressed", selector);
    }

    /** Lets the button go over the first element of {@code selector}. */
    public void release(String selector) throws Exception {
        mouse("mouseReleased", selector);
    }

    private void mouse(String what, String selector) throws Exception {
        String box = "document.querySelector('" + selector + "').getBoundingClientRect()";
        evaluate("document.querySelector('" + selector + "').scrollIntoView({ block: 'center', behavior: 'instant' })");
        double x = Double.parseDouble(evaluate(box + ".left + " + box + ".width / 2"));
        double y = Double.parseDouble(evaluate(box + ".top + " + box + ".height / 2"));
        command(
                "Input.dispatchMouseEvent",
                Map.of("type", what, "x", x, "y", y, "button", "left", "buttons", 1, "clickCount", 1));
    }

    private JsonNode command(String method, Map<String, ?> parameters) throws Exception {
        int id = ++lastId;
        socket.sendText(JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
                .join();
        while (true) {
            String answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(answer)
                    .as("an answer from Chromium to %s %s", method, parameters)
                    .isNotNull();
            JsonNode message = JSON.readTree(answer);
            if (message.has("id") && message.get("id").asInt() == id) {
                return message.path("result");
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
        // They outlive it for a moment, and write to the profile.
        for (ProcessHandle each : children) {
            each.destroyForcibly();
            each.onExit().join();
        }
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(each -> each.toFile().delete());
        }
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                answers.add(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
