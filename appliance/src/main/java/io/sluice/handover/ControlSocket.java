package io.sluice.handover;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where this process can be asked for a handover: a socket of the Unix domain, for its own user and root only. The
 * rights of the file say so, and the kernel is asked who is at the other end.
 *
 * <p>The first line says what is wanted: {@code handover [ISO-8601 duration]} or, from the process that was started for
 * it, {@code successor PID}.
 *
 * <p><b>Threading:</b> a thread for the socket and one for each conversation.
 */
public final class ControlSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);

    private final Path file;
    private final ServerSocketChannel channel;
    private final @Nullable Object fileKey;
    private final Handover handover;

    private ControlSocket(Path file, ServerSocketChannel channel, @Nullable Object fileKey, Handover handover) {
        this.file = file;
        this.channel = channel;
        this.fileKey = fileKey;
        this.handover = handover;
    }

    /**
     * Opens it, in the place of one that is there already.
     *
     * @throws IOException when the file cannot be made
     */
    public static ControlSocket open(Path file, Handover handover) throws IOException {
        Path draft = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(draft);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(draft));
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException failed) {
            channel.close();
            Files.deleteIfExists(draft);
            throw failed;
        }
        ControlSocket socket = new ControlSocket(file, channel, key(file), handover);
        daemon("sluice-control", socket::listen);
        return socket;
    }

    private static @Nullable Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        while (true) {
            try {
                Conversation conversation = new Conversation(channel.accept());
                daemon("sluice-control-conversation", () -> serve(conversation));
            } catch (IOException closed) {
                if (!channel.isOpen()) {
                    return;
                }
                LOG.warn("control.error cause=\"{}\"", closed.toString());
            }
        }
    }

    private void serve(Conversation conversation) {
        try {
            requireOwner(conversation.channel());
            String line = conversation.hear();
            if (line != null && line.startsWith("successor ")) {
                if (handover.arrived(conversation, line.substring("successor ".length()))) {
                    return;
                }
                conversation.say("no");
            } else if (line != null && (line.equals("handover") || line.startsWith("handover "))) {
                handover.begin(conversation, line.substring("handover".length()).strip());
            } else {
                conversation.say("failed 'handover' was expected");
            }
        } catch (IOException gone) {
            LOG.warn("control.error cause=\"{}\"", gone.getMessage());
        }
        try {
            conversation.close();
        } catch (IOException gone) {
            LOG.debug("close failed", gone);
        }
    }

    private static void requireOwner(SocketChannel channel) throws IOException {
        UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        String user = peer.user().getName();
        if (!user.equals(System.getProperty("user.name")) && !user.equals("root")) {
            throw new IOException("user '" + user + "' may not ask");
        }
    }

    /** Closes it; the file goes unless it is a successor's by now. */
    @Override
    public void close() {
        try {
            channel.close();
            if (Files.exists(file) && Objects.equals(fileKey, key(file))) {
                Files.delete(file);
            }
        } catch (IOException gone) {
            LOG.debug("close failed", gone);
        }
    }
}
