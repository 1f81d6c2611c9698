package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;

/**
 * A client that speaks HTTP/2 frame by frame, right or wrong as a test wants it. It allows the other end as much as can
 * be allowed unless told otherwise, and decodes with Jetty's decoder, which is none of ours.
 */
final class Http2Client extends Peer {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int PRIORITIZED = 0x20;

    static final int PROTOCOL_ERROR = 1;
    static final int INTERNAL_ERROR = 2;
    static final int FLOW_CONTROL_ERROR = 3;
    static final int STREAM_CLOSED = 5;
    static final int FRAME_SIZE_ERROR = 6;
    static final int REFUSED_STREAM = 7;
    static final int CANCEL = 8;
    static final int COMPRESSION_ERROR = 9;
    static final int ENHANCE_YOUR_CALM = 11;

    static final int INITIAL_WINDOW_SIZE = 4;
    static final int LARGEST_WINDOW = Integer.MAX_VALUE;
    static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    /** A frame as it came. */
    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean ends() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        int number() {
            return ByteBuffer.wrap(payload).getInt() & Integer.MAX_VALUE;
        }
    }

    /** The fields of a HEADERS frame, a line each as in {@code :status: 200}. */
    record Head(List<String> fields, boolean ends) {}

    private final Deque<Frame> put = new ArrayDeque<>();
    private final HpackDecoder decoder = new HpackDecoder(64 * 1024, System::nanoTime);
    private int lastStream = -1;

    private Http2Client(SocketChannel channel) throws IOException {
        super("the HTTP/2 client", channel);
    }

    /** Connected, and nothing said. */
    static Http2Client connect(InetSocketAddress address, int receiveBufferBytes) {
        try {
            SocketChannel channel = SocketChannel.open();
            tune(channel);
            if (receiveBufferBytes > 0) {
                channel.setOption(java.net.StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
            }
            channel.socket().connect(address, LIMIT_MILLIS);
            return new Http2Client(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to " + address, e);
        }
    }

    /** Connected, with the greetings exchanged and wide windows. */
    static Http2Client greeted(InetSocketAddress address) {
        Http2Client client = connect(address, 0);
        client.greet(LARGEST_WINDOW);
        client.windowUpdate(0, LARGEST_WINDOW - 65_535);
        return client;
    }

    /** Says and hears the first words. */
    void greet(int streamWindow) {
        send(PREFACE);
        settings(INITIAL_WINDOW_SIZE, streamWindow);
        assertThat(await(each -> each.type == SETTINGS && each.flags == 0)).isNotNull();
        frame(SETTINGS, ACK, 0);
        await(each -> each.type == SETTINGS && each.flags == ACK);
    }

    // ---------------------------------------------------------------- saying

    Http2Client frame(int type, int flags, int stream, byte... payload) {
        return frameOfLength(payload.length, type, flags, stream, payload);
    }

    /** A frame that claims a length of its own. */
    Http2Client frameOfLength(int length, int type, int flags, int stream, byte... payload) {
        send(frameBytes(length, type, flags, stream, payload));
        return this;
    }

    static byte[] frameBytes(int length, int type, int flags, int stream, byte... payload) {
        ByteBuffer out = ByteBuffer.allocate(9 + payload.length);
        out.put((byte) (length >> 16)).put((byte) (length >> 8)).put((byte) length);
        out.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        return out.array();
    }

    /** One setting. */
    Http2Client settings(int key, int value) {
        return frame(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6).putShort((short) key).putInt(value).array());
    }

    Http2Client windowUpdate(int stream, int bytes) {
        return frame(WINDOW_UPDATE, 0, stream, number(bytes));
    }

    Http2Client reset(int stream, int code) {
        return frame(RST_STREAM, 0, stream, number(code));
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** A whole GET for the host that {@link Sluices#serve} routes; returns its stream. */
    int get(String path, String... fields) {
        return request(true, "GET", path, fields);
    }

    /** A request for that host; returns its stream. */
    int request(boolean ends, String method, String path, String... fields) {
        int stream = nextStream();
        headers(stream, ends, requestFields(method, path, fields));
        return stream;
    }

    static String[] requestFields(String method, String path, String... fields) {
        List<String> all = new ArrayList<>(
                List.of(":method: " + method, ":scheme: http", ":path: " + path, ":authority: " + Sluices.HOST));
        all.addAll(List.of(fields));
        return all.toArray(String[]::new);
    }

    /** An extended CONNECT for a WebSocket (RFC 8441); returns its stream. */
    int webSocket(String path, String... fields) {
        List<String> all = new ArrayList<>(List.of(requestFields("CONNECT", path)));
        all.add(":protocol: websocket");
        all.add("sec-websocket-version: 13");
        all.addAll(List.of(fields));
        int stream = nextStream();
        headers(stream, false, all.toArray(String[]::new));
        return stream;
    }

    int nextStream() {
        lastStream += 2;
        return lastStream;
    }

    Http2Client headers(int stream, boolean ends, String... fields) {
        return frame(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block(fields));
    }

    /** A field block of literals; a name ends at the first colon that is followed by a blank. */
    static byte[] block(String... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String field : fields) {
            int colon = Math.max(field.indexOf(": ", 1), 0);
            out.write(0);
            literal(out, field.substring(0, colon));
            literal(out, field.substring(colon + 2));
        }
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String text) {
        int length = text.length();
        if (length < 127) {
            out.write(length);
        } else {
            out.write(127);
            int rest = length - 127;
            while (rest >= 128) {
                out.write(rest % 128 + 128);
                rest /= 128;
            }
            out.write(rest);
        }
        out.writeBytes(bytes(text));
    }

    Http2Client data(int stream, boolean ends, String content) {
        return frame(DATA, ends ? END_STREAM : 0, stream, bytes(content));
    }

    // ---------------------------------------------------------------- hearing

    /** The next frame from the wire. */
    private Frame read() {
        ByteBuffer header = ByteBuffer.wrap(readExactly(9));
        int length = (header.getShort() & 0xffff) << 8 | (header.get() & 0xff);
        int type = header.get() & 0xff;
        int flags = header.get() & 0xff;
        return new Frame(type, flags, header.getInt(), readExactly(length));
    }

    /** The first frame that {@code wanted} fits; others keep their place. */
    Frame await(Predicate<Frame> wanted) {
        for (Frame each : put) {
            if (wanted.test(each)) {
                put.remove(each);
                return each;
            }
        }
        while (true) {
            Frame next = read();
            if (wanted.test(next)) {
                return next;
            }
            put.add(next);
        }
    }

    /** The next frame of a stream. */
    Frame next(int stream) {
        return await(each -> each.stream == stream && each.type != WINDOW_UPDATE);
    }

    Head head(int stream) {
        Frame frame = next(stream);
        if (frame.type != HEADERS) {
            throw failed("wanted HEADERS, got " + frame, null);
        }
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(frame.payload);
        boolean last = (frame.flags & END_HEADERS) != 0;
        while (!last) {
            Frame more = await(each -> each.stream == stream && each.type == CONTINUATION);
            block.writeBytes(more.payload);
            last = (more.flags & END_HEADERS) != 0;
        }
        return new Head(decode(block.toByteArray()), frame.ends());
    }

    private List<String> decode(byte[] block) {
        try {
            MetaData message = decoder.decode(ByteBuffer.wrap(block));
            List<String> lines = new ArrayList<>();
            if (message instanceof MetaData.Response response) {
                lines.add(":status: " + response.getStatus());
            }
            for (HttpField field : Objects.requireNonNull(message).getHttpFields()) {
                lines.add(field.getName() + ": " + field.getValue());
            }
            return lines;
        } catch (HpackException e) {
            throw failed("got a field block that cannot be decoded", e);
        }
    }

    /** The status of the next HEADERS of a stream. */
    String status(int stream) {
        return head(stream).fields().get(0);
    }

    /** So many bytes of a stream's DATA, which must come in whole frames. */
    String readData(int stream, int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (out.size() < length) {
            Frame frame = next(stream);
            if (frame.type != DATA) {
                throw failed("wanted " + (length - out.size()) + " bytes more of DATA, got " + frame, null);
            }
            out.writeBytes(frame.payload);
        }
        return text(out.toByteArray());
    }

    /** All of a stream's DATA up to END_STREAM. */
    String readToEnd(int stream) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (true) {
            Frame frame = next(stream);
            if (frame.type != DATA) {
                throw failed("wanted DATA, got " + frame, null);
            }
            out.writeBytes(frame.payload);
            if (frame.ends()) {
                return text(out.toByteArray());
            }
        }
    }

    /** Sends {@code content} as DATA that ends the stream, as far as its window and the connection's allow. */
    void upload(int stream, byte[] content) {
        long window = 65_535;
        int at = 0;
        while (at < content.length) {
            if (window == 0) {
                window += await(each -> each.type == WINDOW_UPDATE && each.stream == stream)
                        .number();
            }
            int part = (int) Math.min(Math.min(window, 16_384), content.length - at);
            boolean last = at + part == content.length;
            frame(DATA, last ? END_STREAM : 0, stream, Arrays.copyOfRange(content, at, at + part));
            window -= part;
            at += part;
        }
    }

    /** By how much a stream's window has grown by now. */
    int grantedNow(int stream) {
        awaitPing();
        int granted = 0;
        for (Frame each : List.copyOf(put)) {
            if (each.type == WINDOW_UPDATE && each.stream == stream) {
                granted += each.number();
                put.remove(each);
            }
        }
        return granted;
    }

    /** A stream's RST_STREAM, and nothing before it; returns its code. */
    int awaitReset(int stream) {
        Frame frame = next(stream);
        if (frame.type != RST_STREAM) {
            throw failed("wanted RST_STREAM, got " + frame, null);
        }
        return frame.number();
    }

    /** A GOAWAY; returns its code. */
    int awaitGoAway() {
        return ByteBuffer.wrap(await(each -> each.type == GOAWAY).payload).getInt(4);
    }

    /** A GOAWAY without an error; returns the last stream that it names. */
    int awaitFarewell() {
        ByteBuffer payload = ByteBuffer.wrap(await(each -> each.type == GOAWAY).payload);
        int last = payload.getInt();
        assertThat(payload.getInt()).isZero();
        return last;
    }

    /** A PING of the other side's, which is answered. */
    void answerPing() {
        frame(PING, ACK, 0, await(each -> each.type == PING && each.flags == 0).payload);
    }

    /** A GOAWAY, and then the end of the connection; returns its code. */
    int awaitFailure() {
        int code = awaitGoAway();
        readUntilGone();
        return code;
    }

    /** Whether the connection works: a PING comes back. */
    void awaitPing() {
        frame(PING, 0, 0, bytes("are you?"));
        await(each -> each.type == PING && each.flags == ACK);
    }
}
