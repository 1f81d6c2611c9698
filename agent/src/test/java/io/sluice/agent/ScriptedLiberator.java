package io.sluice.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A Liberator that does what the test tells it, connection by connection. */
final class ScriptedLiberator implements AutoCloseable {
    private final ServerSocket server;
    private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
    private final List<Socket> all = new ArrayList<>();

    ScriptedLiberator() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread acceptor = new Thread(this::accept, "scripted-liberator");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setSoTimeout(20_000);
                socket.setTcpNoDelay(true);
                synchronized (all) {
                    all.add(socket);
                }
                accepted.add(socket);
            } catch (IOException closed) {
                return;
            }
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** The next connection that Sluice makes. */
    Socket connection() throws InterruptedException {
        Socket socket = accepted.poll(20, TimeUnit.SECONDS);
        if (socket == null) {
            throw new AssertionError("Sluice did not connect");
        }
        return socket;
    }

    static void send(Socket to, String text) {
        try {
            to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Reads up to and with the empty line after a head. */
    static String head(Socket from) throws IOException {
        return until(from, "\r\n\r\n");
    }

    static String until(Socket from, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        InputStream in = from.getInputStream();
        while (text.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new AssertionError("ended after: " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        synchronized (all) {
            for (Socket each : all) {
                each.close();
            }
        }
    }
}
