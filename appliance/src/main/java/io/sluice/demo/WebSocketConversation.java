package io.sluice.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** StreamLink type 8: RFC 6455, text frames of one or more LF-joined lines. */
final class WebSocketConversation {
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int MOST_MESSAGE_BYTES = 16 * 1024;

    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;

    private static final int CLOSE_PROTOCOL_ERROR = 1002;
    private static final int CLOSE_UNSUPPORTED = 1003;
    private static final int CLOSE_NOT_UTF8 = 1007;
    private static final int CLOSE_TOO_BIG = 1009;

    private final DemoLiberator liberator;
    private final Inbound in;
    private final OutputStream out;
    private final Session session;
    private @Nullable ByteArrayOutputStream unfinished;

    WebSocketConversation(DemoLiberator liberator, Inbound in, OutputStream out, Session session) {
        this.liberator = liberator;
        this.in = in;
        this.out = out;
        this.session = session;
    }

    /** The value of {@code Sec-WebSocket-Accept}, or a refusal that names what is missing (RFC 6455 §4.2.1). */
    static String accept(Request request) throws BadRequest {
        String key = request.header("Sec-WebSocket-Key");
        if (!request.method().equals("GET")
                || request.minor() != 1
                || !request.headerHas("Upgrade", "websocket")
                || !request.headerHas("Connection", "upgrade")) {
            throw new BadRequest(400, "not a WebSocket handshake");
        }
        if (!"13".equals(request.header("Sec-WebSocket-Version"))) {
            throw new BadRequest(426, "only WebSocket version 13 is spoken here");
        }
        if (key == null || !isKey(key)) {
            throw new BadRequest(400, "Sec-WebSocket-Key is not 16 bytes in Base64");
        }
        try {
            byte[] sha1 = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(sha1);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == 16;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    void serve() throws IOException {
        send(List.of(session.hello(StreamKind.WEBSOCKET.word())));
        Ticker.run(session, liberator::messagesPerSecond, in, out, this::textFrame, received -> takeFrames());
    }

    private byte[] textFrame(List<String> lines) {
        return frame(TEXT, StreamKind.WEBSOCKET.carry(lines).getBytes(StandardCharsets.UTF_8));
    }

    private boolean takeFrames() throws IOException {
        while (in.available() >= 2) {
            int first = in.peek(0);
            int second = in.peek(1);
            int opcode = first & 0x0f;
            boolean last = (first & 0x80) != 0;
            boolean control = opcode >= CLOSE;
            int shortLength = second & 0x7f;
            if ((first & 0x70) != 0 || (second & 0x80) == 0 || (control && (!last || shortLength > 125))) {
                return close(CLOSE_PROTOCOL_ERROR);
            }
            int lengthBytes = shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0;
            int headBytes = 2 + lengthBytes + 4;
            if (in.available() < headBytes) {
                return true;
            }
            long length = lengthBytes == 0 ? shortLength : 0;
            for (int i = 0; i < lengthBytes; i++) {
                length = (length << 8) | in.peek(2 + i);
            }
            if (length < 0 || length > MOST_MESSAGE_BYTES) {
                return close(CLOSE_TOO_BIG);
            }
            if (in.available() < headBytes + length) {
                return true;
            }
            byte[] head = in.take(headBytes);
            byte[] payload = in.take((int) length);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= head[headBytes - 4 + (i & 3)];
            }
            if (!takeFrame(opcode, last, payload)) {
                return false;
            }
        }
        return true;
    }

    private boolean takeFrame(int opcode, boolean last, byte[] payload) throws IOException {
        switch (opcode) {
            case PING -> {
                out.write(frame(PONG, payload));
                out.flush();
                return true;
            }
            case PONG -> {
                return true;
            }
            case CLOSE -> {
                if (payload.length == 1) {
                    return close(CLOSE_PROTOCOL_ERROR);
                }
                byte[] code = payload.length == 0 ? payload : new byte[] {payload[0], payload[1]};
                out.write(frame(CLOSE, code));
                out.flush();
                return false;
            }
            case TEXT, CONTINUATION -> {
                return takeText(opcode, last, payload);
            }
            default -> {
                return close(opcode == 0x2 ? CLOSE_UNSUPPORTED : CLOSE_PROTOCOL_ERROR);
            }
        }
    }

    private boolean takeText(int opcode, boolean last, byte[] payload) throws IOException {
        ByteArrayOutputStream message = unfinished;
        if (opcode == TEXT != (message == null)) {
            return close(CLOSE_PROTOCOL_ERROR);
        }
        message = message == null ? new ByteArrayOutputStream() : message;
        message.writeBytes(payload);
        unfinished = last ? null : message;
        if (message.size() > MOST_MESSAGE_BYTES) {
            return close(CLOSE_TOO_BIG);
        }
        return !last || answer(message.toByteArray());
    }

    private boolean answer(byte[] message) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message))
                    .toString();
        } catch (CharacterCodingException e) {
            return close(CLOSE_NOT_UTF8);
        }
        send(text.lines().map(line -> session.answer(Command.of(line).text())).toList());
        return true;
    }

    private void send(List<String> lines) throws IOException {
        out.write(textFrame(lines));
        out.flush();
    }

    private boolean close(int code) throws IOException {
        out.write(frame(CLOSE, new byte[] {(byte) (code >> 8), (byte) code}));
        out.flush();
        return false;
    }

    private static byte[] frame(int opcode, byte[] payload) {
        int lengthBytes = payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8;
        ByteBuffer frame = ByteBuffer.allocate(2 + lengthBytes + payload.length);
        frame.put((byte) (0x80 | opcode));
        switch (lengthBytes) {
            case 0 -> frame.put((byte) payload.length);
            case 2 -> frame.put((byte) 126).putShort((short) payload.length);
            default -> frame.put((byte) 127).putLong(payload.length);
        }
        return frame.put(payload).array();
    }
}
