package io.sluice.manage;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sluice.config.HostAndPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /metrics} for Prometheus and {@code /health} for keepalived, over plain HTTP on an address of management.
 * Takes GET alone, and reads nothing that a client sends beyond its request head.
 *
 * <p><b>Threading:</b> a few threads of its own; the loops do nothing for it.
 */
final class MetricsListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsListener.class);
    private static final int MOST_CONNECTIONS = 16;
    private static final int MOST_THREADS = 6;
    private static final int MOST_HEAD_BYTES = 4096;
    private static final int MOST_SILENT_MILLIS = 10_000;
    private static final HttpField NO_STORE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");
    private static final HttpField NO_SNIFF = new PreEncodedHttpField("X-Content-Type-Options", "nosniff");
    private static final HttpField GET_ALONE = new PreEncodedHttpField(HttpHeader.ALLOW, "GET");
    private static final String TEXT = "text/plain; charset=utf-8";

    private final Supplier<MetricSnapshots> metrics;
    private final Supplier<Readiness> readiness;
    private final PrometheusTextFormatWriter text = PrometheusTextFormatWriter.create();
    private final OpenMetricsTextFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();
    private final LongAdder served = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final Server server;
    private final ServerConnector connector;

    private MetricsListener(HostAndPort bind, Supplier<MetricSnapshots> metrics, Supplier<Readiness> readiness) {
        this.metrics = metrics;
        this.readiness = readiness;
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 1);
        threads.setName("sluice-metrics");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MOST_HEAD_BYTES);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(bind.host());
        connector.setPort(bind.port());
        connector.setIdleTimeout(MOST_SILENT_MILLIS);
        connector.setReusePort(true); // for a process of the same user that takes the place of this one
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
        server.setHandler(new Pages());
    }

    /**
     * Listens from now on.
     *
     * @throws IOException when it cannot; the message names the address
     */
    static MetricsListener start(HostAndPort bind, Supplier<MetricSnapshots> metrics, Supplier<Readiness> readiness)
            throws IOException {
        MetricsListener listener = new MetricsListener(bind, metrics, readiness);
        try {
            listener.connector.open();
            listener.server.start();
            return listener;
        } catch (Exception failed) {
            listener.close();
            throw new IOException("management.metrics cannot listen on " + bind + ": " + failed.getMessage(), failed);
        }
    }

    /** Where it listens. */
    HostAndPort address() {
        InetSocketAddress local = new InetSocketAddress(connector.getHost(), connector.getLocalPort());
        return new HostAndPort(local.getHostString(), local.getPort());
    }

    long servedTotal() {
        return served.sum();
    }

    /** Requests for something else, or in another way. */
    long refusedTotal() {
        return refused.sum();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception failed) {
            LOG.warn("metrics.stop cause=\"{}\"", failed.toString());
        }
    }

    private final class Pages extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.getHeaders().put(NO_STORE).put(NO_SNIFF);
            if (!HttpMethod.GET.is(request.getMethod())) {
                refused.increment();
                response.getHeaders().put(GET_ALONE);
                answer(response, HttpStatus.METHOD_NOT_ALLOWED_405, TEXT, line("GET alone"), callback);
                return true;
            }
            switch (Request.getPathInContext(request)) {
                case "/metrics" -> metrics(request, response, callback);
                case "/health" -> health(response, callback);
                default -> {
                    refused.increment();
                    answer(response, HttpStatus.NOT_FOUND_404, TEXT, line("there are /metrics and /health"), callback);
                }
            }
            return true;
        }

        private void health(Response response, Callback callback) {
            served.increment();
            Readiness now = readiness.get();
            answer(
                    response,
                    now.serves() ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503,
                    TEXT,
                    line(now.sentence()),
                    callback);
        }

        private void metrics(Request request, Response response, Callback callback) {
            String accepted = request.getHeaders().get(HttpHeader.ACCEPT);
            ExpositionFormatWriter format = openMetrics.accepts(accepted) ? openMetrics : text;
            try {
                ByteArrayOutputStream page = new ByteArrayOutputStream();
                format.write(page, metrics.get());
                served.increment();
                answer(response, HttpStatus.OK_200, format.getContentType(), page.toByteArray(), callback);
            } catch (IOException | RuntimeException failed) {
                LOG.error("metrics.error cause=\"{}\"", failed.toString(), failed);
                answer(response, HttpStatus.INTERNAL_SERVER_ERROR_500, TEXT, line("failed; see the log"), callback);
            }
        }

        private static byte[] line(String sentence) {
            return (sentence + "\n").getBytes(StandardCharsets.UTF_8);
        }

        private static void answer(Response response, int status, String type, byte[] body, Callback callback) {
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
            response.write(true, ByteBuffer.wrap(body), callback);
        }
    }
}
