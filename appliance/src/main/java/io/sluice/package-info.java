/** Sluice. */
@NullMarked
package io.sluice;

import org.jspecify.annotations.NullMarked;
