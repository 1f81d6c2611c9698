package io.sluice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** {@code openssl s_client}, a TLS client that does what the JDK's does not. */
final class OpenSsl {
    private OpenSsl() {}

    static void assumeThere() {
        try {
            Process version = new ProcessBuilder("openssl", "version").start();
            Assumptions.assumeTrue(version.waitFor() == 0);
        } catch (IOException none) {
            Assumptions.abort("openssl is not installed");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Connects, sends {@code request}, and returns all that is said and received until the server closes. */
    static String client(InetSocketAddress address, String request, String... options) {
        List<String> command = new ArrayList<>(
                List.of("openssl", "s_client", "-ign_eof", "-connect", "127.0.0.1:" + address.getPort()));
        command.addAll(List.of(options));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            if (!process.waitFor(Peer.LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("openssl does not end: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
