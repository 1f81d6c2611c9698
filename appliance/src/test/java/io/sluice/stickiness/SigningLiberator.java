package io.sluice.stickiness;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A Liberator that signs what it sends, and looks at what it is sent: a request of a client that belongs to another
 * one, or a pool's cookie, must not come.
 *
 * <p>{@code /file|poll|command|stream|ws/<session>/<records>}; a Direct connection starts with
 * {@code <session> <records>}.
 *
 * <p><b>Threading:</b> a thread for each connection.
 */
final class SigningLiberator {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int BATCH_BYTES = 8192;

    private final String name;
    private final int http;
    private final int direct;
    private final Tally tally;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

    SigningLiberator(String name, int http, int direct, Tally tally) {
        this.name = name;
        this.http = http;
        this.direct = direct;
        this.tally = tally;
    }

    String name() {
        return name;
    }

    int http() {
        return http;
    }

    int direct() {
        return direct;
    }

    /** What signs its records. */
    static String secret(String liberator) {
        return "secret of " + liberator;
    }

    void start() throws IOException {
        accept(listen(http), true);
        accept(listen(direct), false);
    }

    private ServerSocket listen(int port) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress("127.0.0.1", port), 1024);
        open.add(server);
        return server;
    }

    /** Dies: nobody listens, and every connection breaks off. */
    void kill() throws IOException {
        for (Closeable each : open) {
            if (each instanceof Socket socket) {
                breakOff(socket);
            }
            each.close();
        }
        open.clear();
    }

    private static void breakOff(Socket socket) throws IOException {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException gone) {
            if (!socket.isClosed()) {
                throw gone;
            }
            // Its conversation has ended meanwhile.
        }
    }

    private void accept(ServerSocket server, boolean isHttp) {
        daemon("accept-" + name, () -> {
            try {
                while (true) {
                    Socket socket = server.accept();
                    socket.setTcpNoDelay(true);
                    open.add(socket);
                    daemon(name, () -> converse(socket, isHttp));
                }
            } catch (IOException killed) {
                // It was meant to die.
            }
        });
    }

    static void daemon(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, 256 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    private void converse(Socket socket, boolean isHttp) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 4096);
            OutputStream out = socket.getOutputStream();
            if (isHttp) {
                while (answer(in, out)) {
                    tally.happened("requests at Liberators");
                }
            } else {
                String[] words = Lines.line(in).split(" ");
                belongs(words[2]);
                records(
                        out,
                        new Signed(name, Long.parseLong(words[0]), secret(name)),
                        Integer.parseInt(words[1]),
                        Framing.NONE);
            }
        } catch (IOException gone) {
            tally.happened("connections lost at Liberators");
        } finally {
            open.remove(socket);
        }
    }

    /** Answers one request; false when the connection ends with it. */
    private boolean answer(InputStream in, OutputStream out) throws IOException {
        Head head = Head.read(in);
        if (head == null) {
            return false;
        }
        String[] path = head.start().split(" ")[1].split("/");
        String kind = path[path.length - 3];
        long session = Long.parseLong(path[path.length - 2]);
        int count = Integer.parseInt(path[path.length - 1]);
        belongs(head.field("X-Belongs-To"));
        String cookie = head.field("Cookie");
        if (cookie != null && cookie.contains("sluice=")) {
            tally.violated("the pool's cookie came to " + name);
        }
        String length = head.field("Content-Length");
        in.skipNBytes(length == null ? 0 : Long.parseLong(length));
        Signed records = new Signed(name, session, secret(name));
        String named = "X-Liberator: " + name + "\r\n";
        switch (kind) {
            case "ws" -> {
                String accept = accept(String.valueOf(head.field("Sec-WebSocket-Key")));
                write(
                        out,
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Accept: " + accept + "\r\n" + named + "\r\n");
                records(out, records, count, Framing.WEBSOCKET);
                return false;
            }
            case "stream" -> {
                write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + named + "\r\n");
                records(out, records, count, Framing.CHUNKED);
                write(out, "0\r\n\r\n");
                return true;
            }
            default -> {
                byte[] body = new byte[count * 80];
                int end = 0;
                for (int i = 0; i < count; i++) {
                    end = records.write(body, end);
                }
                write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + end + "\r\n" + named + "\r\n");
                out.write(body, 0, end);
                return true;
            }
        }
    }

    private void belongs(@Nullable String liberator) {
        if (liberator != null && !liberator.equals("nobody") && !liberator.equals(name)) {
            tally.violated("a request of a client of " + liberator + " came to " + name);
        }
    }

    private enum Framing {
        NONE,
        CHUNKED,
        WEBSOCKET
    }

    private static void records(OutputStream out, Signed records, int count, Framing framing) throws IOException {
        byte[] batch = new byte[BATCH_BYTES];
        int left = count;
        while (left > 0) {
            int end = 0;
            while (left > 0 && end + records.length() <= BATCH_BYTES) {
                end = records.write(batch, end);
                left--;
            }
            if (framing == Framing.CHUNKED) {
                write(out, Integer.toHexString(end) + "\r\n");
            } else if (framing == Framing.WEBSOCKET) {
                out.write(new byte[] {(byte) 0x82, 126, (byte) (end >> 8), (byte) end});
            }
            out.write(batch, 0, end);
            if (framing == Framing.CHUNKED) {
                write(out, "\r\n");
            }
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** RFC 6455 §4.2.2. */
    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
