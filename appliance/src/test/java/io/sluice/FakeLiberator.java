package io.sluice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A Liberator that does nothing by itself: a real server socket whose conversations a test drives step by step. */
final class FakeLiberator implements AutoCloseable {
    private static final int RECEIVE_BUFFER_BYTES = 32 * 1024;

    private final ServerSocketChannel server;
    private final BlockingQueue<Conversation> waiting = new LinkedBlockingQueue<>();
    private final List<Conversation> all = new CopyOnWriteArrayList<>();
    private final List<SocketChannel> backlog = new ArrayList<>();
    private @Nullable Thread accepting;
    private @Nullable SSLContext tls;

    private FakeLiberator(ServerSocketChannel server) {
        this.server = server;
    }

    /** On any free port. */
    static FakeLiberator start() {
        return startOn(0);
    }

    /** One that speaks TLS; the handshake of a conversation waits for its first step. */
    static FakeLiberator startTls(SSLContext context) {
        FakeLiberator liberator = new FakeLiberator(bind(0, 100));
        liberator.tls = context;
        liberator.hear();
        return liberator;
    }

    static FakeLiberator startOn(int port) {
        FakeLiberator liberator = new FakeLiberator(bind(port, 100));
        liberator.hear();
        return liberator;
    }

    /** One that answers no SYN: its backlog is full and nobody accepts. */
    static FakeLiberator deaf() {
        FakeLiberator liberator = new FakeLiberator(bind(0, 1));
        try {
            while (liberator.fillBacklog()) {
                // Until there is no place left.
            }
            return liberator;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes a place in the backlog; false when there was none. */
    private boolean fillBacklog() throws IOException {
        SocketChannel filler = SocketChannel.open();
        filler.configureBlocking(false);
        boolean connected = filler.connect(address());
        long patience = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        while (!connected && System.nanoTime() < patience) {
            Thread.onSpinWait();
            connected = filler.finishConnect();
        }
        if (connected) {
            backlog.add(filler);
        } else {
            filler.close();
        }
        return connected;
    }

    /** Accepts from now on. */
    void hear() {
        accepting = new Thread(this::acceptAll, "fake-liberator");
        accepting.setDaemon(true);
        accepting.start();
    }

    private static ServerSocketChannel bind(int port, int backlog) {
        try {
            ServerSocketChannel server = ServerSocketChannel.open();
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), backlog);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port, e);
        }
    }

    private void acceptAll() {
        try {
            List<Integer> fillers =
                    backlog.stream().map(each -> each.socket().getLocalPort()).toList();
            while (true) {
                SocketChannel accepted = server.accept();
                if (fillers.contains(accepted.socket().getPort())) {
                    accepted.close();
                    continue;
                }
                Peer.tune(accepted);
                Conversation conversation = new Conversation(
                        accepted,
                        tls == null
                                ? null
                                : (SSLSocket) tls.getSocketFactory().createSocket(accepted.socket(), null, true));
                all.add(conversation);
                waiting.add(conversation);
            }
        } catch (IOException closed) {
            // The end of the test.
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port());
    }

    int port() {
        return server.socket().getLocalPort();
    }

    /** The next connection, in the order in which they came. */
    Conversation next() {
        try {
            Conversation next = waiting.poll(Peer.LIMIT_MILLIS, TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new AssertionError("nobody connected to the Liberator; before that: " + all.size());
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** How many connections were made so far. */
    int visits() {
        return all.size();
    }

    /** Stops listening: a new connection is refused. Conversations go on. */
    void stopListening() {
        try {
            server.close();
            if (accepting != null) {
                // The system goes on listening for as long as a thread waits in accept.
                accepting.join(Peer.LIMIT_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        stopListening();
        all.forEach(Conversation::close);
        for (SocketChannel each : backlog) {
            try {
                each.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** One connection, seen from the Liberator. */
    static final class Conversation extends Peer {
        private static final Pattern KEY = Pattern.compile("(?i)\r\nSec-WebSocket-Key: (\\S+)\r\n");
        private String head = "";

        private Conversation(SocketChannel channel, @Nullable SSLSocket secure) throws IOException {
            super("the Liberator", channel, secure);
        }

        /** Reads a request head, which must start with {@code start}; returns it whole. */
        String expectHead(String start) {
            head = readHead();
            if (!head.startsWith(start)) {
                throw failed("expected a request that starts with '" + start + "'", null);
            }
            return head;
        }

        @Override
        Conversation send(String text) {
            super.send(text);
            return this;
        }

        @Override
        Conversation send(byte[] bytes) {
            super.send(bytes);
            return this;
        }

        /** A head of these lines, with its empty line. */
        Conversation sendHead(String... lines) {
            return send(String.join("\r\n", lines) + "\r\n\r\n");
        }

        /** A whole answer told by length. */
        Conversation answer(String body) {
            return send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        }

        Conversation sendChunk(String content) {
            return send(chunk(content));
        }

        static String chunk(String content) {
            return Integer.toHexString(content.length()) + "\r\n" + content + "\r\n";
        }

        /** Accepts the WebSocket handshake read last. */
        Conversation send101(String... fields) {
            return send(head101(fields));
        }

        /** What accepts the WebSocket handshake read last, with the right Accept. */
        String head101(String... fields) {
            StringBuilder text = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept() + "\r\n");
            for (String field : fields) {
                text.append(field).append("\r\n");
            }
            return text.append("\r\n").toString();
        }

        private String accept() {
            Matcher key = KEY.matcher(head);
            if (!key.find()) {
                throw failed("has no WebSocket key to answer", null);
            }
            try {
                byte[] text =
                        (key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.ISO_8859_1);
                return Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }

        /** The client's end has come through, as FIN or reset, and nothing before it. */
        void awaitClientGone() {
            String rest = readUntilGone();
            if (!rest.isEmpty()) {
                throw failed("wanted the client to be gone, got " + rest.length() + " bytes", null);
            }
        }
    }
}
