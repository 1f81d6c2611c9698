package io.sluice.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import io.sluice.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The options of real sockets, as the kernel tells them. */
class SocketTuningTest {
    private static final Settings HASTY =
            settings("tcpKeepAliveIdle: 7s, tcpKeepAliveInterval: 2s, tcpKeepAliveProbes: 9");
    private static final Settings PATIENT = settings("tcpKeepAliveIdle: 2h");
    private static final Settings OFF = settings("tcpKeepAliveIdle: 0");

    private final List<NetworkChannel> open = new ArrayList<>();
    private ServerSocketChannel listening;

    private static Settings settings(String defaults) {
        String text = """
                defaults: { %s }
                listeners: [ { name: plain, bind: "127.0.0.1:0" } ]
                liberators: [ { name: lib-a, address: "127.0.0.1:1" } ]
                """.formatted(defaults);
        ConfigResult result = ConfigLoader.parse("sluice.yaml", text, Path.of("/nowhere"));
        return ((ConfigResult.Loaded) result).config().defaults();
    }

    @BeforeEach
    void listen() throws IOException {
        listening = ServerSocketChannel.open();
        open.add(listening);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws IOException {
        for (NetworkChannel each : open) {
            each.close();
        }
    }

    private SocketChannel accepted(Settings settings) throws IOException {
        open.add(SocketChannel.open(listening.getLocalAddress()));
        SocketChannel accepted = listening.accept();
        open.add(accepted);
        SocketTuning.applyAccepted(accepted, settings);
        return accepted;
    }

    private static void assertProbed(SocketChannel socket, int idle, int interval, int probes) throws IOException {
        assertThat(socket.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
        assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(idle);
        assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(interval);
        assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(probes);
    }

    @Test
    void accepted_sockets_inherit_the_times_of_the_listening_one() throws IOException {
        SocketTuning.apply(listening, HASTY);
        assertProbed(accepted(HASTY), 7, 2, 9);
    }

    @Test
    void a_listening_socket_that_is_tuned_again_gives_new_sockets_other_times_and_leaves_the_old_ones()
            throws IOException {
        SocketTuning.apply(listening, HASTY);
        SocketChannel before = accepted(HASTY);
        SocketTuning.apply(listening, PATIENT);
        assertProbed(accepted(PATIENT), 7200, 10, 3);
        assertProbed(before, 7, 2, 9);
    }

    @Test
    void a_socket_to_a_Liberator_gets_its_own() throws IOException {
        SocketChannel socket = SocketChannel.open();
        open.add(socket);
        SocketTuning.apply(socket, HASTY);
        assertProbed(socket, 7, 2, 9);
    }

    @Test
    void without_an_idle_time_nobody_is_probed_even_where_it_was_on_before() throws IOException {
        SocketTuning.apply(listening, HASTY);
        SocketTuning.apply(listening, OFF);
        assertThat(accepted(OFF).getOption(StandardSocketOptions.SO_KEEPALIVE)).isFalse();
        SocketChannel socket = SocketChannel.open();
        open.add(socket);
        SocketTuning.apply(socket, OFF);
        assertThat(socket.getOption(StandardSocketOptions.SO_KEEPALIVE)).isFalse();
    }
}
