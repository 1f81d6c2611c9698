/**
 * Sockets in: listening addresses, admission, and handing each accepted connection to its pair.
 *
 * <p>This room dials no Liberator; of one it knows only whether it is down, for listeners that refuse with it.
 */
@NullMarked
package io.sluice.listen;

import org.jspecify.annotations.NullMarked;
