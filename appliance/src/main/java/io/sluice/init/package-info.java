/**
 * What {@code sluice init} writes: configurations of layout A and B from a list of Liberators.
 *
 * <p>{@link io.sluice.init.Draft} is what was asked for, by options or by {@link io.sluice.init.Questions}; it gives
 * the text of each file. Whoever writes the files checks them first, as {@code sluice check} does: what is wrong with
 * an address or a name is said by {@code config} alone.
 *
 * <p>This room touches no socket and no file, and no room depends on it.
 */
@NullMarked
package io.sluice.init;

import org.jspecify.annotations.NullMarked;
