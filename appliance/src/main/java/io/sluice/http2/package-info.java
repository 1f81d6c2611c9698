/**
 * HTTP/2 towards clients (RFC 9113): one client connection becomes many {@link io.sluice.loop.Wire}s that each speak
 * HTTP/1.1, so that everything behind them – the rules for requests, routing, relaying, accounting, deadlines – has one
 * home and knows nothing of HTTP/2.
 *
 * <p>{@link io.sluice.http2.Http2} tells the version, {@code Http2Connection} owns the client's connection, its turns and
 * its end, {@code Streams} knows which streams are on it; a {@code StreamWire} is one stream at a time as the wire of one
 * {@link io.sluice.relay.HttpPair}. Frames come in through {@code FrameReader} and {@code FrameRules} (what a client may
 * send when), go out through {@code Output} (one write for all frames of a turn, flow control, streams that wait their
 * turn); {@code Timeouts} says how long a client may take.
 *
 * <p>An upstream connection belongs to one pair and so to one client connection; it carries one stream at a time and,
 * when that was relayed whole, may carry the next of the same client for the same host, as with HTTP/1.1's keep-alive.
 *
 * <p>Nothing here may know a Liberator, decide where a request goes, or hold more of a stream than its windows allow.
 */
@NullMarked
package io.sluice.http2;

import org.jspecify.annotations.NullMarked;
