package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.ListenerLedger;
import io.sluice.account.Refusal;
import io.sluice.tls.TestAuthority;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 over TLS, with clients that others wrote: Java's, curl, nghttp2's and Chromium. */
class Http2TlsTest {
    private static final String OTHER = "other.example.com";
    private static final String PAGE = """
            <script>
              var said = '';
              function talk() {
                var socket = new WebSocket('wss://' + location.host + '/RTTP-TYPE8');
                socket.onopen = () => socket.send('hello');
                socket.onmessage = event => { said += event.data; };
                socket.onerror = () => { said += 'error'; };
              }
            </script>
            """;

    @RegisterExtension
    final Sluices sluices = new Sluices();

    @TempDir
    Path folder;

    private final TestAuthority authority = TestAuthority.root();
    private FakeLiberator fake;
    private SSLContext trust;

    @BeforeEach
    void serve() throws Exception {
        fake = sluices.liberator();
        authority.issue("localhost", Sluices.HOST, OTHER).write(folder, "all");
        sluices.start("""
                liberators:
                  - { name: lib-a, address: "127.0.0.1:%1$d", health: off }
                listeners:
                  - name: plain
                    bind: "127.0.0.1:0"
                    protocols: [ h2, http/1.1 ]
                    tls: { certificates: [ { chain: "%2$s/all.pem", key: "%2$s/all.key" } ], unknownSni: default }
                routes:
                  - { host: %3$s, liberator: lib-a }
                  - { host: %4$s, liberator: lib-a }
                  - { host: localhost, liberator: lib-a }
                """.formatted(fake.port(), folder, Sluices.HOST, OTHER));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", authority.certificate());
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        trust = SSLContext.getInstance("TLS");
        trust.init(null, managers.getTrustManagers(), null);
    }

    /** Java's client keeps its connections for as long as it is not told. */
    @AfterEach
    void sayGoodbye() {
        sluices.appliance().listeners().goAway();
    }

    private URI uri(String path) {
        return URI.create("https://localhost:" + sluices.address("plain").getPort() + path);
    }

    private HttpClient client() {
        return HttpClient.newBuilder().sslContext(trust).build();
    }

    private ListenerLedger ledger() {
        return sluices.appliance().accounts().listener("plain");
    }

    private Conversation expect(String start) {
        Conversation next = fake.next();
        next.expectHead(start);
        return next;
    }

    @Test
    void Javas_client_agrees_on_it_and_gets_its_answer() throws Exception {
        CompletableFuture<HttpResponse<String>> answer =
                client().sendAsync(HttpRequest.newBuilder(uri("/page")).build(), HttpResponse.BodyHandlers.ofString());
        expect("GET /page HTTP/1.1\r\n").answer("page");
        HttpResponse<String> response = answer.get(Peer.LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(response.body()).isEqualTo("page");
    }

    @Test
    void Javas_client_uploads_without_a_length() throws Exception {
        byte[] megabyte = new byte[1024 * 1024];
        Arrays.fill(megabyte, (byte) 'm');
        HttpRequest upload = HttpRequest.newBuilder(uri("/up"))
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(megabyte)))
                .build();
        CompletableFuture<HttpResponse<String>> answer =
                client().sendAsync(upload, HttpResponse.BodyHandlers.ofString());
        Conversation liberator = expect("POST /up");
        int received = 0;
        for (String chunk = liberator.readChunk(); !chunk.startsWith("0\r\n"); chunk = liberator.readChunk()) {
            received += chunk.length() - chunk.indexOf('\n') - 3;
        }
        assertThat(received).isEqualTo(megabyte.length);
        liberator.answer("thanks");
        assertThat(answer.get(Peer.LIMIT_MILLIS, TimeUnit.MILLISECONDS).body()).isEqualTo("thanks");
    }

    @Test
    void Javas_client_hears_each_event_as_it_comes() throws Exception {
        HttpRequest listen = HttpRequest.newBuilder(uri("/RTTP-TYPE9"))
                .header("Accept", "text/event-stream")
                .build();
        CompletableFuture<HttpResponse<Stream<String>>> answer =
                client().sendAsync(listen, HttpResponse.BodyHandlers.ofLines());
        Conversation liberator = expect("GET /RTTP-TYPE9");
        liberator.sendHead("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked");
        Iterator<String> lines =
                answer.get(Peer.LIMIT_MILLIS, TimeUnit.MILLISECONDS).body().iterator();
        for (int i = 0; i < 3; i++) {
            liberator.sendChunk("data: " + i + "\n");
            assertThat(lines.next()).isEqualTo("data: " + i);
        }
        liberator.send("0\r\n\r\n");
        assertThat(lines.hasNext()).isFalse();
    }

    @Test
    void a_client_that_agrees_on_HTTP_1_1_gets_it() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = HttpClient.newBuilder()
                .sslContext(trust)
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .sendAsync(HttpRequest.newBuilder(uri("/page")).build(), HttpResponse.BodyHandlers.ofString());
        expect("GET /page").answer("page");
        assertThat(answer.get(Peer.LIMIT_MILLIS, TimeUnit.MILLISECONDS).version())
                .isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(ledger().http2().connectionsTotal()).isZero();
    }

    @Test
    void an_authority_other_than_the_server_name_is_answered_421_on_its_stream_alone() throws Exception {
        try (SSLSocket socket = connect(Sluices.HOST)) {
            socket.getOutputStream().write(Peer.bytes(Http2Client.PREFACE));
            socket.getOutputStream().write(Http2Client.frameBytes(0, Http2Client.SETTINGS, 0, 0));
            String[] misdirected = {":method: GET", ":scheme: https", ":path: /", ":authority: " + OTHER};
            byte[] first = Http2Client.block(misdirected);
            socket.getOutputStream().write(Http2Client.frameBytes(first.length, Http2Client.HEADERS, 5, 1, first));
            assertThat(awaitHeaders(socket, 1)).contains("421");
            byte[] second = Http2Client.block(Http2Client.requestFields("GET", "/page"));
            socket.getOutputStream().write(Http2Client.frameBytes(second.length, Http2Client.HEADERS, 5, 3, second));
            expect("GET /page").answer("page");
            awaitHeaders(socket, 3);
        }
        assertThat(ledger().refusals().count(Refusal.MISDIRECTED)).isOne();
        assertThat(fake.visits()).isOne();
    }

    private SSLSocket connect(String serverName) throws Exception {
        InetSocketAddress address = sluices.address("plain");
        Socket plain = new Socket(address.getAddress(), address.getPort());
        SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket(plain, serverName, 0, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(Peer.LIMIT_MILLIS);
        socket.startHandshake();
        assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
        return socket;
    }

    /** The coded fields of the next HEADERS of {@code stream}. */
    private static String awaitHeaders(SSLSocket socket, int stream) throws Exception {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
            int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
            int type = in.readUnsignedByte();
            in.readUnsignedByte();
            int number = in.readInt();
            String payload = Peer.text(in.readNBytes(length));
            if (type == Http2Client.HEADERS && number == stream) {
                return payload;
            }
        }
    }

    /** The output of a program that must end well. */
    private static CompletableFuture<String> run(String... command) {
        CompletableFuture<String> output = new CompletableFuture<>();
        Peer.aside(() -> {
            try {
                Process process =
                        new ProcessBuilder(command).redirectErrorStream(true).start();
                output.complete(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            } catch (Exception e) {
                output.completeExceptionally(e);
            }
        });
        return output;
    }

    private static void assumeInstalled(String program) {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)), program + " is not installed");
    }

    @Test
    void curl_agrees_on_it() throws Exception {
        assumeInstalled("curl");
        CompletableFuture<String> output = run(
                "curl",
                "-sk",
                "--http2",
                "-w",
                " over %{http_version}",
                "-d",
                "up",
                uri("/page").toString());
        Conversation liberator = expect("POST /page");
        liberator.readText(2);
        liberator.answer("page");
        assertThat(output.get(Peer.LIMIT_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("page over 2");
    }

    @Test
    void nghttp_finds_no_fault_with_it() throws Exception {
        assumeInstalled("nghttp");
        CompletableFuture<String> output =
                run("nghttp", "-v", "--no-verify-peer", uri("/page").toString());
        expect("GET /page").answer("a page");
        assertThat(output.get(Peer.LIMIT_MILLIS, TimeUnit.MILLISECONDS))
                .contains(":status: 200")
                .contains("a page")
                .doesNotContain("error_code=PROTOCOL")
                .doesNotContain("RST_STREAM");
    }

    @Test
    void h2load_gets_every_answer() throws Exception {
        assumeInstalled("h2load");
        Peer.aside(this::servePages);
        CompletableFuture<String> output =
                run("h2load", "-n", "200", "-c", "2", "-m", "10", uri("/page").toString());
        assertThat(output.get(Peer.LIMIT_MILLIS, TimeUnit.MILLISECONDS))
                .contains("Application protocol: h2")
                .contains("200 total, 200 started, 200 done, 200 succeeded, 0 failed, 0 errored, 0 timeout");
        assertThat(ledger().http2().streamsTotal()).isEqualTo(200);
    }

    @Test
    void Chromium_opens_its_WebSocket_in_a_stream() throws Exception {
        Path binary = Chromium.installed().orElse(null);
        assumeTrue(binary != null, "Chromium is not installed");
        Peer.aside(this::servePages);
        try (Chromium browser = Chromium.open(binary, uri("/page"), "--ignore-certificate-errors")) {
            awaitTrue(browser, "typeof talk === 'function'");
            browser.evaluate("talk()");
            awaitTrue(browser, "said === 'echo of hello'");
        }
        assertThat(ledger().http2().webSocketsTotal()).isOne();
        assertThat(ledger().http2().connectionsTotal()).isPositive();
    }

    private static void awaitTrue(Chromium browser, String condition) {
        Sluices.await(() -> assertThat(browser.evaluate(condition)).isEqualTo("true"));
    }

    /** Answers what a browser asks for, each connection on a thread of its own. */
    private void servePages() {
        while (true) {
            Conversation next = fake.next();
            Peer.aside(() -> {
                while (true) {
                    String head = next.expectHead("GET ");
                    if (head.startsWith("GET /RTTP-TYPE8")) {
                        next.send101();
                        // A masked frame of five bytes: two of header, four of mask.
                        next.readExactly(2 + 4 + 5);
                        next.send("\201\15echo of hello");
                        return;
                    }
                    next.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + PAGE.length()
                            + "\r\n\r\n" + PAGE);
                }
            });
        }
    }
}
