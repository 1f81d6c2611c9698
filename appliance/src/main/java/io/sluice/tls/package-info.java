/**
 * Certificates, keys and authorities: read from files, checked, held in use, replaced in one step.
 *
 * <p>What is in use is only ever replaced by what was read whole and checked; a failure keeps it and says why. This
 * room opens no socket and knows neither listeners nor Liberators: {@code listen} and {@code connect} make their
 * engines of what it holds.
 */
@NullMarked
package io.sluice.tls;

import org.jspecify.annotations.NullMarked;
