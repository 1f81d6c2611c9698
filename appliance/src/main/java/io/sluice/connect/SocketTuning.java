package io.sluice.connect;

import io.sluice.config.Settings;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;

/** The options of every socket of a pair, on either side. */
public final class SocketTuning {
    /** After so much silence a peer is asked whether it is still there. */
    public static final Duration KEEP_ALIVE_IDLE = Duration.ofSeconds(30);

    /** So much time lies between two such probes. */
    public static final Duration KEEP_ALIVE_INTERVAL = Duration.ofSeconds(10);

    /** So many probes without an answer, and the connection is lost. */
    public static final int KEEP_ALIVE_PROBES = 3;

    private static final boolean KEEP_ALIVE_TUNABLE = tunable();

    private SocketTuning() {}

    /**
     * What sockets inherit from the listening one they are accepted on, so that it need not be set on each.
     *
     * @throws IOException when the socket is closed
     */
    public static void apply(ServerSocketChannel listening) throws IOException {
        if (KEEP_ALIVE_TUNABLE) {
            listening.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, (int) KEEP_ALIVE_IDLE.toSeconds());
            listening.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, (int) KEEP_ALIVE_INTERVAL.toSeconds());
            listening.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_PROBES);
        }
    }

    /**
     * No delay, so that each message leaves at once; capped buffers, so that a stalled peer hides little; TCP
     * keep-alive, so that a peer that vanished without a FIN is noticed within a minute.
     *
     * @throws IOException when the socket is closed
     */
    public static void apply(SocketChannel channel, Settings settings) throws IOException {
        applyAccepted(channel, settings);
        if (KEEP_ALIVE_TUNABLE) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, (int) KEEP_ALIVE_IDLE.toSeconds());
            channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, (int) KEEP_ALIVE_INTERVAL.toSeconds());
            channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_PROBES);
        }
    }

    /** The same for a socket accepted on a listening one that {@link #apply(ServerSocketChannel)} has seen. */
    public static void applyAccepted(SocketChannel channel, Settings settings) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (settings.socketSendBufferBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, settings.socketSendBufferBytes());
        }
        if (settings.socketReceiveBufferBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, settings.socketReceiveBufferBytes());
        }
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
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
