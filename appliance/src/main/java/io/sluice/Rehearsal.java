package io.sluice;

import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import io.sluice.config.ListenerConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.config.TlsConfig;
import io.sluice.config.TlsConfig.CertificateFiles;
import io.sluice.listen.Listener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rehearses the paths of a stream before the audience comes: a few thousand short conversations over loopback
 * through a private appliance, so that the JVM has compiled the code by the time a login storm arrives.
 *
 * <p>A cold JVM takes three to five times the processor for each of its first thousands of streams. The private
 * appliance shares nothing with the real one but the code: own loops, own counters, no log lines, no Liberator
 * of the bank's. It runs after the real listeners are open, on one loop, and never longer than {@link
 * #LIMIT_NANOS}.
 */
final class Rehearsal implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final int ROUNDS = 700;
    private static final int MESSAGES = 12;
    private static final int SOCKET_TIMEOUT_MILLIS = 2000;

    private static final byte[] MESSAGE = ("x".repeat(99) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] CHUNK = ("64\r\n" + "x".repeat(99) + "\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    private static final String FIELDS = "Host: rehearsal\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
            + "Accept: */*\r\nAccept-Language: en\r\nOrigin: http://rehearsal\r\nCookie: a=b; c=d\r\n";

    private final SluiceConfig real;

    private Rehearsal(SluiceConfig real) {
        this.real = real;
    }

    /** Starts it beside the real appliance, which serves {@code config}; returns at once. */
    static void start(SluiceConfig config) {
        Thread thread = new Thread(new Rehearsal(config), "sluice-rehearsal");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        long started = System.nanoTime();
        try (ServerSocket stage = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            Thread liberator = new Thread(() -> serve(stage), "sluice-rehearsal-liberator");
            liberator.setDaemon(true);
            liberator.start();
            try (Appliance appliance = Appliance.startUnseen(config(stage.getLocalPort()))) {
                int rounds = play(appliance, started);
                LOG.info("rehearsal.end rounds={} ms={}", rounds, (System.nanoTime() - started) / 1_000_000);
            }
        } catch (IOException | GeneralSecurityException skipped) {
            LOG.info("rehearsal.skipped cause=\"{}\"", String.valueOf(skipped.getMessage()));
        }
    }

    private SluiceConfig config(int liberatorPort) throws IOException {
        TlsConfig tls = real.listeners().stream()
                .map(ListenerConfig::tls)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        String text =
                """
                defaults: { connectTimeout: 2s }
                listeners:
                  - { name: plain, bind: "127.0.0.1:0" }
                  - { name: direct, bind: "127.0.0.1:0", kind: direct, liberator: stage }
                %s
                liberators: [ { name: stage, address: "127.0.0.1:%d", health: off } ]
                routes: [ { host: rehearsal, liberator: stage } ]
                management: { jmx: off }
                log: { streams: [] }
                """.formatted(tls == null ? "" : tlsListener(tls.certificates().get(0)), liberatorPort);
        if (ConfigLoader.parse("rehearsal.yaml", text, Path.of("/")) instanceof ConfigResult.Loaded loaded) {
            return loaded.config();
        }
        throw new IOException("rehearsal configuration refused");
    }

    private static String tlsListener(CertificateFiles files) {
        return "  - { name: tls, bind: \"127.0.0.1:0\", tls: { certificates: [ { chain: \"" + files.chain()
                + "\", key: \"" + files.key() + "\" } ] } }";
    }

    // ---------------------------------------------------------------- the clients

    private static int play(Appliance appliance, long started) throws IOException, GeneralSecurityException {
        InetSocketAddress plain = address(appliance, "plain");
        InetSocketAddress direct = address(appliance, "direct");
        Listener tls = appliance.listeners().listener("tls");
        SSLSocketFactory trusting = tls == null ? null : trustingContext().getSocketFactory();
        int rounds = 0;
        while (rounds < ROUNDS && System.nanoTime() - started < LIMIT_NANOS) {
            converse(plain, null, "/ws");
            converse(plain, null, "/sse");
            converse(plain, null, "/poll");
            converse(direct, null, null);
            if (tls != null) {
                converse(Objects.requireNonNull(tls.address()), trusting, "/ws");
            }
            rounds++;
        }
        return rounds;
    }

    private static InetSocketAddress address(Appliance appliance, String listener) {
        return Objects.requireNonNull(
                Objects.requireNonNull(appliance.listeners().listener(listener)).address());
    }

    /** One conversation; {@code path} is null for a Direct one. */
    private static void converse(InetSocketAddress to, @Nullable SSLSocketFactory tls, @Nullable String path)
            throws IOException {
        try (Socket plain = new Socket()) {
            plain.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
            plain.setTcpNoDelay(true);
            plain.connect(to, SOCKET_TIMEOUT_MILLIS);
            Socket socket = tls == null ? plain : tls.createSocket(plain, null, to.getPort(), true);
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            if (path == null) {
                send(out, "hello\n");
                in.readNBytes(MESSAGES * MESSAGE.length);
            } else if (path.equals("/poll")) {
                for (int i = 0; i < MESSAGES; i++) {
                    send(out, "POST /poll HTTP/1.1\r\n" + FIELDS + "Content-Length: 4\r\n\r\npoll");
                    readHead(in);
                    in.readNBytes(MESSAGE.length);
                }
            } else if (path.equals("/sse")) {
                send(out, "GET /sse HTTP/1.1\r\n" + FIELDS + "\r\n");
                readHead(in);
                in.readNBytes(MESSAGES * CHUNK.length);
            } else {
                send(
                        out,
                        "GET /ws HTTP/1.1\r\n" + FIELDS + "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
                readHead(in);
                in.readNBytes(MESSAGES * MESSAGE.length);
            }
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** Reads to the end of a head, byte for byte; its first line, or null at the end of the stream. */
    private static @Nullable String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return null;
            }
            head.append((char) b);
            if (b == '\n' && head.toString().equals("hello\n")) {
                return "hello";
            }
        }
        return head.substring(0, head.indexOf("\r\n"));
    }

    // ---------------------------------------------------------------- their Liberator

    private static void serve(ServerSocket stage) {
        while (!stage.isClosed()) {
            try (Socket socket = stage.accept()) {
                socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
                socket.setTcpNoDelay(true);
                answer(socket);
            } catch (IOException over) {
                LOG.trace("conversation over", over);
            }
        }
    }

    private static void answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        String line = readHead(in);
        while (line != null) {
            if (line.startsWith("POST")) {
                in.readNBytes(4);
                send(
                        out,
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n"
                                + new String(MESSAGE, StandardCharsets.ISO_8859_1));
            } else if (line.startsWith("GET /sse")) {
                send(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                repeat(out, CHUNK);
            } else {
                if (!line.equals("hello")) {
                    send(
                            out,
                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
                }
                repeat(out, MESSAGE);
            }
            line = readHead(in);
        }
    }

    private static void repeat(OutputStream out, byte[] message) throws IOException {
        for (int i = 0; i < MESSAGES; i++) {
            out.write(message);
        }
    }

    /** Trusts the appliance's own certificate, whoever issued it: both ends of the conversation are ours. */
    private static SSLContext trustingContext() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {new Trusting()}, null);
        return context;
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
