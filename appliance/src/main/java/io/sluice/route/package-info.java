/**
 * Who serves whom: the routing table, its routes and Liberators, and the decision for one request.
 *
 * <p>A table is immutable; a change builds a new one and publishes it by one volatile write in {@link
 * io.sluice.route.Router}. Nothing here blocks or does I/O.
 */
@NullMarked
package io.sluice.route;

import org.jspecify.annotations.NullMarked;
