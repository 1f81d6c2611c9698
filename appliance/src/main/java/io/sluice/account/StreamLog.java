package io.sluice.account;

import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines that streams leave in the log: at most one when a stream opens and one when it ends, sharing an
 * id, and one for each refusal.
 *
 * <p>Never writes a payload, a path or a header value: user names and tokens travel in them.
 */
public final class StreamLog {
    /** What is written. */
    public enum Line {
        OPEN,
        END,
        /** An end line for each poll and other short request as well. */
        POLL
    }

    private static final Logger LOG = LoggerFactory.getLogger("sluice.streams");

    private final Set<Line> lines;

    public StreamLog(Set<Line> lines) {
        this.lines = lines.isEmpty() ? EnumSet.noneOf(Line.class) : EnumSet.copyOf(lines);
    }

    void opened(StreamRecord stream) {
        if (lines.contains(Line.OPEN) && stream.kind().isStream()) {
            LOG.info("{}", line("stream.open", stream).append(" connect_us=").append(stream.connectMicros()));
        }
    }

    void ended(StreamRecord stream, EndCause cause) {
        boolean wanted = stream.kind().isStream() ? lines.contains(Line.END) : lines.contains(Line.POLL);
        if (!wanted && !(cause.isFailure() && lines.contains(Line.END))) {
            return;
        }
        StringBuilder line = line("stream.end", stream);
        line.append(" end=").append(cause.label());
        line.append(" phase=").append(stream.phase().label());
        line.append(" connect_us=").append(stream.connectMicros());
        line.append(" open_ms=").append(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stream.openedNanos()));
        line.append(" from_client_bytes=").append(stream.fromClientBytes());
        line.append(" to_client_bytes=").append(stream.toClientBytes());
        LOG.info("{}", line);
    }

    /** A connection or request was refused. {@code host} is what the client asked for, empty when unknown. */
    public void refused(String listener, InetSocketAddress client, String host, Refusal refusal) {
        if (LOG.isInfoEnabled()) {
            LOG.info(
                    "request.refused listener={} client={}:{} host={} reason={} status={} detail=\"{}\"",
                    listener,
                    client.getAddress().getHostAddress(),
                    client.getPort(),
                    host.isEmpty() ? "-" : host,
                    refusal.label(),
                    refusal.status(),
                    refusal.sentence());
        }
    }

    private static StringBuilder line(String event, StreamRecord stream) {
        StringBuilder line = new StringBuilder(240);
        line.append(event).append(" id=").append(Long.toHexString(stream.id()));
        line.append(" kind=").append(stream.kind().label());
        line.append(" listener=").append(stream.origin().listener());
        if (!stream.host().isEmpty()) {
            line.append(" host=").append(stream.host());
        }
        line.append(" liberator=").append(stream.ledger().liberator());
        InetSocketAddress client = stream.origin().client();
        line.append(" client=").append(client.getAddress().getHostAddress());
        return line.append(':').append(client.getPort());
    }
}
