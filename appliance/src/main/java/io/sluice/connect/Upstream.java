package io.sluice.connect;

import io.sluice.loop.Wire;
import io.sluice.route.Liberator;
import java.net.InetSocketAddress;

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
    private boolean gone;

    /** @param client the connection that it is made for, and for no other */
    Upstream(Wire wire, Liberator liberator, InetSocketAddress dialled, Wire client) {
        this.wire = wire;
        this.client = client;
        this.liberator = liberator;
        this.dialled = dialled;
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
            liberator.ledger().connectionGone();
        }
    }
}
