/**
 * Carrying bytes between the two wires of a pair: request heads out, response heads in, then one of three ways.
 *
 * <ul>
 *   <li><b>Splice</b> ({@link io.sluice.relay.Tunnel}): Direct connections and WebSockets after their 101,
 *       bytes both ways.
 *   <li><b>Follow</b> ({@code ResponseRelay}): every HTTP/1.1 response body, endless or short,
 *       goes out byte for byte as it comes in, while a follower keeps track of where it ends.
 *   <li><b>Re-frame</b> ({@code RequestRelay}): request bodies, and chunked responses to HTTP/1.0 clients.
 * </ul>
 *
 * <p>An {@link io.sluice.relay.HttpPair} owns the two connections of an HTTP client and their end, an {@code Exchange}
 * one request on it with its response. A byte comes from the client by {@code RequestReader} and {@code RequestRelay},
 * from the Liberator by {@code ResponseReader} and {@code ResponseRelay}.
 *
 * <p>Nothing here buffers beyond what a socket did not take, compresses, retries or logs a byte of a body.
 * Everything runs on the loop of the pair and never blocks.
 */
@NullMarked
package io.sluice.relay;

import org.jspecify.annotations.NullMarked;
