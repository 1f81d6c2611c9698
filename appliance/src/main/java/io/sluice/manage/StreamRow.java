package io.sluice.manage;

import io.sluice.account.StreamRecord;
import io.sluice.config.HostAndPort;
import java.util.concurrent.TimeUnit;

/** An open stream at one moment, as programs see it. */
public final class StreamRow {
    private final StreamRecord stream;
    private final long nowNanos = System.nanoTime();

    StreamRow(StreamRecord stream) {
        this.stream = stream;
    }

    /** As in the log. */
    public String getId() {
        return Long.toHexString(stream.id());
    }

    public String getKind() {
        return stream.kind().label();
    }

    public String getPhase() {
        return stream.phase().label();
    }

    public String getListener() {
        return stream.listener();
    }

    /** The host asked for; empty where there is none. */
    public String getHost() {
        return stream.host();
    }

    public String getLiberator() {
        return stream.ledger().liberator();
    }

    public String getClient() {
        return new HostAndPort(address(), stream.client().getPort()).toString();
    }

    /** The client's address without its port. */
    String address() {
        return stream.client().getAddress().getHostAddress();
    }

    public long getOpenMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nowNanos - stream.openedNanos());
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
}
