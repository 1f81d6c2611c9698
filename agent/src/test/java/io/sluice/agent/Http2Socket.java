package io.sluice.agent;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** As much of an HTTP/2 client as one WebSocket over it takes (RFC 8441). */
final class Http2Socket implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int STREAM = 1;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Socket socket;
    private final DataInputStream in;
    private final StringBuilder received = new StringBuilder();

    Http2Socket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** Says and hears the first words. */
    void greet() throws IOException {
        ScriptedLiberator.send(socket, PREFACE);
        frame(SETTINGS, 0, 0);
        await(SETTINGS);
        frame(SETTINGS, ACK, 0);
    }

    /** Asks for the one WebSocket. */
    void webSocket(String host, String path) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        field(block, ":method", "CONNECT");
        field(block, ":protocol", "websocket");
        field(block, ":scheme", "https");
        field(block, ":path", path);
        field(block, ":authority", host);
        field(block, "sec-websocket-version", "13");
        frame(HEADERS, END_HEADERS, STREAM, block.toByteArray());
    }

    /** A literal without indexing (RFC 7541 section 6.2.2), of less than 127 bytes. */
    private static void field(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        block.write(name.length());
        block.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        block.write(value.length());
        block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    /** The answer's head is here. */
    void awaitHead() throws IOException {
        await(HEADERS);
    }

    void send(String text) throws IOException {
        frame(DATA, 0, STREAM, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads up to and with {@code end}. */
    void until(String end) throws IOException {
        while (received.indexOf(end) < 0) {
            received.append(new String(await(DATA), StandardCharsets.US_ASCII));
        }
        received.delete(0, received.indexOf(end) + end.length());
    }

    private void frame(int type, int flags, int stream, byte... payload) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(9 + payload.length);
        out.put((byte) 0).putShort((short) payload.length).put((byte) type).put((byte) flags);
        out.putInt(stream).put(payload);
        socket.getOutputStream().write(out.array());
    }

    /** The payload of the next frame of {@code type}; others are passed over. */
    private byte[] await(int type) throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int next = in.readUnsignedByte();
            in.readUnsignedByte();
            in.readInt();
            byte[] payload = in.readNBytes(length);
            if (next == type) {
                return payload;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
