/**
 * Emptying Liberators: their streams are asked, one after another, to end where their clients see a proper end. Each
 * Liberator has a {@link io.sluice.drain.Drain} of its own; those drained together share a rate.
 *
 * <p>Knows the records of the open streams and the Liberators; how a stream ends is the business of whoever carries it.
 * Nothing here runs on a loop.
 */
@NullMarked
package io.sluice.drain;

import org.jspecify.annotations.NullMarked;
