/**
 * Sockets in: listening addresses, admission, and handing each accepted connection to its pair.
 *
 * <p>This room knows routes, but no Liberator.
 */
@NullMarked
package io.sluice.listen;

import org.jspecify.annotations.NullMarked;
