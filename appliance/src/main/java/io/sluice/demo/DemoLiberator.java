package io.sluice.demo;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A stand-in for Caplin Liberator: RTTP-like prices over every StreamLink connection type, on loopback, for trying the
 * appliance without a Liberator. Paths and framing follow what is known of StreamLink; the lines are made up.
 *
 * <p>Every line names the Liberator that sent it, so that whoever reads can check that all of a stream, and its
 * commands, came from one.
 *
 * <p><b>Threading:</b> all methods may be called from any thread. Each connection has a daemon thread of its own that
 * ends when its client leaves; {@link #close} ends them all.
 */
public final class DemoLiberator implements AutoCloseable {
    /** Prices per second on each stream, unless changed. */
    public static final double DEFAULT_MESSAGES_PER_SECOND = 5;

    /** The highest rate that {@link #messagesPerSecond(double)} takes. */
    public static final double MOST_MESSAGES_PER_SECOND = 10_000;

    private static final int BACKLOG = 1024;
    private static final int MOST_CONNECTIONS = 10_000;
    private static final int THREAD_STACK_BYTES = 256 * 1024;
    private static final long AFTER_FAILED_ACCEPT_NANOS = 50_000_000;
    private static final int CLOSING_MILLIS = 2_000;

    private final String name;
    private final ServerSocket http;
    private final ServerSocket direct;
    private final List<Thread> acceptors;
    private final Sessions sessions;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private volatile double messagesPerSecond = DEFAULT_MESSAGES_PER_SECOND;
    private volatile boolean closed;

    /** One conversation, from the first byte to the last. */
    private interface Conversation {
        void serve(Socket socket) throws IOException;
    }

    /** A Liberator with a market of its own. */
    public DemoLiberator(String name, InetSocketAddress httpAddress, InetSocketAddress directAddress)
            throws IOException {
        this(name, httpAddress, directAddress, new DemoMarket(System.nanoTime()));
    }

    /**
     * Listens at once.
     *
     * @param name stands in every line; letters, digits and {@code _} only
     * @param httpAddress port 0 takes a free one, see {@link #httpAddress()}
     * @param directAddress likewise, for StreamLink type 1
     * @param market may be shared with other Liberators, which then show the same prices
     * @throws BindException naming the address that is taken
     */
    public DemoLiberator(String name, InetSocketAddress httpAddress, InetSocketAddress directAddress, DemoMarket market)
            throws IOException {
        if (!name.matches("[A-Za-z0-9_]{1,32}")) {
            throw new IllegalArgumentException(
                    "demo Liberator's name is '" + name + "' (allowed: up to 32 letters, digits and _)");
        }
        this.name = name;
        this.sessions = new Sessions(name, market);
        this.http = listen(httpAddress, "HTTP");
        try {
            this.direct = listen(directAddress, "Direct");
        } catch (IOException e) {
            http.close();
            throw e;
        }
        this.acceptors = List.of(
                start("http", () -> accept(http, "http", socket -> new HttpConversation(this, socket).serve())),
                start(
                        "direct",
                        () -> accept(direct, "direct", socket -> new DirectConversation(this, socket).serve())));
    }

    private ServerSocket listen(InetSocketAddress address, String what) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, BACKLOG);
            return socket;
        } catch (IOException e) {
            socket.close();
            BindException named = new BindException("demo Liberator " + name + " cannot listen for " + what + " on "
                    + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    private void accept(ServerSocket listening, String what, Conversation conversation) {
        while (!closed) {
            try {
                Socket socket = listening.accept();
                serve(socket, what, conversation);
            } catch (IOException | OutOfMemoryError e) {
                // Out of descriptors or threads, if not closed: those who have them will give some back.
                LockSupport.parkNanos(AFTER_FAILED_ACCEPT_NANOS);
            }
        }
    }

    private void serve(Socket socket, String what, Conversation conversation) throws IOException {
        open.add(socket);
        if (closed || open.size() > MOST_CONNECTIONS) {
            release(socket);
            return;
        }
        boolean started = false;
        try {
            socket.setTcpNoDelay(true);
            start(what + "-" + accepted.incrementAndGet(), () -> {
                try {
                    conversation.serve(socket);
                } catch (IOException e) {
                    // The client has left, or this Liberator was closed: either way there is nobody to tell.
                } finally {
                    release(socket);
                }
            });
            started = true;
        } finally {
            if (!started) {
                release(socket);
            }
        }
    }

    private void release(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed is closed.
        }
        open.remove(socket);
    }

    private Thread start(String what, Runnable task) {
        Thread thread = new Thread(null, task, "demo-liberator-" + name + "-" + what, THREAD_STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    public String name() {
        return name;
    }

    /** Where HTTP and WebSocket are served, with the real port. */
    public InetSocketAddress httpAddress() {
        return (InetSocketAddress) http.getLocalSocketAddress();
    }

    /** Where Direct is served, with the real port. */
    public InetSocketAddress directAddress() {
        return (InetSocketAddress) direct.getLocalSocketAddress();
    }

    /** Prices per second on each stream. */
    public double messagesPerSecond() {
        return messagesPerSecond;
    }

    /**
     * Changes the rate of all streams, open ones too, within a tenth of a second. At 0 only heartbeats are sent, one
     * every two seconds.
     */
    public void messagesPerSecond(double rate) {
        if (!(rate >= 0 && rate <= MOST_MESSAGES_PER_SECOND)) {
            throw new IllegalArgumentException(
                    "messages per second is " + rate + " (allowed: 0 to " + (int) MOST_MESSAGES_PER_SECOND + ")");
        }
        messagesPerSecond = rate;
    }

    /** Connections open now, HTTP and Direct, as this Liberator sees them. */
    public int openConnections() {
        return open.size();
    }

    /** Connections accepted so far, HTTP and Direct. */
    public long acceptedConnections() {
        return accepted.get();
    }

    Sessions sessions() {
        return sessions;
    }

    /**
     * Stops listening and cuts all connections, as a Liberator that dies does. Its addresses are free when this
     * returns: a listening socket is only let go of once the thread that accepts from it has left it.
     */
    @Override
    public void close() throws IOException {
        closed = true;
        try {
            http.close();
        } finally {
            direct.close();
            open.forEach(this::release);
        }
        try {
            for (Thread acceptor : acceptors) {
                acceptor.join(CLOSING_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        open.forEach(this::release);
    }
}
