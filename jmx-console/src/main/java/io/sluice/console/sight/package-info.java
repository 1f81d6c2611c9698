/**
 * What the faces that stay open have in common: readings of an appliance one after the other, what follows from two of
 * them, and what may be done to it.
 */
@NullMarked
package io.sluice.console.sight;

import org.jspecify.annotations.NullMarked;
