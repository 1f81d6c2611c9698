package io.sluice.relay;

import io.sluice.config.Settings;
import io.sluice.loop.Deadline;
import io.sluice.loop.Wire;
import java.util.concurrent.TimeUnit;

/**
 * A client's connection after its last answer: what waits for the client goes out, and what it still sends is thrown
 * away, so that no reset takes the answer from it before it has read it (RFC 9112 §9.6).
 *
 * <p>It is over when the client has closed its side, or {@link #NANOS} after it has taken everything. A client that
 * stops taking gets as long as any slow client, and then a reset: it must not take what it has for complete.
 *
 * <p><b>Threading:</b> the loop's thread.
 *
 * <p><b>Buffers:</b> none; what the wire keeps is the wire's.
 */
final class Linger extends Deadline implements Wire.Receiver {
    /** So often it looks whether the client has taken its last bytes. */
    static final long NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Arrival client;
    private final Settings settings;

    private Linger(Arrival client, Settings settings) {
        this.client = client;
        this.settings = settings;
    }

    /** Takes {@code client} over: ends its output after what is pending, and closes it when it is time. */
    static void start(Arrival client, Settings settings) {
        Linger linger = new Linger(client, settings);
        Wire wire = client.wire();
        wire.handler(linger);
        wire.endOutput();
        wire.resumeReading();
        wire.loop().arm(linger, NANOS);
    }

    /** Whether bytes wait for the client and it may have more time to take them, as any slow client has. */
    static boolean mayTakeLonger(Wire wire, Settings settings) {
        long stalled = settings.stalledClientTimeout().toNanos();
        return wire.pendingBytes() > 0 && (stalled == 0 || System.nanoTime() - wire.pendingSinceNanos() < stalled);
    }

    @Override
    protected void onDeadline() {
        Wire wire = client.wire();
        if (mayTakeLonger(wire, settings)) {
            wire.loop().arm(this, NANOS);
        } else if (wire.pendingBytes() > 0) {
            client.reset();
        } else {
            client.close();
        }
    }

    @Override
    public void onReadable() {
        Wire wire = client.wire();
        if (wire.read(wire.loop().readBuffer()) < 0) {
            close();
        }
    }

    @Override
    public void onBroken(Throwable cause) {
        close();
    }

    private void close() {
        cancel();
        client.close();
    }
}
