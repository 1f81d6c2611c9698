package io.sluice.connect;

import io.sluice.loop.Wire;
import io.sluice.route.Liberator;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A connection to a Liberator that belongs to one client connection alone.
 *
 * <p><b>Threading:</b> the loop's thread.
 */
public final class Upstream {
    private final Wire wire;
    private final Liberator liberator;
    private final InetSocketAddress dialled;
    private final Wire client;
    private byte[] introduction;
    private boolean gone;

    /**
     * @param client the connection that it is made for, and for no other
     * @param introduction what must go out before anything else; empty for nothing
     */
    Upstream(Wire wire, Liberator liberator, InetSocketAddress dialled, Wire client, byte[] introduction) {
        this.wire = wire;
        this.client = client;
        this.liberator = liberator;
        this.dialled = dialled;
        this.introduction = introduction;
    }

    public Wire wire() {
        return wire;
    }

    public Liberator liberator() {
        return liberator;
    }

    /** Whether the socket is connected to the address that was dialled; a no is a defect of ours. */
    public boolean leadsWhereDialled() {
        return wire.remoteAddress().equals(dialled);
    }

    /** Whether it was made for {@code somebody}; a no is a defect of ours. */
    public boolean belongsTo(Wire somebody) {
        return client == somebody;
    }

    /** Bytes that {@link #introduce} will put; 0 once it has. */
    public int introductionBytes() {
        return introduction.length;
    }

    /** Puts what the Liberator must be told before the first bytes of a client; nothing from the second time on. */
    public void introduce(ByteBuffer out) {
        out.put(introduction);
        introduction = Introduction.NONE;
    }

    /** Whether a new request for {@code wanted} may go over it: the same Liberator at the same address. */
    public boolean serves(Liberator wanted) {
        return liberator.name().equals(wanted.name()) && dialled.equals(wanted.http()) && wire.isOpen();
    }

    public void close() {
        leave();
        wire.close();
    }

    /** Closes it with a TCP reset, so that the Liberator cannot take what it has for complete. */
    public void reset() {
        leave();
        wire.reset();
    }

    private void leave() {
        if (!gone) {
            gone = true;
            if (wire.isPeerSilent()) {
                liberator.ledger().fellSilent();
            }
            liberator.ledger().connectionGone();
        }
    }
}
