package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Appliance;
import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import io.sluice.config.HostAndPort;
import io.sluice.config.JmxConfig;
import io.sluice.config.SluiceConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import org.jspecify.annotations.Nullable;

/** An appliance with its MBeans, seen by a JMX client through the one port, with two servers as Liberators. */
final class Managed implements AutoCloseable {
    static final String CONFIG = """
            listeners:
              - { name: plain, bind: "127.0.0.1:0" }
              - { name: b-address, bind: "127.0.0.1:0", liberator: lib-b }
              - { name: direct-a, bind: "127.0.0.1:0", kind: direct, liberator: lib-a }
            liberators:
              - { name: lib-a, address: "127.0.0.1:PORT_A", health: off }
              - { name: lib-b, address: "127.0.0.1:PORT_B", health: off }
            routes:
              - { host: a.example.com, liberator: lib-a }
              - { host: "*.b.example.com", liberator: lib-b, denyPaths: [ /secret ] }
            """;

    private static final HostAndPort ANY = new HostAndPort("127.0.0.1", 0);

    final FakeLiberator a = new FakeLiberator();
    final FakeLiberator b = new FakeLiberator();
    private final Path folder;
    final Appliance appliance;
    final Management management;
    private final @Nullable JMXConnector connector;
    final @Nullable MBeanServerConnection mbeans;

    Managed() throws IOException {
        this(CONFIG);
    }

    /** One whose configuration stands in {@code folder}, in a file. */
    static Managed inFolder(Path folder) throws IOException {
        return new Managed(CONFIG, JmxConfig.on(ANY), null, null, true, folder);
    }

    /** One that also serves metrics and health over HTTP. */
    static Managed withMetrics(String config) throws IOException {
        return new Managed(config, JmxConfig.on(ANY), ANY, null, true, Path.of("/nowhere"));
    }

    Managed(String config) throws IOException {
        this(config, JmxConfig.on(new HostAndPort("127.0.0.1", 0)), null);
    }

    /** Its own client is {@code olga}, with the password {@code open sesame}, where there are users. */
    Managed(String config, JmxConfig jmx, @Nullable Path audit) throws IOException {
        this(config, jmx, audit, true);
    }

    /** @param connected whether it has a client of its own, which knows no TLS */
    Managed(String config, JmxConfig jmx, @Nullable Path audit, boolean connected) throws IOException {
        this(config, jmx, null, audit, connected, Path.of("/nowhere"));
    }

    private Managed(
            String config,
            JmxConfig jmx,
            @Nullable HostAndPort metrics,
            @Nullable Path audit,
            boolean connected,
            Path folder)
            throws IOException {
        this.folder = folder;
        if (Files.exists(folder)) {
            Files.writeString(file(), text(config));
        }
        appliance = Appliance.start(config(config));
        management = Management.start(
                new ApplianceView(
                        "1.2.3",
                        appliance.startedAt(),
                        appliance.accounts(),
                        appliance.router(),
                        appliance.listeners(),
                        appliance.certificates(),
                        appliance.drains(),
                        appliance.loops()),
                this::apply,
                jmx,
                audit);
        appliance.onChange(management::tableChanged);
        management.serveMetrics(metrics);
        connector = connected
                ? JMXConnectorFactory.connect(
                        Objects.requireNonNull(management.url()),
                        Map.of(JMXConnector.CREDENTIALS, new String[] {"olga", "open sesame"}))
                : null;
        mbeans = connector == null ? null : connector.getMBeanServerConnection();
    }

    private String apply(SluiceConfig config) throws IOException {
        appliance.change(config);
        return "";
    }

    Path file() {
        return folder.resolve("sluice.yaml");
    }

    String text(String config) {
        return config.replace("PORT_A", "" + a.port()).replace("PORT_B", "" + b.port());
    }

    SluiceConfig config(String text) {
        ConfigResult result = ConfigLoader.parse("sluice.yaml", text(text), folder);
        assertThat(result).isInstanceOf(ConfigResult.Loaded.class);
        return ((ConfigResult.Loaded) result).config();
    }

    void change(String config) throws IOException {
        appliance.change(config(config));
    }

    Collection<String> names() throws Exception {
        return mbeans.queryNames(new ObjectName("sluice:*"), null).stream()
                .map(ObjectName::toString)
                .sorted()
                .toList();
    }

    @SuppressWarnings("unchecked")
    <T> T get(String type, String attribute) throws JMException, IOException {
        return (T) mbeans.getAttribute(new ObjectName("sluice:type=" + type), attribute);
    }

    Object invoke(String type, String operation, Object... arguments) throws JMException, IOException {
        String[] signature = Arrays.stream(arguments)
                .map(each -> each instanceof Integer
                        ? "int"
                        : each instanceof Long ? "long" : each instanceof Boolean ? "boolean" : String.class.getName())
                .toArray(String[]::new);
        return mbeans.invoke(new ObjectName("sluice:type=" + type), operation, arguments, signature);
    }

    String[] explain(String listener, String serverName, String host, String path) throws Exception {
        return (String[]) invoke("RoutingTable", "explain", listener, serverName, host, path);
    }

    InetSocketAddress address(String listener) {
        return Objects.requireNonNull(
                Objects.requireNonNull(appliance.listeners().listener(listener)).address());
    }

    /** A client that is connected to a listener. */
    Socket client(String listener) throws IOException {
        Socket socket = new Socket();
        socket.connect(address(listener), 10_000);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Asks for a path and returns the status line of the answer. */
    String get(String listener, String host, String path) throws Exception {
        try (Socket socket = client(listener)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.substring(0, Math.max(0, answer.indexOf('\r')));
        }
    }

    @Override
    public void close() throws IOException {
        if (connector != null) {
            connector.close();
        }
        appliance.close();
        management.close();
        a.close();
        b.close();
    }

    /** Answers every request with 204, whatever it is, unless it is silent; keeps all other connections open. */
    static final class FakeLiberator implements AutoCloseable {
        private final ServerSocket server;
        private final Thread accepting;
        volatile boolean silent;
        private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();

        FakeLiberator() throws IOException {
            server = new ServerSocket();
            server.bind(new InetSocketAddress("127.0.0.1", 0));
            accepting = new Thread(this::serve, "fake-liberator");
            accepting.setDaemon(true);
            accepting.start();
        }

        int port() {
            return server.getLocalPort();
        }

        /** The next connection that was made to it. */
        Socket next() throws InterruptedException {
            return Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS), "nobody connected within 10 s");
        }

        private void serve() {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    accepted.add(socket);
                    Thread thread = new Thread(() -> answer(socket), "fake-liberator-connection");
                    thread.setDaemon(true);
                    thread.start();
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private void answer(Socket socket) {
            try {
                StringBuilder request = new StringBuilder();
                for (int next = socket.getInputStream().read();
                        next >= 0;
                        next = socket.getInputStream().read()) {
                    request.append((char) next);
                    if (!silent && request.toString().endsWith("\r\n\r\n")) {
                        socket.getOutputStream()
                                .write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                        request.setLength(0);
                    }
                }
                socket.close();
            } catch (IOException gone) {
                // The test is over.
            }
        }

        /** From then on its port refuses: the JDK lets go of it when the thread that accepts has noticed. */
        @Override
        public void close() throws IOException {
            server.close();
            try {
                accepting.join(10_000);
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
            for (Socket each : accepted) {
                each.close();
            }
        }
    }
}
