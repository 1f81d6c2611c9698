package io.sluice.manage;

import io.sluice.account.Backlog;
import io.sluice.account.Flow;
import io.sluice.account.StreamLog;
import io.sluice.account.StreamRecord;
import java.net.InetAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An open stream at one moment, as programs see it. What changes with each message is at most a moment old. */
public final class StreamRow {
    private final StreamRecord stream;
    private final long nowNanos;
    private final @Nullable Backlog clientBacklog;
    private final @Nullable Backlog liberatorBacklog;

    StreamRow(StreamRecord stream, long nowNanos) {
        this.stream = stream;
        this.nowNanos = nowNanos;
        this.clientBacklog = stream.clientBacklog();
        this.liberatorBacklog = stream.liberatorBacklog();
    }

    StreamRecord stream() {
        return stream;
    }

    /** As in the log. */
    public String getId() {
        return Long.toHexString(stream.id());
    }

    public String getKind() {
        return stream.kind().label();
    }

    /** {@code http/1.1}, {@code direct}; with {@code +tls} where the client came over TLS. */
    public String getProtocol() {
        return stream.origin().protocol() + (stream.origin().isSecure() ? "+tls" : "");
    }

    public String getPhase() {
        return stream.phase().label();
    }

    /** {@code flowing}, {@code slow} or {@code stalled}, as its route sees it. */
    public String getFlow() {
        return Flow.of(stream, nowNanos).label();
    }

    public String getListener() {
        return stream.origin().listener();
    }

    /** The host asked for; empty where there is none. */
    public String getHost() {
        return stream.host();
    }

    /** The TLS server name; empty where there was none. */
    public String getServerName() {
        return Objects.requireNonNullElse(stream.origin().serverName(), "");
    }

    /** The host of its route as configured. */
    public String getRoute() {
        return stream.terms().route();
    }

    /** The version of the routing table it was opened under. */
    public long getTableVersion() {
        return stream.terms().tableVersion();
    }

    public String getLiberator() {
        return stream.ledger().liberator();
    }

    public String getClient() {
        return StreamLog.address(stream.origin().client());
    }

    /** The client's address without its port. */
    InetAddress clientAddress() {
        return stream.origin().client().getAddress();
    }

    public long getOpenMillis() {
        return millisSince(stream.openedNanos());
    }

    /** 0 on a connection that was there already, -1 before it is connected. */
    public int getConnectMicros() {
        return stream.connectMicros();
    }

    public long getFromClientBytes() {
        return stream.fromClientBytes();
    }

    public long getToLiberatorBytes() {
        return stream.toLiberatorBytes();
    }

    public long getFromLiberatorBytes() {
        return stream.fromLiberatorBytes();
    }

    public long getToClientBytes() {
        return stream.toClientBytes();
    }

    /** Messages from the client, where the framing shows them (WebSocket); -1 where it does not. */
    public int getFromClientMessages() {
        return stream.fromClientMessages();
    }

    /** Messages to the client, where the framing shows them: of a WebSocket, chunks of a response; -1 elsewhere. */
    public int getToClientMessages() {
        return stream.toClientMessages();
    }

    /** Since the last byte from the client, or since the opening. */
    public long getFromClientQuietMillis() {
        return millisSince(stream.fromClientNanos());
    }

    /** Since the last byte from the Liberator, or since the opening. */
    public long getFromLiberatorQuietMillis() {
        return millisSince(stream.fromLiberatorNanos());
    }

    /** How long it has been silent both ways. */
    long quietMillis() {
        return Math.min(getFromClientQuietMillis(), getFromLiberatorQuietMillis());
    }

    /** Bytes that wait for the client's socket; what the kernel holds is not among them. */
    public int getClientBehindBytes() {
        return clientBacklog == null ? 0 : clientBacklog.bytes();
    }

    /** Age of the oldest byte that waits for the client's socket; 0 when none does. */
    public long getClientBehindMillis() {
        return clientBacklog == null ? 0 : millisSince(clientBacklog.sinceNanos());
    }

    /** Bytes that wait for the Liberator's socket. */
    public int getLiberatorBehindBytes() {
        return liberatorBacklog == null ? 0 : liberatorBacklog.bytes();
    }

    /** Age of the oldest byte that waits for the Liberator's socket; 0 when none does. */
    public long getLiberatorBehindMillis() {
        return liberatorBacklog == null ? 0 : millisSince(liberatorBacklog.sinceNanos());
    }

    private long millisSince(long nanos) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nowNanos - nanos));
    }
}
