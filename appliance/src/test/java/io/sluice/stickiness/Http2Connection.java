package io.sluice.stickiness;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;

/**
 * A client's HTTP/2 connection over TLS, for short requests of any host, one after the other (RFC 9113).
 *
 * <p><b>Threading:</b> one thread.
 */
final class Http2Connection implements AutoCloseable {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int RST_STREAM = 3;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;

    private final SSLSocket socket;
    private final DataInputStream in;
    private final HpackDecoder decoder = new HpackDecoder(16 * 1024, System::nanoTime);
    private int stream = -1;

    /** @param serverName what it asks for by SNI */
    Http2Connection(int port, SSLContext trust, String serverName) throws IOException {
        socket = Connection.handshake(port, trust, serverName, "h2");
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        ByteArrayOutputStream greeting = new ByteArrayOutputStream();
        greeting.write(PREFACE);
        greeting.write(frame(SETTINGS, 0, 0, new byte[0]));
        socket.getOutputStream().write(greeting.toByteArray());
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** The head of the answer; its body is read and forgotten. */
    Head get(String host, String path) throws IOException {
        stream += 2;
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        literal(block, ":method", "GET");
        literal(block, ":scheme", "https");
        literal(block, ":authority", host);
        literal(block, ":path", path);
        OutputStream out = socket.getOutputStream();
        out.write(frame(HEADERS, END_HEADERS | END_STREAM, stream, block.toByteArray()));
        Head head = null;
        while (true) {
            byte[] start = in.readNBytes(9);
            if (start.length < 9) {
                throw new IOException("ended");
            }
            ByteBuffer header = ByteBuffer.wrap(start);
            byte[] payload = new byte[(header.getShort() & 0xffff) << 8 | (header.get() & 0xff)];
            int type = header.get();
            int flags = header.get();
            in.readFully(payload);
            if (type == SETTINGS && (flags & ACK) == 0) {
                out.write(frame(SETTINGS, ACK, 0, new byte[0]));
            } else if (type == GOAWAY || type == RST_STREAM) {
                throw new IOException("broken off");
            } else if (type == HEADERS) {
                head = decode(payload);
            }
            if (head != null && (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
                return head;
            }
        }
    }

    /** RFC 7541 §6.2.2, without Huffman; short ones only. */
    private static void literal(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        for (String each : List.of(name, value)) {
            block.write(each.length());
            block.writeBytes(each.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private Head decode(byte[] block) throws IOException {
        try {
            MetaData.Response response = (MetaData.Response) decoder.decode(ByteBuffer.wrap(block));
            List<String> fields = response.getHttpFields().stream()
                    .map(each -> each.getName() + ": " + each.getValue())
                    .toList();
            return new Head("HTTP/2.0 " + response.getStatus(), fields);
        } catch (HpackException.SessionException | HpackException.StreamException bad) {
            throw new IOException(bad);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
