/**
 * The event loops: one thread per loop, sockets as {@link io.sluice.loop.Wire}s, deadlines.
 *
 * <p>Every socket of the appliance, accepted or connected, belongs to exactly one {@link
 * io.sluice.loop.EdgeLoop}; a pair's two sockets belong to the same one. All code that touches a wire
 * runs on its loop's thread, so nothing here takes a lock.
 *
 * <p>This room knows neither HTTP nor Liberators, and depends on no other room.
 */
@NullMarked
package io.sluice.loop;

import org.jspecify.annotations.NullMarked;
