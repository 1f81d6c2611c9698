package io.sluice.stickiness;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a simulated client.
 *
 * <p><b>Threading:</b> one thread.
 */
final class Connection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int BUFFER_BYTES = 32 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final int port;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    private Connection(Socket socket, int port) throws IOException {
        this.socket = socket;
        this.port = port;
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    }

    /** @param from the client's address */
    static Connection open(int port, InetAddress from) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            return new Connection(socket, port);
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    /** The same over TLS. @param serverName what it asks for by SNI */
    static Connection secure(int port, SSLContext trust, String serverName) throws IOException {
        return new Connection(handshake(port, trust, serverName, "http/1.1"), port);
    }

    /** Connects with TLS. @param protocol what is spoken on it, by ALPN */
    static SSLSocket handshake(int port, SSLContext trust, String serverName, String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket();
        try {
            socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
            parameters.setApplicationProtocols(new String[] {protocol});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    /** The port of the appliance that it leads to. */
    int port() {
        return port;
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The head of the next response.
     *
     * @throws EOFException when there is none
     */
    Head head() throws IOException {
        Head head = Head.read(in);
        if (head == null) {
            throw new EOFException("no answer");
        }
        return head;
    }

    /** Takes records that it is handed; false when it wants no more. */
    interface Records {
        boolean take(byte[] bytes, int from, int to);
    }

    /** Hands on every record of a body that was announced by {@code head}, or of a WebSocket or Direct stream. */
    boolean body(@Nullable Head head, Records records) throws IOException {
        if (head == null) {
            return part(Long.MAX_VALUE, records);
        }
        if (head.status() == 101) {
            return frames(records);
        }
        String length = head.field("Content-Length");
        if (length != null) {
            return part(Long.parseLong(length), records);
        }
        if (head.field("Transfer-Encoding") == null) {
            return part(Long.MAX_VALUE, records);
        }
        while (true) {
            long size = Long.parseLong(Lines.line(in), 16);
            boolean wanted = part(size, records);
            if (!wanted) {
                return false;
            }
            Lines.line(in);
            if (size == 0) {
                return true;
            }
        }
    }

    private boolean frames(Records records) throws IOException {
        while (true) {
            int first = in.read();
            if (first < 0) {
                return true;
            }
            int size = in.read();
            if (size == 126) {
                size = in.read() << 8 | in.read();
            }
            boolean isData = (first & 15) < 8;
            if (size < 0 || (isData && !part(size, records))) {
                return false;
            }
            if (!isData) {
                in.skipNBytes(size);
            }
        }
    }

    /** Of a part of known length, or to the end of the connection. A record never crosses parts. */
    private boolean part(long length, Records records) throws IOException {
        long left = length;
        int held = 0;
        while (left > 0) {
            int read = in.read(buffer, held, (int) Math.min(buffer.length - held, left));
            if (read < 0) {
                if (length == Long.MAX_VALUE && held == 0) {
                    return true;
                }
                throw new EOFException("ended in a body");
            }
            left -= read;
            int end = held + read;
            int start = 0;
            for (int i = held; i < end; i++) {
                if (buffer[i] == '\n') {
                    if (!records.take(buffer, start, i)) {
                        return false;
                    }
                    start = i + 1;
                }
            }
            held = end - start;
            System.arraycopy(buffer, start, buffer, 0, held);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
