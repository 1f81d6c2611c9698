package io.sluice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A client that says and reads bytes as they are on the wire. */
final class TestClient extends Peer {
    private TestClient(SocketChannel channel) throws IOException {
        super("the client", channel);
    }

    private TestClient(SocketChannel channel, SSLSocket secure) throws IOException {
        super("the TLS client", channel, secure);
    }

    /**
     * One that speaks TLS; its handshake is done.
     *
     * @param name asked for (SNI), and what sessions are kept under; null: none
     * @param asked what else the client asks for
     */
    static TestClient connectTls(
            InetSocketAddress address, SSLContext context, @Nullable String name, Consumer<SSLParameters> asked)
            throws IOException {
        return connectTls(address, new byte[0], context, name, asked);
    }

    /**
     * The same.
     *
     * @param first what goes out before TLS
     */
    static TestClient connectTls(
            InetSocketAddress address,
            byte[] first,
            SSLContext context,
            @Nullable String name,
            Consumer<SSLParameters> asked)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            tune(channel);
            channel.socket().connect(address, LIMIT_MILLIS);
            channel.socket().setSoTimeout(LIMIT_MILLIS);
            channel.write(ByteBuffer.wrap(first));
            SSLSocket secure = (SSLSocket)
                    context.getSocketFactory().createSocket(channel.socket(), "appliance", address.getPort(), true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
            asked.accept(parameters);
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return new TestClient(channel, secure);
        } catch (IOException refused) {
            channel.close();
            throw refused;
        }
    }

    static TestClient connect(InetSocketAddress address) {
        return connect(address, 0);
    }

    /**
     * @param receiveBufferBytes its socket's, so that little hides in the kernel; 0: as the system likes
     */
    static TestClient connect(InetSocketAddress address, int receiveBufferBytes) {
        try {
            SocketChannel channel = SocketChannel.open();
            tune(channel);
            if (receiveBufferBytes > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
            }
            channel.socket().connect(address, LIMIT_MILLIS);
            return new TestClient(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to " + address, e);
        }
    }

    @Override
    TestClient send(String text) {
        super.send(text);
        return this;
    }

    @Override
    TestClient send(byte[] bytes) {
        super.send(bytes);
        return this;
    }

    /** A GET for the host that {@link Sluices#serve} routes. */
    TestClient get(String target, String... fields) {
        return send(request("GET", target, fields));
    }

    /** A whole request head without a body, for the host that {@link Sluices#serve} routes. */
    static String request(String method, String target, String... fields) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + Sluices.HOST + "\r\n");
        for (String field : fields) {
            head.append(field).append("\r\n");
        }
        return head.append("\r\n").toString();
    }
}
