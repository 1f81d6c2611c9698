/** The commands, one class each. */
@NullMarked
package io.sluice.console.verb;

import org.jspecify.annotations.NullMarked;
