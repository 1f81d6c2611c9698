package io.sluice.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The web page of the demo. It opens its streams at the addresses it is given, which lead through Sluice, and shows
 * what {@link DemoState} says of the appliance.
 *
 * <p>It answers only requests that name it by a loopback name or by the address it is bound to, and lets only its own
 * page change the rate: a page from elsewhere in the same browser can neither read nor steer it.
 *
 * <p><b>Threading:</b> four daemon threads of its own, which call the state supplier and the rate consumer.
 */
public final class DemoSite implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int BACKLOG = 64;
    private static final int MOST_RATE_BYTES = 32;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpServer server;
    private final ExecutorService threads;
    private final Supplier<DemoState> state;
    private final DoubleConsumer messagesPerSecond;
    private final String boundHost;
    private final byte[] config;
    private final String contentSecurityPolicy;

    /**
     * One of the two columns of the page.
     *
     * @param name of the demo Liberator, as it stands in every line it sends
     * @param liberator its name in Sluice's configuration, as in {@link DemoState.Liberator#name}
     * @param url scheme, host and port at which the browser reaches it through Sluice, without a path. Browsers allow
     * six
     *     HTTP/1.1 connections per host and port; the page needs four and a short fifth, so each needs its own
     * @param direct {@code host:port} of its Direct listener in Sluice; null if there is none
     */
    public record Target(
            String name,
            String liberator,
            URI url,
            @Nullable String direct) {
        public Target {
            boolean bare = url.getRawPath() == null || url.getRawPath().isEmpty();
            if (url.getScheme() == null || url.getHost() == null || !bare || url.getRawQuery() != null) {
                throw new IllegalArgumentException(
                        "demo target " + name + " is at '" + url + "' (expected scheme, host and port)");
            }
        }
    }

    /**
     * What the page is told once, when it starts.
     *
     * @param title the sentence under the name: what is being shown
     * @param targets in the order of the columns
     * @param jmx the JMX service URL; null if there is none
     * @param stop how to stop the demo
     */
    public record Config(
            String title, List<Target> targets, @Nullable String jmx, String stop) {
        public Config {
            targets = List.copyOf(targets);
        }
    }

    private DemoSite(
            HttpServer server, String boundHost, Config config, Supplier<DemoState> state, DoubleConsumer rate) {
        this.server = server;
        this.boundHost = boundHost;
        this.state = state;
        this.messagesPerSecond = rate;
        this.config = JSON.writeValueAsBytes(config);
        this.contentSecurityPolicy = contentSecurityPolicy(config.targets());
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "demo-site");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        page("/", "index.html", "text/html; charset=utf-8");
        page("/demo.css", "demo.css", "text/css; charset=utf-8");
        page("/demo.js", "demo.js", "text/javascript; charset=utf-8");
        page("/icon.svg", "icon.svg", "image/svg+xml");
        context("/config.json", exchange -> answer(exchange, 200, "application/json", this.config));
        context("/state.json", this::state);
        context("/rate", this::rate);
    }

    /**
     * Serves the page at once.
     *
     * @param address port 0 takes a free one, see {@link #address()}
     * @param state asked about once a second for each open page
     * @param messagesPerSecond told what the page's slider is set to, 0 to 1000
     * @throws BindException naming the address that is taken
     */
    public static DemoSite start(
            InetSocketAddress address, Config config, Supplier<DemoState> state, DoubleConsumer messagesPerSecond)
            throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            BindException named = new BindException("demo page cannot listen on " + address.getHostString() + ":"
                    + address.getPort() + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        }
        DemoSite site = new DemoSite(server, address.getHostString(), config, state, messagesPerSecond);
        server.start();
        return site;
    }

    /** Where the page is, with the real port. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** What to type into a browser: {@code http://127.0.0.1:8090/}. */
    public URI url() {
        String host = boundHost.contains(":") ? "[" + boundHost + "]" : boundHost;
        return URI.create("http://" + host + ":" + address().getPort() + "/");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private void page(String path, String resource, String contentType) {
        byte[] bytes = read(resource);
        context(path, exchange -> answer(exchange, 200, contentType, bytes));
    }

    private void context(String path, Answer answer) {
        server.createContext(path, exchange -> {
            try (exchange) {
                if (!isForUs(exchange)) {
                    answer(exchange, 421, "text/plain", bytes("Not a name of this page\n"));
                } else if (!exchange.getRequestURI().getPath().equals(path)) {
                    answer(exchange, 404, "text/plain", bytes("Nothing here\n"));
                } else {
                    answer.to(exchange);
                }
            }
        });
    }

    private void state(HttpExchange exchange) throws IOException {
        String json;
        try {
            json = state.get().toJson();
        } catch (RuntimeException e) {
            answer(exchange, 500, "text/plain", bytes("The state could not be read: " + e + "\n"));
            return;
        }
        answer(exchange, 200, "application/json", bytes(json));
    }

    private void rate(HttpExchange exchange) throws IOException {
        String origin = exchange.getRequestHeaders().getFirst("Origin");
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (!exchange.getRequestMethod().equals("POST") || !("http://" + host).equals(origin)) {
            answer(exchange, 403, "text/plain", bytes("Only the demo page may do this\n"));
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(MOST_RATE_BYTES + 1);
        String text = new String(body, StandardCharsets.US_ASCII);
        if (!text.matches("[0-9]{1,4}(\\.[0-9]{1,3})?") || Double.parseDouble(text) > 1000) {
            answer(exchange, 400, "text/plain", bytes("The rate is a number from 0 to 1000\n"));
            return;
        }
        messagesPerSecond.accept(Double.parseDouble(text));
        answer(exchange, 200, "text/plain", bytes(text));
    }

    /** Against a name from elsewhere that resolves to loopback, by which a foreign page would be of our origin. */
    private boolean isForUs(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (host == null) {
            return false;
        }
        String name = host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        String bound = boundHost.contains(":") ? "[" + boundHost + "]" : boundHost;
        return List.of("localhost", "127.0.0.1", "[::1]").contains(name)
                || name.endsWith(".localhost")
                || name.equals(bound.toLowerCase(Locale.ROOT));
    }

    private void answer(HttpExchange exchange, int status, String contentType, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.getResponseHeaders().set("Content-Security-Policy", contentSecurityPolicy);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    private static String contentSecurityPolicy(List<Target> targets) {
        StringBuilder connect = new StringBuilder("connect-src 'self'");
        StringBuilder frame = new StringBuilder("frame-src");
        for (Target target : targets) {
            String webSocket = target.url().toString().replaceFirst("^http", "ws");
            connect.append(' ').append(target.url()).append(' ').append(webSocket);
            frame.append(' ').append(target.url());
        }
        return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " + connect + "; " + frame
                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    private static byte[] read(String resource) {
        try (InputStream in = DemoSite.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the build lacks io/sluice/demo/" + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
