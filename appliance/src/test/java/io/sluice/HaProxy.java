package io.sluice;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** HAProxy in front of the appliance or behind it: the PROXY protocol by those who wrote it. */
final class HaProxy implements AutoCloseable {
    private static final String DEFAULTS = """
            defaults
              timeout connect 5s
              timeout client 60s
              timeout server 60s
            """;

    private final Process process;
    private final int port;

    private HaProxy(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static void assumeThere() {
        try {
            Process version = new ProcessBuilder("haproxy", "-v")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Assumptions.assumeTrue(version.waitFor() == 0);
        } catch (IOException none) {
            Assumptions.abort("haproxy is not installed");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Starts one and waits until it listens.
     *
     * @param section its configuration but the defaults, PORT standing for the port it listens on
     */
    static HaProxy start(Path folder, String section) {
        int port = FreePort.find();
        try {
            Path file = Files.writeString(
                    folder.resolve("haproxy-" + port + ".cfg"), DEFAULTS + section.replace("PORT", "" + port));
            Process process = new ProcessBuilder("haproxy", "-db", "-f", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("haproxy-" + port + ".log").toFile())
                    .start();
            HaProxy started = new HaProxy(process, port);
            Sluices.await(() -> assertThatCode(
                            () -> TestClient.connect(started.address()).close())
                    .doesNotThrowAnyException());
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(Peer.LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
