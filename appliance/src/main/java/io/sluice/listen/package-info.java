/**
 * Sockets in: listening addresses, admission, and handing each accepted connection to its pair.
 *
 * <p>A {@link io.sluice.listen.Listener} is an address, and whether anybody listens there; its {@code Entrance} is the
 * way of each connection from there to its pair: past {@code Admission}, a proxy's {@code Announcement}, and the TLS
 * handshake of a {@code Greeting} or, where TLS is the Liberator's, {@code PassThrough}.
 *
 * <p>This room dials no Liberator; of one it knows only whether it is down, for listeners that refuse with it.
 */
@NullMarked
package io.sluice.listen;

import org.jspecify.annotations.NullMarked;
