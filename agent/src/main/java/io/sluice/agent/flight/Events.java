package io.sluice.agent.flight;

import io.sluice.account.StreamRecord;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Makes and ends the events; the only user of their classes. */
final class Events {
    private Events() {}

    static @Nullable Object transitBegins() {
        TransitEvent event = new TransitEvent();
        if (!event.isEnabled()) {
            return null;
        }
        event.begin();
        return event;
    }

    static void transitEnds(Object begun, StreamRecord stream, boolean toClient, int bytes) {
        TransitEvent event = (TransitEvent) begun;
        event.end();
        if (event.shouldCommit()) {
            event.stream = Long.toHexString(stream.id());
            event.liberator = stream.ledger().liberator();
            event.kind = stream.kind().label();
            event.toClient = toClient;
            event.bytes = bytes;
            event.commit();
        }
    }

    static @Nullable Object waitBegins() {
        WaitEvent event = new WaitEvent();
        if (!event.isEnabled()) {
            return null;
        }
        event.begin();
        return event;
    }

    static void waitEnds(Object begun, StreamRecord stream, boolean forClient, int pendingBytes) {
        WaitEvent event = (WaitEvent) begun;
        event.end();
        if (event.shouldCommit()) {
            event.stream = Long.toHexString(stream.id());
            event.liberator = stream.ledger().liberator();
            event.kind = stream.kind().label();
            event.forClient = forClient;
            event.bytes = pendingBytes;
            event.commit();
        }
    }

    static @Nullable Object streamBegins() {
        StreamEvent event = new StreamEvent();
        if (!event.isEnabled()) {
            return null;
        }
        event.begin();
        return event;
    }

    static void streamEnds(Object begun, StreamRecord stream, ToLongFunction<String> nanos) {
        StreamEvent event = (StreamEvent) begun;
        event.end();
        if (event.shouldCommit()) {
            event.stream = Long.toHexString(stream.id());
            event.liberator = stream.ledger().liberator();
            event.kind = stream.kind().label();
            event.accept = nanos.applyAsLong("ACCEPT");
            event.tls = nanos.applyAsLong("TLS");
            event.head = nanos.applyAsLong("HEAD");
            event.route = nanos.applyAsLong("ROUTE");
            event.connect = nanos.applyAsLong("CONNECT");
            event.upstreamHead = nanos.applyAsLong("UPSTREAM_HEAD");
            event.firstByte = nanos.applyAsLong("FIRST_BYTE");
            event.commit();
        }
    }
}
