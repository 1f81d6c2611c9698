/** Tables as an operator wants them: for eyes, as JSON, as CSV. */
@NullMarked
package io.sluice.console.show;

import org.jspecify.annotations.NullMarked;
