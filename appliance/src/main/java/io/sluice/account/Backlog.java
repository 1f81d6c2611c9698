package io.sluice.account;

/**
 * Bytes that wait for a socket.
 *
 * <p>Whoever feeds the socket stops reading as soon as bytes wait, so that all of them are about as old as the
 * oldest.
 *
 * @param bytes how many, as the stream counts them: before encryption
 * @param sinceNanos since when bytes have been waiting without a break, as {@link System#nanoTime}
 */
public record Backlog(int bytes, long sinceNanos) {}
