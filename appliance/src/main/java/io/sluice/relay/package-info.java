/**
 * Carrying bytes between the two wires of a pair: request heads out, response heads in, then one of three ways.
 *
 * <ul>
 *   <li><b>Splice</b> ({@link io.sluice.relay.Tunnel}): Direct connections and WebSockets after their 101,
 *       bytes both ways.
 *   <li><b>Follow</b> ({@link io.sluice.relay.HttpPair}): every HTTP/1.1 response body, endless or short,
 *       goes out byte for byte as it comes in, while a follower keeps track of where it ends.
 *   <li><b>Re-frame</b>: request bodies, and chunked responses to HTTP/1.0 clients.
 * </ul>
 *
 * <p>Nothing here buffers beyond what a socket did not take, compresses, retries or logs a byte of a body.
 * Everything runs on the loop of the pair and never blocks.
 */
@NullMarked
package io.sluice.relay;

import org.jspecify.annotations.NullMarked;
