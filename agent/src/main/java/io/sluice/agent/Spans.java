package io.sluice.agent;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.sluice.account.EndCause;
import io.sluice.account.StreamRecord;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Streams and their stages as OpenTelemetry spans, sent by OTLP over HTTP. The only user of the OpenTelemetry classes,
 * which stand in the agent's jar under other names and are loaded only when this one is.
 *
 * <p>A stream is one span, sent at its end; its stages are its children, sent as soon as its first bytes are at the
 * client. What cannot be sent is counted and dropped.
 *
 * <p><b>Threading:</b> {@link #opened} and {@link #ended} from the loops, wait-free; {@link #make} from the agent's
 * thread; what sends is OpenTelemetry's own thread.
 */
final class Spans {
    private static final int MOST_WAITING = 10_000;

    /** Its messages would stand among the appliance's; a strong reference, so that the level stays. */
    private static final Logger QUIET = Logger.getLogger("io.opentelemetry");

    private record Told(
            Journey journey, @Nullable EndCause end, long nanos, long fromClientBytes, long toClientBytes) {}

    private final URI collector;
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder sent = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final Ids ids = new Ids();
    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private volatile String lastFailure = "";

    /**
     * @param collector where to send, as in {@code http://collector:4318/v1/traces}
     */
    Spans(URI collector) {
        this.collector = collector;
        QUIET.setLevel(Level.OFF);
        SpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(collector.toString())
                .setTimeout(Duration.ofSeconds(5))
                .build();
        String version = Spans.class.getPackage().getImplementationVersion();
        provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "sluice",
                        AttributeKey.stringKey("service.version"),
                        version == null ? "" : version)))
                .setSampler(Sampler.alwaysOn())
                .setIdGenerator(ids)
                .addSpanProcessor(BatchSpanProcessor.builder(new Counting(exporter))
                        .setScheduleDelay(Duration.ofSeconds(1))
                        .setExporterTimeout(Duration.ofSeconds(5))
                        .build())
                .build();
        tracer = provider.get("io.sluice.agent");
    }

    URI collector() {
        return collector;
    }

    /** The stages of a stream are known. */
    void opened(Journey journey) {
        tell(new Told(journey, null, 0, 0, 0));
    }

    /** A stream whose stages are known is over. */
    void ended(Journey journey, EndCause cause) {
        StreamRecord stream = journey.stream;
        tell(new Told(journey, cause, System.nanoTime(), stream.fromClientBytes(), stream.toClientBytes()));
    }

    private void tell(Told next) {
        if (waiting.get() < MOST_WAITING) {
            waiting.incrementAndGet();
            told.add(next);
        } else {
            lost.increment();
        }
    }

    /** Makes spans of what was told, in its order. */
    synchronized void make() {
        Instant now = Instant.now();
        long epoch = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - System.nanoTime();
        for (Told next = told.poll(); next != null; next = told.poll()) {
            waiting.decrementAndGet();
            TraceContext context = next.journey().context;
            if (context == null) {
                continue;
            }
            if (next.end() == null) {
                stages(next.journey(), context, epoch);
            } else {
                stream(next, next.end(), context, epoch);
            }
        }
    }

    private void stages(Journey journey, TraceContext context, long epoch) {
        Context stream = under(SpanContext.create(
                context.traceId(), context.spanId(), TraceFlags.getSampled(), TraceState.getDefault()));
        for (Stage stage : Stage.values()) {
            long nanos = journey.nanos(stage);
            if (nanos >= 0) {
                long end = journey.endNanos(stage) + epoch;
                tracer.spanBuilder(stage.label())
                        .setParent(stream)
                        .setStartTimestamp(end - nanos, TimeUnit.NANOSECONDS)
                        .startSpan()
                        .end(end, TimeUnit.NANOSECONDS);
            }
        }
    }

    private void stream(Told told, EndCause cause, TraceContext context, long epoch) {
        StreamRecord stream = told.journey().stream;
        SpanBuilder builder = tracer.spanBuilder("stream")
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(told.journey().startNanos() + epoch, TimeUnit.NANOSECONDS)
                .setAttribute("sluice.stream", Long.toHexString(stream.id()))
                .setAttribute("sluice.liberator", stream.ledger().liberator())
                .setAttribute("sluice.kind", stream.kind().label())
                .setAttribute("sluice.end", cause.label())
                .setAttribute("sluice.from_client_bytes", told.fromClientBytes())
                .setAttribute("sluice.to_client_bytes", told.toClientBytes());
        String parent = context.parentId();
        if (parent == null) {
            builder.setNoParent();
        } else {
            builder.setParent(under(SpanContext.createFromRemoteParent(
                    context.traceId(), parent, TraceFlags.getSampled(), TraceState.getDefault())));
        }
        ids.next = context;
        Span span = builder.startSpan();
        ids.next = null;
        if (cause.isFailure()) {
            span.setStatus(StatusCode.ERROR, cause.label());
        }
        span.end(told.nanos() + epoch, TimeUnit.NANOSECONDS);
    }

    private static Context under(SpanContext parent) {
        return Context.root().with(Span.wrap(parent));
    }

    /** Sends what is there, for two seconds at most, and ends. */
    void close() {
        make();
        provider.shutdown().join(2, TimeUnit.SECONDS);
    }

    long sent() {
        return sent.sum();
    }

    long lost() {
        return lost.sum();
    }

    /** Why spans could not be sent the last time; empty when they always could. */
    String lastFailure() {
        return lastFailure;
    }

    /** Gives the span of a stream the number that it was announced with; the others get random ones. */
    private static final class Ids implements IdGenerator {
        private final IdGenerator random = IdGenerator.random();

        /** Set and used by the agent's thread. */
        @Nullable
        TraceContext next;

        @Override
        public String generateSpanId() {
            return next == null ? random.generateSpanId() : next.spanId();
        }

        @Override
        public String generateTraceId() {
            return next == null ? random.generateTraceId() : next.traceId();
        }
    }

    /** Counts what was sent and what was not. */
    private final class Counting implements SpanExporter {
        private final SpanExporter exporter;

        Counting(SpanExporter exporter) {
            this.exporter = exporter;
        }

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            int count = spans.size();
            CompletableResultCode result = exporter.export(spans);
            return result.whenComplete(() -> {
                if (result.isSuccess()) {
                    sent.add(count);
                } else {
                    lost.add(count);
                    Throwable why = result.getFailureThrowable();
                    lastFailure = why == null ? "refused by the collector" : why.toString();
                }
            });
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }
    }
}
