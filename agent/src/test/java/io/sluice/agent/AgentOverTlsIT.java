package io.sluice.agent;

import static io.sluice.agent.ScriptedLiberator.head;
import static io.sluice.agent.ScriptedLiberator.send;
import static io.sluice.agent.ScriptedLiberator.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real agent in a real Sluice whose clients speak TLS, over HTTP/1.1 and over HTTP/2. */
class AgentOverTlsIT {
    private static final String PASSWORD = "change-it";
    private static final String TLS = "tls: { certificates: [ { keystore: sluice.p12, passwordFile: sluice.pass } ] }";
    private static final int MESSAGES = 20;

    @TempDir
    private static Path folder;

    private static KeyStore keys;
    private static String windowBefore;

    private ScriptedLiberator liberator;

    @BeforeAll
    static void a_certificate() throws Exception {
        Path store = folder.resolve("sluice.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "sluice",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=a.example.com",
                        "-ext",
                        "san=dns:a.example.com,dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertThat(keytool.waitFor()).as(said).isZero();
        Files.writeString(folder.resolve("sluice.pass"), PASSWORD);
        keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        windowBefore = System.setProperty("jdk.httpclient.windowsize", "65536");
    }

    @AfterAll
    static void the_window_as_before() {
        if (windowBefore == null) {
            System.clearProperty("jdk.httpclient.windowsize");
        } else {
            System.setProperty("jdk.httpclient.windowsize", windowBefore);
        }
    }

    @BeforeEach
    void a_Liberator() throws IOException {
        liberator = new ScriptedLiberator();
    }

    @AfterEach
    void no_Liberator() throws IOException {
        liberator.close();
    }

    private SluiceProcess sluice() throws Exception {
        return SluiceProcess.run(
                folder,
                liberator,
                List.of(
                        "{ name: tls, bind: \"127.0.0.1:0\", protocols: [ h2, http/1.1 ], " + TLS + " }",
                        "{ name: direct-tls, bind: \"127.0.0.1:0\", kind: direct, liberator: lib-a, " + TLS + " }"),
                "-javaagent:" + SluiceProcess.JAR + "=window=5m");
    }

    private static HttpClient client(HttpClient.Version version) throws Exception {
        return HttpClient.newBuilder().version(version).sslContext(context()).build();
    }

    private static SSLContext context() throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("sluice", keys.getCertificate("sluice"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static SSLSocket socket(int port, String... protocols) throws Exception {
        SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** Asks for a stream of events; returns it once its head is here. */
    private HttpResponse<InputStream> ask(HttpClient client, int port, Socket[] upstream) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/sse"))
                .header("Accept", "text/event-stream")
                .build();
        CompletableFuture<HttpResponse<InputStream>> answer = client.sendAsync(request, BodyHandlers.ofInputStream());
        upstream[0] = liberator.connection();
        head(upstream[0]);
        send(upstream[0], "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        return answer.get();
    }

    private static void take(InputStream body, int bytes) throws IOException {
        assertThat(body.readNBytes(bytes)).hasSize(bytes);
    }

    private void prices_are_timed(HttpClient.Version version) throws Exception {
        try (SluiceProcess sluice = sluice()) {
            HttpClient client = client(version);
            Socket[] upstream = new Socket[1];
            HttpResponse<InputStream> first = ask(client, sluice.port("tls"), upstream);
            assertThat(first.version()).isEqualTo(version);
            for (int i = 0; i < MESSAGES; i++) {
                send(upstream[0], "9\r\ndata: " + i % 10 + "\n\n\r\n");
                take(first.body(), 9);
            }
            ask(client, sluice.port("tls"), upstream);
            long connections = version == HttpClient.Version.HTTP_2 ? 1 : 2;
            await().untilAsserted(() -> {
                assertThat(sluice.timed("to-client", "sse")).isEqualTo(MESSAGES);
                for (String stage : new String[] {"head", "route", "connect", "upstream-head", "first-byte"}) {
                    assertThat(sluice.timed(stage, "sse")).as(stage).isEqualTo(2);
                }
                for (String stage : new String[] {"accept", "tls"}) {
                    assertThat(sluice.timed(stage, "sse")).as(stage).isEqualTo(connections);
                }
            });
            no_fault(sluice);
        }
    }

    @Test
    void over_TLS_a_connection_s_handshake_is_a_stage_and_every_message_is_timed() throws Exception {
        prices_are_timed(HttpClient.Version.HTTP_1_1);
    }

    @Test
    void over_HTTP_2_accept_and_handshake_belong_to_the_first_stream_and_every_message_is_timed() throws Exception {
        prices_are_timed(HttpClient.Version.HTTP_2);
    }

    @Test
    void over_TLS_a_Direct_stream_has_accept_handshake_and_connection_and_every_message_is_timed() throws Exception {
        try (SluiceProcess sluice = sluice();
                Socket client = socket(sluice.port("direct-tls"))) {
            Socket upstream = liberator.connection();
            for (int i = 0; i < MESSAGES; i++) {
                send(client, "ping;");
                until(upstream, "ping;");
                send(upstream, "price;");
                until(client, "price;");
            }
            await().untilAsserted(() -> {
                for (String stage : new String[] {"accept", "tls", "connect"}) {
                    assertThat(sluice.timed(stage, "direct")).as(stage).isEqualTo(1);
                }
                assertThat(sluice.timed("to-client", "direct")).isEqualTo(MESSAGES);
                assertThat(sluice.timed("to-liberator", "direct")).isEqualTo(MESSAGES);
            });
            assertThat((double) sluice.latency("tls", "MaxMicros")).isPositive();
            no_fault(sluice);
        }
    }

    @Test
    void over_HTTP_2_a_WebSocket_s_messages_are_timed_both_ways() throws Exception {
        try (SluiceProcess sluice = sluice();
                Http2Socket client = new Http2Socket(socket(sluice.port("tls"), "h2"))) {
            client.greet();
            client.webSocket("localhost", "/rttp");
            Socket upstream = liberator.connection();
            String asked = head(upstream);
            send(
                    upstream,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + accept(asked) + "\r\n\r\n");
            client.awaitHead();
            for (int i = 0; i < MESSAGES; i++) {
                client.send("ping;");
                until(upstream, "ping;");
                send(upstream, "price;");
                client.until("price;");
            }
            await().untilAsserted(() -> {
                for (String stage :
                        new String[] {"accept", "tls", "head", "route", "connect", "upstream-head", "first-byte"}) {
                    assertThat(sluice.timed(stage, "websocket")).as(stage).isEqualTo(1);
                }
                assertThat(sluice.timed("to-client", "websocket")).isEqualTo(MESSAGES);
                assertThat(sluice.timed("to-liberator", "websocket")).isEqualTo(MESSAGES);
            });
            no_fault(sluice);
        }
    }

    /** RFC 6455 section 4.2.2. */
    private static String accept(String head) throws Exception {
        Matcher key = Pattern.compile("(?i)\r\nsec-websocket-key: (\\S+)\r\n").matcher(head);
        assertThat(key.find()).as(head).isTrue();
        String accepted = key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        return Base64.getEncoder()
                .encodeToString(
                        MessageDigest.getInstance("SHA-1").digest(accepted.getBytes(StandardCharsets.US_ASCII)));
    }

    private static void no_fault(SluiceProcess sluice) throws Exception {
        assertThat(sluice.agent("FaultsTotal"))
                .as("%s", sluice.agent("LastFault"))
                .isEqualTo(0L);
    }

    @Test
    void over_HTTP_2_what_waits_for_a_client_s_window_is_the_client_s_time() throws Exception {
        try (SluiceProcess sluice = sluice()) {
            Socket[] upstream = new Socket[1];
            HttpResponse<InputStream> stream = ask(client(HttpClient.Version.HTTP_2), sluice.port("tls"), upstream);
            String chunk = "1000\r\n" + "x".repeat(4096) + "\r\n";
            int chunks = 64;
            for (int i = 0; i < chunks; i++) {
                send(upstream[0], chunk);
            }
            await().untilAsserted(() ->
                    assertThat(sluice.agent("ClientsWaitedForActive")).isEqualTo(1));
            long waitsNanos = System.nanoTime();
            await().until(() -> (double) sluice.agent("ClientWaitMillis") > 300);
            long waitedNanos = System.nanoTime() - waitsNanos;
            take(stream.body(), chunks * 4096);
            await().untilAsserted(() ->
                    assertThat(sluice.agent("ClientsWaitedForActive")).isEqualTo(0));
            assertThat(sluice.timed("client-wait", "sse")).isPositive();
            assertThat((double) sluice.latency("client-wait", "sse", "MaxMicros") * 1000)
                    .isGreaterThan(waitedNanos * 0.99);
            assertThat((double) sluice.latency("to-client", "sse", "P50Micros") * 1000)
                    .isLessThan(waitedNanos);
        }
    }
}
