package io.sluice.connect;

import io.sluice.config.HealthConfig;
import io.sluice.route.Liberator;
import io.sluice.route.LiberatorState;
import io.sluice.route.LiberatorTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after one Liberator on a thread of its own: keeps its address resolved and probes its health.
 *
 * <p>A probe makes a loss visible and fast; it never reroutes anything. A thread for each Liberator, because
 * a resolver or a connect that hangs must delay no other one.
 */
final class HealthProbe implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthProbe.class);
    private static final int MAX_PROBE_MILLIS = 3000;
    private static final long SUSPECT_INTERVAL_MILLIS = 200;
    private static final int STATUS_LINE_BYTES = 12;

    private final Liberator liberator;
    private final HealthConfig config;
    private final Consumer<Liberator> onChange;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile boolean stopped;
    private int inARow;
    private boolean lastGood;

    HealthProbe(Liberator liberator, Consumer<Liberator> onChange) {
        this.liberator = liberator;
        this.config = liberator.config().health();
        this.onChange = onChange;
        this.thread = new Thread(this, "sluice-health-" + liberator.name());
        this.thread.setDaemon(true);
    }

    void start() {
        liberator.onSuspicion(wake::release);
        thread.start();
    }

    void stop() {
        stopped = true;
        wake.release();
    }

    @Override
    public void run() {
        while (!stopped) {
            probe();
            await();
        }
    }

    /** Waits for the next probe; not long while a change of state is in the air. */
    private void await() {
        long interval = config.interval().toMillis();
        boolean undecided = lastGood != (liberator.health().state() == LiberatorState.UP);
        long wait = undecided ? Math.min(interval, SUSPECT_INTERVAL_MILLIS) : jittered(interval);
        try {
            if (wake.tryAcquire(wait, TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException ended) {
            stopped = true;
        }
    }

    /** Within a tenth of the interval, so that the probes of many appliances do not fall together. */
    private static long jittered(long interval) {
        long tenth = Math.max(1, interval / 10);
        return interval + ThreadLocalRandom.current().nextLong(-tenth, tenth + 1);
    }

    private void probe() {
        try {
            liberator.resolve();
        } catch (UnknownHostException unknown) {
            LOG.warn("liberator.unresolved name={} host={}", liberator.name(), unknown.getMessage());
            result(false, "name not resolved: " + unknown.getMessage());
            return;
        }
        if (config.check() instanceof HealthConfig.Off) {
            lastGood = liberator.health().state() == LiberatorState.UP;
            return;
        }
        try {
            check();
            result(true, "probe answered");
        } catch (IOException failed) {
            result(false, "probe failed: " + failed.getMessage());
        }
    }

    private void check() throws IOException {
        InetSocketAddress address = liberator.http();
        int millis =
                (int) Math.min(MAX_PROBE_MILLIS, Math.max(1, config.interval().toMillis()));
        try (Socket socket = new Socket()) {
            socket.connect(address, millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream()
                    .write(Introduction.ofOurselves(liberator.config().proxyProtocol()));
            if (liberator.config().tls() == null) {
                ask(socket);
                return;
            }
            LiberatorTls tls = liberator.tls();
            if (tls == null) {
                throw new IOException("TLS is not ready");
            }
            try (SSLSocket secure = tls.over(socket, liberator.config().address())) {
                secure.startHandshake();
                ask(secure);
            } catch (SSLException refused) {
                throw new IOException("TLS: " + TlsFailures.sentence(refused), refused);
            }
        }
    }

    private void ask(Socket socket) throws IOException {
        if (config.check() instanceof HealthConfig.Http http) {
            ask(socket, http);
        }
    }

    private void ask(Socket socket, HealthConfig.Http http) throws IOException {
        String request = "GET " + http.path() + " HTTP/1.1\r\nHost: "
                + liberator.config().address() + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        InputStream in = socket.getInputStream();
        String line = new String(in.readNBytes(STATUS_LINE_BYTES), StandardCharsets.ISO_8859_1);
        if (!line.startsWith("HTTP/1.") || !line.endsWith(" " + http.expectStatus())) {
            throw new IOException(
                    "answered '" + line.replaceAll("[^ -~]", "?") + "', expected status " + http.expectStatus());
        }
    }

    private void result(boolean good, String reason) {
        inARow = good == lastGood ? inARow + 1 : 1;
        lastGood = good;
        LiberatorState before = liberator.health().state();
        LiberatorState now = before;
        if (good && (before == LiberatorState.UNKNOWN || inARow >= config.rise())) {
            now = LiberatorState.UP;
        } else if (!good && inARow >= config.fall()) {
            now = LiberatorState.DOWN;
        }
        if (now != before) {
            liberator.health(now, reason);
            if (now == LiberatorState.DOWN) {
                LOG.warn("liberator.down name={} was={} reason=\"{}\"", liberator.name(), before, reason);
            } else {
                LOG.info("liberator.up name={} was={}", liberator.name(), before);
            }
            onChange.accept(liberator);
        }
    }
}
