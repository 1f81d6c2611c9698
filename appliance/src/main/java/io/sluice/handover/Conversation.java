package io.sluice.handover;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Lines of text with another process of this host, over a socket of the Unix domain.
 *
 * <p><b>Threading:</b> one thread at a time; waits for the other side.
 */
public final class Conversation implements AutoCloseable {
    private static final int LONGEST_LINE = 1024;

    private final SocketChannel channel;
    private final ByteBuffer heard = ByteBuffer.allocate(LONGEST_LINE).flip();

    Conversation(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Begins one with the process that listens at {@code socket}.
     *
     * @throws IOException when there is none, or it may not be spoken to
     */
    public static Conversation with(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new Conversation(channel);
        } catch (IOException nobody) {
            channel.close();
            throw nobody;
        }
    }

    /** Says one line; what would end it is left out. */
    public void say(String line) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line.replaceAll("\\R", " ") + "\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * Waits for the next line.
     *
     * @return null when the other side has ended
     * @throws IOException also when the line is too long
     */
    public @Nullable String hear() throws IOException {
        while (true) {
            for (int i = heard.position(); i < heard.limit(); i++) {
                if (heard.get(i) == '\n') {
                    byte[] line = new byte[i - heard.position()];
                    heard.get(line).get();
                    return new String(line, StandardCharsets.UTF_8);
                }
            }
            heard.compact();
            try {
                if (!heard.hasRemaining()) {
                    throw new IOException("a line is longer than " + LONGEST_LINE + " bytes");
                }
                if (channel.read(heard) < 0) {
                    return null;
                }
            } finally {
                heard.flip();
            }
        }
    }

    SocketChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
