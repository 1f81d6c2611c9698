package io.sluice.loop;

/** What became of bytes given to {@link Wire#send}. */
public enum Sent {
    /** The socket has taken everything. */
    ALL,
    /** The wire keeps the rest and sends it as the socket drains; {@link Wire.Handler#onDrained} follows. */
    LATER,
    /** The connection is gone; the bytes are lost. Nothing follows: the caller ends the pair. */
    LOST
}
