package io.sluice.connect;

import io.sluice.config.Settings;
import io.sluice.config.TcpKeepAlive;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;

/** The options of every socket of a pair, on either side. */
public final class SocketTuning {
    private static final boolean KEEP_ALIVE_TUNABLE = tunable();

    private SocketTuning() {}

    /**
     * What sockets inherit from the listening one they are accepted on, so that it need not be set on each. May be
     * called again with other settings while it listens; a connection that waits in its backlog keeps the ones before.
     *
     * @throws IOException when the socket is closed
     */
    public static void apply(ServerSocketChannel listening, Settings settings) throws IOException {
        times(listening, settings.tcpKeepAlive());
    }

    /**
     * No delay, so that each message leaves at once; capped buffers, so that a stalled peer hides little; TCP
     * keep-alive, so that a peer that vanished without a FIN is noticed.
     *
     * @throws IOException when the socket is closed
     */
    public static void apply(SocketChannel channel, Settings settings) throws IOException {
        applyAccepted(channel, settings);
        times(channel, settings.tcpKeepAlive());
    }

    /**
     * The same for a socket accepted on a listening one that {@link #apply(ServerSocketChannel, Settings)} has seen.
     */
    public static void applyAccepted(SocketChannel channel, Settings settings) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (settings.socketSendBufferBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, settings.socketSendBufferBytes());
        }
        if (settings.socketReceiveBufferBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, settings.socketReceiveBufferBytes());
        }
        if (!settings.tcpKeepAlive().isOff()) {
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        }
    }

    private static void times(NetworkChannel channel, TcpKeepAlive keepAlive) throws IOException {
        if (KEEP_ALIVE_TUNABLE && !keepAlive.isOff()) {
            channel.setOption(
                    ExtendedSocketOptions.TCP_KEEPIDLE, (int) keepAlive.idle().toSeconds());
            channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, (int)
                    keepAlive.interval().toSeconds());
            channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, keepAlive.probes());
        }
    }

    private static boolean tunable() {
        try (SocketChannel probe = SocketChannel.open()) {
            Set<SocketOption<?>> supported = probe.supportedOptions();
            return supported.contains(ExtendedSocketOptions.TCP_KEEPIDLE);
        } catch (IOException none) {
            return false;
        }
    }
}
