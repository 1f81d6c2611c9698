package io.sluice.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a connection ends for the peer of a wire. */
class SocketWireTest {
    private static final int LIMIT_MILLIS = 10_000;

    private final QueuedThreadPool threads = new QueuedThreadPool(8);
    private final ScheduledExecutorScheduler timer = new ScheduledExecutorScheduler("test-timer", true);
    private final EdgeLoops loops = new EdgeLoops(threads, timer, 1);
    private EdgeLoop loop;
    private SocketWire wire;
    private Socket peer;

    @BeforeEach
    void connect() throws Exception {
        threads.start();
        timer.start();
        loops.start();
        loop = loops.next();
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            peer = new Socket();
            peer.connect(server.getLocalAddress(), LIMIT_MILLIS);
            peer.setSoTimeout(LIMIT_MILLIS);
            SocketChannel accepted = server.accept();
            accepted.configureBlocking(false);
            wire = onLoop(() -> SocketWire.on(loop, accepted));
        }
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        loops.stop();
        timer.stop();
        threads.stop();
        assertThat(loop.lentBuffers()).isZero();
    }

    private interface Step<T> {
        T take() throws IOException;
    }

    private <T> T onLoop(Step<T> step) throws Exception {
        CompletableFuture<T> taken = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                taken.complete(step.take());
            } catch (IOException | RuntimeException failed) {
                taken.completeExceptionally(new CompletionException(failed));
            }
        });
        return taken.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void awaitReset() {
        assertThatThrownBy(() -> {
                    InputStream in = peer.getInputStream();
                    byte[] taken = new byte[64 * 1024];
                    int read;
                    do {
                        read = in.read(taken);
                    } while (read >= 0);
                })
                .isInstanceOf(SocketException.class);
    }

    @Test
    void with_nothing_left_to_send_a_close_is_orderly() throws Exception {
        onLoop(() -> {
            wire.send(ByteBuffer.wrap(new byte[] {1}));
            wire.close();
            return wire;
        });
        assertThat(peer.getInputStream().readAllBytes()).containsExactly(1);
    }

    @Test
    void with_bytes_left_to_send_a_close_is_a_reset() throws Exception {
        onLoop(() -> {
            Sent sent;
            do {
                sent = wire.send(ByteBuffer.allocate(EdgeLoop.BUFFER_BYTES));
            } while (sent == Sent.ALL);
            wire.close();
            return sent;
        });
        awaitReset();
    }

    @Test
    void when_its_handler_fails_the_peer_sees_a_reset() throws Exception {
        onLoop(() -> {
            wire.handler(new Failing());
            wire.resumeReading();
            return wire;
        });
        peer.getOutputStream().write(1);
        awaitReset();
    }

    /** Takes what has come, as bytes that nobody has read would make the system reset the connection by itself. */
    private final class Failing implements Wire.Handler {
        @Override
        public void onReadable() {
            wire.read(loop.readBuffer());
            throw new IllegalStateException("as meant by this test");
        }

        @Override
        public void onDraining() {}

        @Override
        public void onDrained() {}

        @Override
        public void onBroken(Throwable cause) {}
    }
}
