/**
 * What the faces that stay open show: readings of an appliance one after the other, and what follows from two of them.
 */
@NullMarked
package io.sluice.console.sight;

import org.jspecify.annotations.NullMarked;
