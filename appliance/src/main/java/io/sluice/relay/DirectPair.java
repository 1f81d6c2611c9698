package io.sluice.relay;

import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import io.sluice.account.Phase;
import io.sluice.account.Refusal;
import io.sluice.account.StreamRecord;
import io.sluice.account.StreamRegistry;
import io.sluice.connect.ConnectFailure;
import io.sluice.connect.Dial;
import io.sluice.connect.Upstream;
import io.sluice.loop.Wire;
import io.sluice.route.Route;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A Direct connection, or one whose TLS is passed through, until its Liberator is connected; a {@link Tunnel} takes
 * over then.
 *
 * <p>The client is not read before: its bytes wait in its own socket. Only while it waits for its turn at a busy
 * Liberator is it read, up to a limit, so that its place is free at once when it leaves. A client whose Liberator
 * cannot be reached is reset at once, as the Liberator's own address would do.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
public final class DirectPair implements Dial.Outcome, StreamRecord.Ending {
    private static final int MAX_EARLY_BYTES = 32 * 1024;

    private final Arrival client;
    private final Route route;
    private final StreamRegistry registry;
    private final StreamRecord stream;
    private @Nullable Dial dial;
    private final Held early = new Held();
    private boolean over;

    private DirectPair(Arrival client, Route route, Kind kind, StreamRegistry registry) {
        this.client = client;
        this.route = route;
        this.registry = registry;
        this.stream = registry.open(
                route.liberator().ledger(),
                kind,
                client,
                route.terms(),
                client.serverName() == null ? "" : client.serverName());
    }

    /**
     * Dials the Direct port of the Liberator of {@code route} for {@code client}.
     *
     * @param early what the client has sent so far, read already; lent until this returns
     */
    public static void open(Arrival client, Route route, StreamRegistry registry, ByteBuffer early) {
        new DirectPair(client, route, Kind.DIRECT, registry).dial(Dial.Port.DIRECT, early);
    }

    /** The same for a client whose TLS is the Liberator's own. */
    public static void passThrough(Arrival client, Route route, StreamRegistry registry, ByteBuffer early) {
        new DirectPair(client, route, Kind.TLS, registry).dial(Dial.Port.PASS_THROUGH, early);
    }

    private void dial(Dial.Port port, ByteBuffer first) {
        early.set(first);
        client.wire().handler(new Waiting(this));
        stream.phase(Phase.CONNECT);
        stream.carriedBy(this);
        Dial started = Dial.start(client.wire(), route, port, false, this);
        if (!over) {
            dial = started;
            if (started != null && started.isWaiting()) {
                client.wire().resumeReading();
            }
        }
    }

    @Override
    public void endFor(StreamRecord asked, EndCause cause) {
        client.wire().loop().execute(() -> {
            if (!over) {
                giveUp();
                client.reset();
                registry.end(stream, cause);
            } else {
                asked.askToEnd(cause); // a tunnel carries it now, or it has ended
            }
        });
    }

    @Override
    public void endPolitely(StreamRecord asked, EndCause cause) {
        client.wire().loop().execute(() -> {
            if (over) {
                asked.askToEndPolitely(cause);
            } else {
                endFor(asked, cause);
            }
        });
    }

    @Override
    public int fromClientMessages() {
        return Follower.UNSEEN;
    }

    @Override
    public int toClientMessages() {
        return Follower.UNSEEN;
    }

    private void giveUp() {
        over = true;
        if (dial != null) {
            dial.cancel();
            dial = null;
        }
    }

    @Override
    public void onConnected(Upstream upstream, long nanos) {
        over = true;
        dial = null;
        stream.connected(nanos);
        if (!StickinessCheck.mayDeliver(registry.stickiness(), stream, client.wire(), upstream, route, null)) {
            upstream.reset();
            refuse(Refusal.STICKINESS, EndCause.APPLIANCE);
        } else {
            new Tunnel(client, upstream, stream, route, registry).start(early.take());
        }
    }

    @Override
    public void onFailed(ConnectFailure failure) {
        over = true;
        dial = null;
        refuse(failure.refusal(), failure.endCause());
    }

    private void refuse(Refusal refusal, EndCause cause) {
        client.refused(refusal, stream.host(), registry.log());
        client.reset();
        registry.end(stream, cause);
    }

    private void readEarly() {
        Wire wire = client.wire();
        ByteBuffer buffer = wire.loop().readBuffer();
        int read = wire.read(buffer);
        if (read < 0) {
            giveUp();
            client.close();
            registry.end(stream, read == Wire.END ? EndCause.CLIENT_CLOSED : EndCause.CLIENT_LOST);
        } else if (read > 0) {
            early.add(buffer.flip());
            if (early.length() >= MAX_EARLY_BYTES) {
                wire.pauseReading();
            }
        }
    }

    /** The client's wire before there is a tunnel; it is read only while the pair waits for its turn. */
    private record Waiting(DirectPair pair) implements Wire.Receiver {
        @Override
        public void onReadable() {
            pair.readEarly();
        }

        @Override
        public void onBroken(Throwable cause) {
            pair.giveUp();
            pair.client.close();
            pair.registry.end(pair.stream, EndCause.CLIENT_LOST);
        }
    }
}
