package io.sluice;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One end of a real connection, driven step by step by a test; texts are ISO 8859-1, so that every byte shows.
 *
 * <p>Each step that waits has a generous limit, and fails with a sentence that says what had come until then.
 */
abstract class Peer implements AutoCloseable {
    static final int LIMIT_MILLIS = 10_000;

    /** How often, and how long each time, a socket must take no byte to count as stopped. */
    private static final int STOPPED_TIMES = 3;

    private static final int STOPPED_MILLIS = 100;

    private static final int SEND_BUFFER_BYTES = 64 * 1024;
    private static final int SHOWN_BYTES = 600;

    private final String name;
    private final SocketChannel channel;
    private final InputStream in;
    private final @Nullable SSLSocket secure;
    private final byte[] buffer = new byte[64 * 1024];
    private int at;
    private int end;
    private byte[] shown = new byte[0];
    private long receivedBytes;

    Peer(String name, SocketChannel channel) throws IOException {
        this(name, channel, null);
    }

    /**
     * @param secure TLS over the channel, through which everything goes; null: plain
     */
    Peer(String name, SocketChannel channel, @Nullable SSLSocket secure) throws IOException {
        this.name = name;
        this.channel = channel;
        this.secure = secure;
        channel.socket().setSoTimeout(LIMIT_MILLIS);
        this.in = secure == null ? channel.socket().getInputStream() : secure.getInputStream();
    }

    SSLSocket secure() {
        return Objects.requireNonNull(secure, "plain");
    }

    /** Each piece leaves at once, and the kernel holds little, so that who is stopped notices soon. */
    static void tune(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
    }

    // ---------------------------------------------------------------- sending

    Peer send(String text) {
        return send(bytes(text));
    }

    Peer send(byte[] bytes) {
        try {
            write(bytes);
            return this;
        } catch (IOException e) {
            throw failed("could not send " + bytes.length + " bytes", e);
        }
    }

    private void write(byte[] bytes) throws IOException {
        if (secure != null) {
            secure.getOutputStream().write(bytes);
            return;
        }
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /** Sends from a thread of its own, for more than the sockets between here and the reader hold. */
    Sending sendAside(byte[] bytes) {
        return new Sending(aside(() -> {
            try {
                write(bytes);
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        }));
    }

    /** Runs on a thread of its own; the common pool may have but one. */
    static CompletableFuture<Void> aside(Runnable task) {
        return CompletableFuture.runAsync(task, each -> {
            Thread thread = new Thread(each, "aside");
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** A send that is under way. */
    final class Sending {
        private final CompletableFuture<Void> under;

        private Sending(CompletableFuture<Void> under) {
            this.under = under;
        }

        void awaitTaken() {
            try {
                under.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException | InterruptedException e) {
                throw failed("what was sent was not taken", e);
            }
        }

        boolean isDone() {
            return under.isDone();
        }
    }

    /**
     * Sends {@code unit} over and over until the socket takes no more because the other end does not read.
     *
     * @param most fails when more than that is taken
     * @return bytes taken; the last unit may be a part
     */
    long sendUntilStopped(byte[] unit, long most) {
        long taken = 0;
        try {
            channel.configureBlocking(false);
            try (Selector selector = Selector.open()) {
                channel.register(selector, SelectionKey.OP_WRITE);
                ByteBuffer out = ByteBuffer.wrap(unit);
                while (taken <= most) {
                    if (!out.hasRemaining()) {
                        out.clear();
                    }
                    int written = channel.write(out);
                    taken += written;
                    if (written == 0) {
                        if (isStopped(selector)) {
                            return taken;
                        }
                        selector.selectedKeys().clear();
                    }
                }
            } finally {
                channel.configureBlocking(true);
            }
        } catch (IOException e) {
            throw failed("was cut off after " + taken + " bytes were sent", e);
        }
        throw failed("sent " + taken + " bytes and was never stopped", null);
    }

    /** More than once: when the whole machine was held up, a wait is over before anybody could do a thing. */
    private static boolean isStopped(Selector selector) throws IOException {
        for (int i = 0; i < STOPPED_TIMES; i++) {
            if (selector.select(STOPPED_MILLIS) > 0) {
                return false;
            }
        }
        return true;
    }

    // ---------------------------------------------------------------- receiving

    /** A head with its empty line; nothing behind it is taken. */
    String readHead() {
        return readUntil("\r\n\r\n");
    }

    /** Everything up to {@code mark}, which is included. */
    String readUntil(String mark) {
        byte[] wanted = bytes(mark);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < wanted.length) {
            int next = read("'" + show(wanted) + "'");
            out.write(next);
            matched = next == wanted[matched] ? matched + 1 : next == wanted[0] ? 1 : 0;
        }
        return text(out.toByteArray());
    }

    String readText(int length) {
        return text(readExactly(length));
    }

    byte[] readExactly(int length) {
        byte[] bytes = new byte[length];
        int have = 0;
        while (have < length) {
            if (at == end && !fill("byte " + (have + 1) + " of " + length)) {
                throw failed("wanted " + length + " bytes, got " + have + " and the end", null);
            }
            int part = Math.min(length - have, end - at);
            System.arraycopy(buffer, at, bytes, have, part);
            at += part;
            have += part;
        }
        return bytes;
    }

    /** What comes before the TLS handshake of a connection that will have one. */
    byte[] readBelowTls(int length) {
        try {
            byte[] bytes = channel.socket().getInputStream().readNBytes(length);
            if (bytes.length < length) {
                throw failed("wanted " + length + " bytes below TLS, got " + bytes.length, null);
            }
            return bytes;
        } catch (IOException e) {
            throw failed("wanted " + length + " bytes below TLS", e);
        }
    }

    /** Reads what {@link #sendUntilStopped} sent: {@code length} bytes of {@code unit} over and over. */
    void readRepeated(byte[] unit, long length) {
        for (long from = 0; from < length; from += unit.length) {
            int part = (int) Math.min(unit.length, length - from);
            byte[] got = readExactly(part);
            if (!Arrays.equals(got, 0, part, unit, 0, part)) {
                throw failed("the bytes from " + from + " on are not those that were sent", null);
            }
        }
    }

    /** One chunk of a chunked body, as it stands on the wire: size line, content and CR LF. */
    String readChunk() {
        String size = readUntil("\r\n");
        int length = Integer.parseInt(size.substring(0, size.length() - 2), 16);
        return size + readText(length + 2);
    }

    /** Everything up to the orderly end (FIN). */
    String readUntilEnd() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (at < end || fill("the end")) {
            out.write(buffer, at, end - at);
            at = end;
        }
        return text(out.toByteArray());
    }

    /** The orderly end, and nothing before it. */
    void awaitEnd() {
        String rest = readUntilEnd();
        if (!rest.isEmpty()) {
            throw failed("wanted the end, got " + rest.length() + " bytes before it", null);
        }
    }

    /** Everything up to a reset; an orderly end fails. */
    String readUntilReset() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (endsOrderly(out, "a reset")) {
            throw failed("wanted a reset, got an orderly end", null);
        }
        return text(out.toByteArray());
    }

    void awaitReset() {
        String rest = readUntilReset();
        if (!rest.isEmpty()) {
            throw failed("wanted a reset, got " + rest.length() + " bytes before it", null);
        }
    }

    /** Everything up to the end, in whichever way it comes. */
    String readUntilGone() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        endsOrderly(out, "the end of the connection");
        return text(out.toByteArray());
    }

    /** Takes everything up to the end; false when that is a reset. */
    private boolean endsOrderly(ByteArrayOutputStream out, String wanted) {
        try {
            while (at < end || fillOrThrow()) {
                out.write(buffer, at, end - at);
                at = end;
            }
            return true;
        } catch (SocketTimeoutException e) {
            throw failed("wanted " + wanted + ", nothing came", e);
        } catch (IOException reset) {
            return false;
        }
    }

    /** Everything up to {@code mark}, or up to the end if that comes first. */
    String readUntilGoneOr(String mark) {
        StringBuilder out = new StringBuilder();
        while (out.indexOf(mark) < 0) {
            if (at == end && !fill(mark)) {
                break;
            }
            out.append((char) (buffer[at++] & 0xFF));
        }
        return out.toString();
    }

    private int read(String wanted) {
        if (at == end && !fill(wanted)) {
            throw failed("wanted " + wanted + ", got the end", null);
        }
        return buffer[at++] & 0xFF;
    }

    private boolean fill(String wanted) {
        try {
            return fillOrThrow();
        } catch (SocketTimeoutException e) {
            throw failed("wanted " + wanted + ", nothing more came", e);
        } catch (IOException e) {
            throw failed("wanted " + wanted + ", the connection broke", e);
        }
    }

    private boolean fillOrThrow() throws IOException {
        int read = in.read(buffer);
        if (read < 0) {
            return false;
        }
        at = 0;
        end = read;
        receivedBytes += read;
        byte[] joined = Arrays.copyOf(shown, shown.length + read);
        System.arraycopy(buffer, 0, joined, shown.length, read);
        shown = joined.length > SHOWN_BYTES
                ? Arrays.copyOfRange(joined, joined.length - SHOWN_BYTES, joined.length)
                : joined;
        return true;
    }

    // ---------------------------------------------------------------- ending

    /** Ends the sending direction (FIN, with TLS a close_notify before it); reading goes on. */
    void halfClose() {
        try {
            if (secure != null) {
                secure.shutdownOutput();
            }
            channel.shutdownOutput();
        } catch (IOException e) {
            throw failed("could not half-close", e);
        }
    }

    /** Ends the connection with a FIN alone, which with TLS is no orderly end. */
    void vanish() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed("could not close", e);
        }
    }

    /** Ends the connection with a reset. */
    void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        } catch (IOException e) {
            throw failed("could not reset", e);
        }
    }

    @Override
    public void close() {
        try {
            if (secure != null && channel.isOpen()) {
                secure.close();
            }
            channel.close();
        } catch (IOException e) {
            throw failed("could not close", e);
        }
    }

    // ---------------------------------------------------------------- sentences

    InetSocketAddress localAddress() {
        try {
            return (InetSocketAddress) Objects.requireNonNull(channel.getLocalAddress());
        } catch (IOException e) {
            throw failed("has no address", e);
        }
    }

    int peerPort() {
        return channel.socket().getPort();
    }

    AssertionError failed(String what, @Nullable Throwable cause) {
        String sentence = name + " " + what + "; received so far: " + receivedBytes + " bytes"
                + (receivedBytes > shown.length ? ", the last of them '" : " '") + show(shown) + "'";
        return new AssertionError(sentence, cause);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String show(byte[] bytes) {
        return text(bytes).replace("\r", "\\r").replace("\n", "\\n").replaceAll("[^ -~]", "?");
    }
}
