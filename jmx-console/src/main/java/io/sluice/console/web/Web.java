package io.sluice.console.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.show.JsonText;
import io.sluice.console.sight.Acts;
import io.sluice.console.sight.Acts.Pace;
import io.sluice.console.sight.Fleet;
import io.sluice.console.sight.Sight;
import io.sluice.console.sight.WhatIf;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The page's server, on loopback alone.
 *
 * <p><b>Threading:</b> a reader for each appliance, and a few threads for requests.
 */
public final class Web implements AutoCloseable {
    private static final int THREADS = 8;
    private static final int OK = 200;
    private static final int SEE_OTHER = 303;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int CONFLICT = 409;
    private static final int MOST_BODY = 16 * 1024;
    private static final int MOST_STREAMS = 500;
    private static final Map<String, String> FILES = Map.of(
            "/", "index.html",
            "/app.js", "app.js",
            "/app.css", "app.css",
            "/uplot.js", "uplot.js",
            "/uplot.css", "uplot.css",
            "/icon.svg", "icon.svg");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final List<Sight> sights;
    private final boolean readOnly;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final List<Thread> readers = new ArrayList<>();
    private final Doorkeeper doorkeeper;

    private Web(List<Sight> sights, boolean readOnly, HttpServer server) {
        this.sights = List.copyOf(sights);
        this.readOnly = readOnly;
        this.server = server;
        this.doorkeeper = new Doorkeeper(server.getAddress().getPort());
    }

    /**
     * Listens and begins to read.
     *
     * @param port 0 for a free one
     * @param readOnly whether the page may change nothing, whatever the role
     * @param intervalMillis between two readings
     * @throws IOException when the port is taken
     */
    public static Web start(List<Sight> sights, int port, boolean readOnly, int intervalMillis) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
        Web web = new Web(sights, readOnly, server);
        server.setExecutor(web.threads);
        server.createContext("/", web::answer);
        server.start();
        for (Sight each : web.sights) {
            web.keepReading(each, intervalMillis);
        }
        return web;
    }

    private void keepReading(Sight sight, int intervalMillis) {
        Thread reader = new Thread(
                () -> {
                    try {
                        while (true) {
                            sight.read();
                            TimeUnit.MILLISECONDS.sleep(intervalMillis);
                        }
                    } catch (InterruptedException closed) {
                        Thread.currentThread().interrupt();
                    }
                },
                "web-reader");
        reader.setDaemon(true);
        reader.start();
        readers.add(reader);
    }

    /** The address to open, once: its token is good for the first who comes. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/?token=" + doorkeeper.token());
    }

    // ---------------------------------------------------------------- requests

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            if (!doorkeeper.isLocal(exchange)) {
                send(exchange, FORBIDDEN, "text/plain", "this page is for loopback alone\n");
            } else if (exchange.getRequestURI().getPath().startsWith("/api/")) {
                api(exchange);
            } else {
                file(exchange);
            }
        }
    }

    private void file(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String token = query(exchange.getRequestURI().getRawQuery()).get("token");
        if (path.equals("/") && token != null) {
            String cookie = doorkeeper.admit(token);
            if (cookie == null && !doorkeeper.isKnown(exchange)) {
                refuse(exchange);
                return;
            }
            if (cookie != null) {
                exchange.getResponseHeaders().set("Set-Cookie", cookie);
            }
            exchange.getResponseHeaders().set("Location", "/");
            exchange.sendResponseHeaders(SEE_OTHER, -1);
            return;
        }
        if (!doorkeeper.isKnown(exchange)) {
            refuse(exchange);
            return;
        }
        String name = FILES.get(path);
        if (name == null) {
            send(exchange, NOT_FOUND, "text/plain", "there is no such page\n");
            return;
        }
        try (InputStream in = Web.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is missing from the jar");
            }
            send(
                    exchange,
                    OK,
                    TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain"),
                    in.readAllBytes());
        }
    }

    private static void refuse(HttpExchange exchange) throws IOException {
        send(
                exchange,
                FORBIDDEN,
                "text/plain",
                "This page opens with the address that sluicectl web printed, once. Start it again for a new one.\n");
    }

    private void api(HttpExchange exchange) throws IOException {
        if (!doorkeeper.isKnown(exchange)) {
            refuse(exchange);
            return;
        }
        try {
            Object answer = exchange.getRequestMethod().equals("POST") ? act(exchange) : read(exchange);
            if (answer == null) {
                json(exchange, NOT_FOUND, Map.of("error", "there is nothing there"));
            } else {
                json(exchange, OK, answer);
            }
        } catch (Failure failure) {
            int status = failure.exit() == Exit.NOT_ALLOWED ? FORBIDDEN : CONFLICT;
            json(exchange, failure.exit() == Exit.USAGE ? BAD_REQUEST : status, Map.of("error", failure.getMessage()));
        }
    }

    private @Nullable Object read(HttpExchange exchange) throws Failure, IOException {
        if (!exchange.getRequestMethod().equals("GET")) {
            exchange.sendResponseHeaders(NOT_ALLOWED, -1);
            throw new IOException("method " + exchange.getRequestMethod());
        }
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        Sight sight = sight(query.getOrDefault("appliance", "0"));
        return switch (exchange.getRequestURI().getPath()) {
            case "/api/appliances" -> sights.stream().map(Sight::name).toList();
            case "/api/readings" -> State.readings(sight, number(query.getOrDefault("since", "0")));
            case "/api/fleet" -> State.fleet(new Fleet(sights));
            case "/api/role" ->
                Map.of("role", readOnly ? "viewer" : sight.appliance().role());
            case "/api/routes" -> State.routes(sight.appliance());
            case "/api/streams" -> State.streams(sight.appliance(), query.getOrDefault("query", ""), MOST_STREAMS);
            case "/api/stream" -> sight.appliance().bean("Streams").say("show", query.getOrDefault("id", ""));
            case "/api/audit" -> State.audit(sight.appliance());
            case "/api/explain" ->
                new WhatIf(
                                query.getOrDefault("listener", ""),
                                query.getOrDefault("sni", ""),
                                query.getOrDefault("host", ""),
                                query.getOrDefault("path", ""),
                                query.getOrDefault("client", ""),
                                "",
                                false)
                        .explained(sight.appliance());
            default -> null;
        };
    }

    private @Nullable Object act(HttpExchange exchange) throws Failure, IOException {
        if (!exchange.getRequestURI().getPath().equals("/api/act")) {
            return null;
        }
        if (readOnly || !doorkeeper.mayChange(exchange)) {
            throw new Failure(Exit.NOT_ALLOWED, "this page only looks");
        }
        String body = new String(exchange.getRequestBody().readNBytes(MOST_BODY), StandardCharsets.UTF_8);
        Map<String, Object> asked = JsonText.object(body);
        Sight sight = sight(String.valueOf(asked.getOrDefault("appliance", 0)));
        Appliance appliance = sight.appliance();
        String act = String.valueOf(asked.get("act"));
        String target = String.valueOf(asked.get("target"));
        Pace pace = pace(asked);
        boolean really = Boolean.FALSE.equals(asked.get("dryRun"));
        Map<String, Object> answer = new HashMap<>();
        answer.put("said", really ? Acts.run(appliance, act, target, pace) : Acts.would(appliance, act, target, pace));
        answer.put("on", sight.name());
        answer.put("perSecond", pace.perSecond());
        answer.put("deadlineSeconds", pace.deadlineSeconds());
        return answer;
    }

    /** The usual one where nothing is said of it. */
    private static Pace pace(Map<String, Object> asked) throws Failure {
        return Pace.of(
                String.valueOf(asked.getOrDefault("perSecond", Pace.USUAL.perSecond())),
                String.valueOf(asked.getOrDefault("deadlineSeconds", Pace.USUAL.deadlineSeconds())));
    }

    private Sight sight(String index) throws Failure {
        long number = number(index);
        if (number < 0 || number >= sights.size()) {
            throw new Failure(Exit.USAGE, "there is no appliance " + index);
        }
        return sights.get((int) number);
    }

    private static long number(String text) throws Failure {
        if (!text.matches("[0-9]{1,18}")) {
            throw new Failure(Exit.USAGE, "'" + text + "' is no number");
        }
        return Long.parseLong(text);
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> parameters = new HashMap<>();
        for (String each : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                parameters.put(each.substring(0, equals), decoded(each.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            return "";
        }
    }

    private static void json(HttpExchange exchange, int status, Object answer) throws IOException {
        send(exchange, status, "application/json", JsonText.of(answer).getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        send(exchange, status, type + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        readers.forEach(Thread::interrupt);
        server.stop(0);
        threads.shutdownNow();
        sights.forEach(Sight::close);
    }
}
