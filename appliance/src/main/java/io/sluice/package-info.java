/**
 * The appliance put together, and its command line.
 *
 * <p>The life of a stream, with the names used everywhere for it:
 *
 * <ol>
 *   <li><b>accept</b>: {@code loop.Acceptor} takes the connection, {@code listen.Entrance} admits it and puts it on a
 *       loop as a {@code loop.Wire}.
 *   <li><b>tls</b>: {@code loop.TlsHandshake} makes a {@code loop.TlsWire} of it, the key work off the loop.
 *       A client that speaks HTTP/2 goes through an {@code http2.Http2Connection}; each of its streams is a wire from
 *       here on, like the connection of a client that speaks HTTP/1.1.
 *   <li><b>head</b>: {@code relay.RequestReader} collects the request head; {@code relay.RequestHead} reads it, strictly.
 *   <li><b>route</b>: {@code route.RoutingTable} decides: a route, or the reason for refusing.
 *   <li><b>connect</b>: a {@code relay.Exchange} begins; {@code connect.Dial} reaches the route's one Liberator, on the
 *       same loop.
 *   <li><b>upstream-head</b>: the head goes out anew; {@code relay.ResponseReader} collects the answer's, {@code
 *       relay.ResponseHead} reads it.
 *   <li><b>relay</b>: {@code relay.Pump} carries the bytes: those of a {@code relay.Tunnel} both ways for WebSocket and
 *       Direct, those of a {@code relay.ResponseRelay} otherwise, whose {@code relay.BodyFollower} knows where they end.
 *   <li><b>end</b>: both wires close together; {@code account.StreamRegistry} counts the one cause.
 * </ol>
 *
 * <p>This package alone knows every room: {@link io.sluice.Appliance} joins them, {@link io.sluice.Service} is the
 * process.
 */
@NullMarked
package io.sluice;

import org.jspecify.annotations.NullMarked;
