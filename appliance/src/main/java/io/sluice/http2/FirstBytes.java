package io.sluice.http2;

import io.sluice.account.Refusal;
import io.sluice.config.Settings;
import io.sluice.loop.Deadline;
import io.sluice.loop.Wire;
import io.sluice.relay.Arrival;
import java.nio.ByteBuffer;

/**
 * The first bytes of a plain connection that may speak either version: up to the first that is not HTTP/2's preface, or
 * all of it.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
final class FirstBytes extends Deadline implements Wire.Receiver {
    private final Arrival client;
    private final Http2 versions;
    private final Settings settings;
    private int matched;

    FirstBytes(Arrival client, Http2 versions, Settings settings) {
        this.client = client;
        this.versions = versions;
        this.settings = settings;
    }

    /** @param early the very first of them, read already */
    void await(ByteBuffer early) {
        client.wire().handler(this);
        long limit = settings.requestHeadTimeout().toNanos();
        if (limit > 0) {
            client.wire().loop().arm(this, limit);
        }
        client.wire().resumeReading();
        received(early.slice());
    }

    @Override
    public void onReadable() {
        ByteBuffer bytes = client.wire().loop().readBuffer();
        int before = matched;
        bytes.put(Http2Connection.PREFACE, 0, before);
        int read = client.wire().read(bytes);
        if (read < 0) {
            leave();
            return;
        }
        received(bytes.flip());
    }

    /** @param bytes all so far */
    private void received(ByteBuffer bytes) {
        while (matched < bytes.limit() && matched < Http2Connection.PREFACE.length) {
            if (bytes.get(matched) != Http2Connection.PREFACE[matched]) {
                cancel();
                versions.serveHttp1(client, settings, bytes);
                return;
            }
            matched++;
        }
        if (matched == Http2Connection.PREFACE.length) {
            cancel();
            versions.serveHttp2(client, settings, bytes);
        }
    }

    @Override
    public void onBroken(Throwable cause) {
        leave();
    }

    @Override
    protected void onDeadline() {
        if (matched > 0) {
            versions.refused(client, Refusal.HEAD_TIMEOUT);
        }
        leave();
    }

    private void leave() {
        cancel();
        client.close();
    }
}
