/**
 * Tables of what was read: what stands in which column, how it is sorted, what catches the eye. The screen and the
 * JConsole tab show the same ones, each in its own way.
 */
@NullMarked
package io.sluice.console.sheet;

import org.jspecify.annotations.NullMarked;
