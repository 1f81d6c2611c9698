package io.sluice.demo;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that says and reads bytes as they are on the wire; a read that gets nothing for ten seconds fails. */
final class RawClient implements AutoCloseable {
    private static final int LIMIT_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    RawClient(InetSocketAddress address) throws IOException {
        socket.connect(address, LIMIT_MILLIS);
        socket.setSoTimeout(LIMIT_MILLIS);
        this.in = new DataInputStream(socket.getInputStream());
    }

    RawClient say(String text) throws IOException {
        return say(text.getBytes(StandardCharsets.UTF_8));
    }

    RawClient say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    RawClient get(String target) throws IOException {
        return say("GET " + target + " HTTP/1.1\r\nHost: liberator\r\nOrigin: http://page.example\r\n\r\n");
    }

    RawClient post(String target, String body) throws IOException {
        return say("POST " + target + " HTTP/1.1\r\nHost: liberator\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body);
    }

    /** A line without its CR LF or LF. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed after: " + line);
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Everything up to and including the empty line. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        String line = line();
        while (!line.isEmpty()) {
            head.append(line).append('\n');
            line = line();
        }
        return head.toString();
    }

    byte[] bytes(int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    String text(int length) throws IOException {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    /** One chunk of a chunked body, without its framing. */
    String chunk() throws IOException {
        String chunk = text(Integer.parseInt(line(), 16));
        line();
        return chunk;
    }

    /** The answer's body, by its Content-Length; the head is read before. */
    String body(String head) throws IOException {
        return text(head.lines()
                .filter(line -> line.startsWith("Content-Length: "))
                .mapToInt(line -> Integer.parseInt(line.substring(16)))
                .findFirst()
                .orElseThrow());
    }

    /** True once the server has closed; what it sends until then is read and dropped. */
    boolean isClosedByServer() throws IOException {
        while (in.read() >= 0) {
            // Until the end.
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
