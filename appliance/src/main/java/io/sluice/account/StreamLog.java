package io.sluice.account;

import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines that streams leave in the log: at most one when a stream opens and one when it ends, sharing an
 * id, and one for each refusal. The same goes to flight recordings and to whoever listens, whatever the log is to have.
 *
 * <p>Never writes a payload, a path or a header value: user names and tokens travel in them.
 *
 * <p><b>Threading:</b> any thread, the loops among them.
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
    private volatile @Nullable StreamListener listener;

    public StreamLog(Set<Line> lines) {
        this.lines = lines.isEmpty() ? EnumSet.noneOf(Line.class) : EnumSet.copyOf(lines);
    }

    /** Who wants to know as well; null: nobody, which is what costs nothing. */
    public void listener(@Nullable StreamListener wanted) {
        listener = wanted;
    }

    void opened(StreamRecord stream) {
        StreamEvent.Open.commit(stream);
        StreamListener listening = listener;
        if (listening != null) {
            listening.opened(stream);
        }
        if (lines.contains(Line.OPEN) && stream.kind().isStream()) {
            LOG.info("{}", line("stream.open", stream).append(" connect_us=").append(stream.connectMicros()));
        }
    }

    void ended(StreamRecord stream, EndCause cause) {
        StreamEvent.End.commit(stream, cause);
        StreamListener listening = listener;
        if (listening != null) {
            listening.ended(stream, cause);
        }
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
    public void refused(String listenerName, InetSocketAddress client, String host, Refusal refusal) {
        RefusedEvent.commit(listenerName, client, host, refusal);
        StreamListener listening = listener;
        if (listening != null) {
            listening.refused(listenerName, client, host, refusal);
        }
        if (LOG.isInfoEnabled()) {
            LOG.info(
                    "request.refused listener={} client={} host={} reason={} status={} detail=\"{}\"",
                    listenerName,
                    address(client),
                    host.isEmpty() ? "-" : host,
                    refusal.label(),
                    refusal.status(),
                    refusal.sentence());
        }
    }

    /** A stream became slow or stalled, or is neither any more, which is worth no word. */
    void flows(StreamRecord stream, Flow flow, long nowNanos) {
        if (flow == Flow.SLOW) {
            StreamEvent.Behind.commit(stream, nowNanos);
        } else if (flow == Flow.STALLED) {
            StreamEvent.Stall.commit(stream, nowNanos);
        }
        StreamListener listening = listener;
        if (listening != null && flow != Flow.FLOWING) {
            listening.flows(stream, flow);
        }
    }

    /** Address and port, as in the log and in JMX; one of IPv6 in brackets (RFC 3986, section 3.2.2). */
    public static String address(InetSocketAddress socket) {
        String host = socket.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + socket.getPort();
    }

    /** Which stream it is, as its lines in the log begin. */
    public static String identity(StreamRecord stream) {
        return identity(new StringBuilder(240), stream).toString();
    }

    private static StringBuilder line(String event, StreamRecord stream) {
        return identity(new StringBuilder(240).append(event).append(' '), stream);
    }

    private static StringBuilder identity(StringBuilder line, StreamRecord stream) {
        line.append("id=").append(Long.toHexString(stream.id()));
        line.append(" kind=").append(stream.kind().label());
        line.append(" listener=").append(stream.origin().listener());
        if (!stream.host().isEmpty()) {
            line.append(" host=").append(stream.host());
        }
        line.append(" liberator=").append(stream.ledger().liberator());
        return line.append(" client=").append(address(stream.origin().client()));
    }
}
