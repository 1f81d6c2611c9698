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
    private boolean gone;

    Upstream(Wire wire, Liberator liberator, InetSocketAddress dialled) {
        this.wire = wire;
        this.liberator = liberator;
        this.dialled = dialled;
    }

    public Wire wire() {
        return wire;
    }

    public Liberator liberator() {
        return liberator;
    }

    /**
     * Whether this is a connection to {@code wanted}: by name and by the address that the socket itself names.
     * Asked once more before the first byte of a stream goes out; a no is a defect of ours.
     */
    public boolean leadsTo(Liberator wanted) {
        return liberator.name().equals(wanted.name()) && wire.remoteAddress().equals(dialled);
    }

    /** Whether a new request for {@code wanted} may go over it: the same Liberator at the same address. */
    public boolean serves(Liberator wanted) {
        return leadsTo(wanted) && dialled.equals(wanted.http()) && wire.isOpen();
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
